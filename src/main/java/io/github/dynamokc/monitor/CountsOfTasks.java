package io.github.dynamokc.monitor;

import io.github.dynamokc.metrics.Counter;
import io.github.dynamokc.offset.CountsOffset;
import io.github.dynamokc.offset.MalformedOffsetException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows in the connector's metrics what all its tasks have counted of a table, as they have
 * committed it: also those that are gone, and before the connector itself was started. On one
 * thread of the monitor.
 */
final class CountsOfTasks {
  private static final Logger LOG = LoggerFactory.getLogger(CountsOfTasks.class);

  private final String table;
  private final ObserverContext context;

  /** The numbers of the tasks that there are or were; null before the first look. */
  private @Nullable List<String> tasks;

  private boolean saidThatOneIsMalformed;

  CountsOfTasks(String table, ObserverContext context) {
    this.table = table;
    this.context = context;
  }

  /** Looks at what is committed now. */
  void read() {
    List<String> all = tasks;
    if (all == null) {
      all = TaskNumbers.of(context.offsets(), context.tasksMax());
      tasks = all;
    }
    try {
      show(context.offsets().counts(table, all));
    } catch (MalformedOffsetException e) {
      // No reason not to read the table.
      if (!saidThatOneIsMalformed) {
        saidThatOneIsMalformed = true;
        LOG.warn("What tasks counted is not understood, and not shown", e);
      }
    }
  }

  private void show(List<CountsOffset> committed) {
    CountsOffset all = committed.stream().reduce(CountsOffset.of(Map.of()), CountsOffset::plus);
    for (Counter counter : Counter.kept()) {
      context.metrics().carry(counter, all.counts().getOrDefault(counter.attribute(), 0L));
    }
  }
}
