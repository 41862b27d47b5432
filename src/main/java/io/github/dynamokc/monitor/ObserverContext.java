package io.github.dynamokc.monitor;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.metrics.TableMetrics;
import io.github.dynamokc.offset.OffsetReader;
import io.github.dynamokc.plan.ObservedTable;
import io.github.dynamokc.stream.RateLimiter;
import io.github.dynamokc.stream.StreamApi;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * How the observers of one table look at it.
 *
 * @param stream asks for the shards of the table's streams
 * @param describes limits how often shards are asked for, of all tables together
 * @param offsets what Connect has committed
 * @param metrics of the table as a whole
 * @param tasksMax the most tasks that the connector may have
 * @param meanwhile hears what is known so far when an observation takes long
 */
public record ObserverContext(
    AwsClients aws,
    StreamApi stream,
    RateLimiter describes,
    RetryingCalls calls,
    OffsetReader offsets,
    TableMetrics metrics,
    InstantSource clock,
    int tasksMax,
    Consumer<ObservedTable> meanwhile) {}
