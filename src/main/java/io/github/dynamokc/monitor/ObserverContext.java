package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.stream.StreamApi;
import java.time.InstantSource;

/**
 * How the observers of one table look at it.
 *
 * @param stream asks for the shards of the table's streams
 * @param offsets what Connect has committed
 * @param metrics of the table as a whole
 */
public record ObserverContext(
    AwsClients aws,
    StreamApi stream,
    RetryingCalls calls,
    OffsetReader offsets,
    TableMetrics metrics,
    InstantSource clock) {}
