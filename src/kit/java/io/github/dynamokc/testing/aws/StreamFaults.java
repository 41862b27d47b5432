package io.github.dynamokc.testing.aws;

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
  private final Map<StreamOperation, Integer> calls = new EnumMap<>(StreamOperation.class);
  private Consumer<StreamCall> listener = call -> {};

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

  synchronized void clear() {
    planned.clear();
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
    return lasting.getOrDefault(call.operation(), StreamFault.none());
  }
}
