package io.github.dynamokc.testing;

import io.github.dynamokc.testing.aws.EmbeddedAws;
import io.github.dynamokc.testing.aws.KeyAttribute;
import io.github.dynamokc.testing.aws.ScriptedChange;
import io.github.dynamokc.testing.aws.ScriptedStream;
import io.github.dynamokc.testing.aws.ScriptedStreams;
import io.github.dynamokc.testing.aws.ScriptedStreamsProtocol;
import io.github.dynamokc.testing.aws.StreamOperation;
import io.github.dynamokc.testing.aws.StreamView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A real table whose stream and export are texts of the test: what DynamoDB Local would normalise,
 * or never do, reaches the connector as written. {@code front().clearHooks()} ends it. Incremental
 * exports are made from what is appended to the streams of the table's name, forgotten or not, and
 * from {@link ScriptedStreams#writeUnseen}.
 *
 * @param aws has the table
 * @param streams for faults, and for further streams of the table
 * @param shard the stream's first shard
 */
public record ScriptedTable(
    EmbeddedAws aws,
    String name,
    String arn,
    ScriptedStreams streams,
    ScriptedStream stream,
    String shard) {
  private static final Duration RETENTION = Duration.ofHours(24);

  /** A table with a stream of both images and one open shard. */
  public static ScriptedTable create(String name, KeyAttribute... keys) {
    return create(name, Clock.systemUTC(), keys);
  }

  /**
   * The same, with a stream of a time of its own. A connector is to see it at the front of a {@link
   * io.github.dynamokc.testing.aws.DatedFront} of the same clock.
   */
  public static ScriptedTable create(String name, Clock clock, KeyAttribute... keys) {
    return create(EndToEnd.aws(), name, clock, keys);
  }

  /**
   * The same in an AWS of the test's own, whose time its stream, its exports and the dates of all
   * answers share: the stream forgets what is older than a day of {@link EmbeddedAws#time()}.
   */
  public static ScriptedTable create(EmbeddedAws aws, String name, KeyAttribute... keys) {
    ScriptedTable table = create(aws, name, aws.time(), keys);
    table.streams().retain(RETENTION);
    return table;
  }

  private static ScriptedTable create(
      EmbeddedAws aws, String name, Clock clock, KeyAttribute... keys) {
    TableDescription table = aws.tables().create(name, keys);
    ScriptedStreams streams = new ScriptedStreams(clock);
    ScriptedStream stream =
        streams.create(
            table.latestStreamArn(),
            StreamView.NEW_AND_OLD_IMAGES,
            Arrays.stream(keys).map(KeyAttribute::name).toArray(String[]::new));
    aws.front().onRequest(new ScriptedStreamsProtocol(streams));
    aws.front().scriptHistory(table.tableArn(), streams);
    return new ScriptedTable(aws, name, table.tableArn(), streams, stream, stream.addShard());
  }

  /** Gives the next export one data file of these items, DynamoDB JSON objects. */
  public void export(Instant time, String... items) {
    List<String> lines = Arrays.stream(items).map("{\"Item\":%s}"::formatted).toList();
    aws.front().putSyntheticExport(arn, time, List.of(lines));
  }

  /** Appends to the first shard and gives the sequence number. */
  public String append(ScriptedChange change) {
    return stream.append(shard, change);
  }

  /** Makes a change that no stream has, as while none is enabled. */
  public void writeUnseen(ScriptedChange change) {
    streams.writeUnseen(name, change);
  }

  /** Waits until nobody has read from the stream for two seconds. */
  public void awaitNoMoreReads(Duration patience) {
    AtomicInteger before = new AtomicInteger(-1);
    Eventually.within(patience, "the end of reads of " + name)
        .every(Duration.ofSeconds(2))
        .until(
            () -> {
              int now = streams.calls(StreamOperation.GET_RECORDS);
              return before.getAndSet(now) == now;
            },
            ended -> ended);
  }
}
