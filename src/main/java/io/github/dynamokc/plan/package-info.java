/** Which task does what, as a pure function of committed offsets and observed AWS state. */
@NullMarked
package io.github.dynamokc.plan;

import org.jspecify.annotations.NullMarked;
