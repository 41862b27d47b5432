/** Threads with the plugin's class loader, back-off, and the deadline of retries. */
@NullMarked
package io.github.dynamokc.concurrent;

import org.jspecify.annotations.NullMarked;
