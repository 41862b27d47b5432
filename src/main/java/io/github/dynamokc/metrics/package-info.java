/**
 * What the connector counts and knows of itself: {@link io.github.dynamokc.metrics.Counter} and
 * {@link io.github.dynamokc.metrics.Gauge} say what there is, an {@link
 * io.github.dynamokc.metrics.MetricsSink} where it can be seen.
 */
@NullMarked
package io.github.dynamokc.metrics;

import org.jspecify.annotations.NullMarked;
