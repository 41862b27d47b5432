package io.github.dynamokc.bench;

import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What some records cost a worker, from a moment on. First of all that is CPU time, which what else
 * the machine does changes less than speed; then what was allocated, and how long all threads stood
 * still for the collector.
 */
final class WorkerCost {
  private static final String OTHER = "other";

  /** What threads are for, by how their names begin. Those of a connector begin with its name. */
  private static final Map<String, String> THREADS = threads();

  private final ConnectWorker worker;
  private final String connector;
  private final Collector collector;
  private Map<String, ThreadTime> before = Map.of();
  private ProcessCpu process;

  private WorkerCost(ConnectWorker worker, String connector) {
    this.worker = worker;
    this.connector = connector.substring(0, Math.min(15, connector.length()));
    this.collector = Collector.start(worker);
    this.process = ProcessCpu.start(worker.pid());
  }

  /**
   * Allocation and pauses count from now on, which takes a moment to find out.
   *
   * @param connector the name of the connector, of which the worker will have one
   */
  static WorkerCost start(ConnectWorker worker, String connector) {
    return new WorkerCost(worker, connector);
  }

  /** CPU time counts from now on, when the connector is at work. */
  void atWork() {
    before = ThreadTime.of(worker.pid());
    process = ProcessCpu.start(worker.pid());
  }

  private static Map<String, String> threads() {
    Map<String, String> threads = new LinkedHashMap<>();
    threads.put("task-thread-", "task thread");
    threads.put("kafka-producer-", "producer");
    threads.put("GC Thread", "collector");
    threads.put("G1 ", "collector");
    threads.put("C1 Compiler", "compiler");
    threads.put("C2 Compiler", "compiler");
    return threads;
  }

  /**
   * What it came to.
   *
   * @param cpu seconds, in all
   * @param byThread seconds by what threads are for; those that have ended are others
   * @param pauses seconds
   * @param allocated megabytes
   */
  record Cost(double cpu, Map<String, Double> byThread, double pauses, double allocated) {
    /** What stands in the middle of each figure, for 100,000 records. */
    static String median(List<Cost> costs, long records) {
      double factor = 100_000.0 / records;
      StringBuilder text =
          new StringBuilder(
              "worker CPU %.2f s ("
                  .formatted(factor * Median.of(costs.stream().map(Cost::cpu).toList())));
      for (String kind : costs.get(0).byThread.keySet()) {
        text.append(
            "%s %.2f, "
                .formatted(
                    kind,
                    factor
                        * Median.of(costs.stream().map(cost -> cost.byThread.get(kind)).toList())));
      }
      text.setLength(text.length() - 2);
      return text.append(
              "), pauses %.2f s, allocated %,.0f MB"
                  .formatted(
                      factor * Median.of(costs.stream().map(Cost::pauses).toList()),
                      factor * Median.of(costs.stream().map(Cost::allocated).toList())))
          .toString();
    }
  }

  /** Up to now. */
  Cost upToNow() {
    double cpu = process.seconds();
    Map<String, Double> byThread = new LinkedHashMap<>();
    byThread.put("connector", 0.0);
    THREADS.values().forEach(kind -> byThread.put(kind, 0.0));
    byThread.put(OTHER, cpu);
    ThreadTime.of(worker.pid())
        .forEach(
            (id, thread) -> {
              ThreadTime earlier = before.get(id);
              double seconds = thread.seconds() - (earlier == null ? 0 : earlier.seconds());
              byThread.merge(kind(thread.name()), seconds, Double::sum);
              byThread.merge(OTHER, -seconds, Double::sum);
            });
    byThread.computeIfPresent(OTHER, (kind, seconds) -> Math.max(0, seconds));
    return new Cost(cpu, byThread, collector.pauses(), collector.allocated());
  }

  private String kind(String thread) {
    if (thread.startsWith(connector)) {
      return "connector";
    }
    for (Map.Entry<String, String> kind : THREADS.entrySet()) {
      if (thread.startsWith(kind.getKey())) {
        return kind.getValue();
      }
    }
    return OTHER;
  }
}
