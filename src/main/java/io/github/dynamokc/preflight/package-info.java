/**
 * Asks AWS whether a good configuration would also work: before a connector is made, not while it
 * runs.
 *
 * <p>The entry point is {@link io.github.dynamokc.preflight.Preflight}.
 */
@NullMarked
package io.github.dynamokc.preflight;

import org.jspecify.annotations.NullMarked;
