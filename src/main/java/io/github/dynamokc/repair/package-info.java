/**
 * How a gap in a stream is repaired: which windows of incremental exports tell what is missing, and
 * what none of them can tell. Pure functions of times.
 */
@NullMarked
package io.github.dynamokc.repair;

import org.jspecify.annotations.NullMarked;
