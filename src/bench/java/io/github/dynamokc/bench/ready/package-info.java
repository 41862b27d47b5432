/**
 * A connector of the bench's own, for the worker's plugin path. It uses Connect and the JDK only.
 */
@NullMarked
package io.github.dynamokc.bench.ready;

import org.jspecify.annotations.NullMarked;
