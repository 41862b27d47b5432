package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedHistoryTest {
  private static final String KEY = "{\"pk\":{\"S\":\"a\"}}";
  private static final Instant START = Instant.parse("2026-01-10T00:00:00Z");

  private final ManualClock clock = new ManualClock(START);
  private final ScriptedStreams streams = new ScriptedStreams(clock);

  @Test
  void itHasWhatStreamsForgetAndWhatNoneHas() throws Exception {
    streams.retain(Duration.ofHours(24));
    WriteHistory history = streams.recordHistory();
    ScriptedStream stream = streams.create("tab", "2026-01-10T00:00:00.000", "pk");
    stream.append(stream.addShard(), ScriptedChange.insert(KEY, "{\"n\":{\"N\":\"1E+2\"}}"));
    stream.disable();
    clock.advance(Duration.ofHours(30));
    streams.writeUnseen("tab", ScriptedChange.modify(KEY, "{\"old\":1}", "{\"new\":1}"));
    ScriptedStream next = streams.create("tab", "2026-01-11T06:00:00.000", "pk");
    clock.advance(Duration.ofHours(1));
    next.append(next.addShard(), ScriptedChange.remove(KEY, "{\"new\":1}").at(5));
    streams.writeUnseen("another", ScriptedChange.remove(KEY, null));

    assertThat(streams.listStreams("tab")).containsExactly(next);
    assertThat(history.writes("tab", AwsJson.object()))
        .containsExactly(
            new ItemWrite(micros(0), KEY, "{\"n\":{\"N\":\"1E+2\"}}", null),
            new ItemWrite(micros(30), KEY, "{\"new\":1}", "{\"old\":1}"),
            new ItemWrite(micros(31), KEY, null, "{\"new\":1}"));
  }

  @Test
  void itHasAnOrderWithinAMillisecond() throws Exception {
    WriteHistory history = streams.recordHistory();
    streams.writeUnseen("tab", ScriptedChange.insert(KEY, "{}"));
    streams.writeUnseen("tab", ScriptedChange.remove(KEY, "{}"));

    assertThat(history.writes("tab", AwsJson.object()))
        .extracting(ItemWrite::micros)
        .containsExactly(micros(0), micros(0) + 1);
  }

  @Test
  void nobodyPaysForAHistoryThatNobodyWants() throws Exception {
    streams.writeUnseen("tab", ScriptedChange.insert(KEY, "{}"));

    assertThat(streams.recordHistory().writes("tab", AwsJson.object())).isEqualTo(List.of());
  }

  private static long micros(int hours) {
    return START.plus(Duration.ofHours(hours)).toEpochMilli() * 1000;
  }
}
