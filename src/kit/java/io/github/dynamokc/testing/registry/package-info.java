/**
 * A schema registry on loopback, the converter that writes to it, and a reader of what was written
 * that shares no code with the converter.
 */
@NullMarked
package io.github.dynamokc.testing.registry;

import org.jspecify.annotations.NullMarked;
