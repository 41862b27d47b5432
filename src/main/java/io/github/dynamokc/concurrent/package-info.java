/**
 * Threads with the plugin's class loader and log context, back-off, and the deadline of retries.
 */
@NullMarked
package io.github.dynamokc.concurrent;

import org.jspecify.annotations.NullMarked;
