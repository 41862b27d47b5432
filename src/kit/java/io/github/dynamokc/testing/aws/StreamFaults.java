package io.github.dynamokc.testing.aws;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The faults that wait for calls, and the count of calls; failed ones count too. */
final class StreamFaults {
  private final List<Planned> planned = new ArrayList<>();
  private final Map<StreamOperation, StreamFault> lasting = new EnumMap<>(StreamOperation.class);
  private final List<Lasting> timed = new ArrayList<>();
  private final Map<StreamOperation, Integer> calls = new EnumMap<>(StreamOperation.class);
  private final Clock clock;
  private Consumer<StreamCall> listener = call -> {};

  /**
   * @param clock ends the faults that last for a time
   */
  StreamFaults(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param untilMs epoch ms
   */
  private record Lasting(Planned fault, long untilMs) {}

  /**
   * @param shardId empty for calls of any shard
   */
  private record Planned(StreamOperation operation, String shardId, StreamFault fault) {
    boolean matches(StreamCall call) {
      return operation == call.operation() && (shardId.isEmpty() || shardId.equals(call.shardId()));
    }
  }

  synchronized void plan(StreamOperation operation, String shardId, StreamFault fault) {
    planned.add(new Planned(operation, shardId, fault));
  }

  synchronized void last(StreamOperation operation, StreamFault fault) {
    lasting.put(operation, fault);
  }

  synchronized void last(
      StreamOperation operation, String shardId, Duration time, StreamFault fault) {
    timed.add(
        new Lasting(new Planned(operation, shardId, fault), clock.millis() + time.toMillis()));
  }

  synchronized void clear() {
    planned.clear();
    timed.clear();
    lasting.clear();
  }

  synchronized void listener(Consumer<StreamCall> consumer) {
    listener = consumer;
  }

  synchronized int calls(StreamOperation operation) {
    return calls.getOrDefault(operation, 0);
  }

  /** Counts the call, tells the listener, which may block, and fails if that is planned. */
  void called(StreamCall call) {
    Consumer<StreamCall> told;
    StreamFault fault;
    synchronized (this) {
      calls.merge(call.operation(), 1, Integer::sum);
      told = listener;
      fault = next(call);
    }
    told.accept(call);
    fault.happen();
  }

  private StreamFault next(StreamCall call) {
    for (Iterator<Planned> iterator = planned.iterator(); iterator.hasNext(); ) {
      Planned next = iterator.next();
      if (next.matches(call)) {
        iterator.remove();
        return next.fault();
      }
    }
    timed.removeIf(fault -> fault.untilMs() <= clock.millis());
    for (Lasting fault : timed) {
      if (fault.fault().matches(call)) {
        return fault.fault().fault();
      }
    }
    return lasting.getOrDefault(call.operation(), StreamFault.none());
  }
}
