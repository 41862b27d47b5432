package io.github.dynamokc.bench;

import java.util.List;

/** Runs the benches that were chosen, one after the other. Exits with 0 only if all could run. */
public final class Bench {
  private static final String ALL =
      "inner,restart,load,repair,scale,heap,plan,drain,latency,idle,many";

  private Bench() {}

  /** What can be chosen with the system property {@code bench}. */
  public static void main(String[] arguments) throws InterruptedException {
    List<Benchmark> chosen = Settings.list("bench", ALL).stream().map(Bench::named).toList();
    try (Lab lab = new Lab()) {
      for (Benchmark benchmark : chosen) {
        benchmark.run(lab);
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
      System.exit(1);
    }
    System.exit(0);
  }

  private static Benchmark named(String name) {
    return switch (name) {
      case "inner" -> new InnerBench();
      case "restart" -> new RestartBench();
      case "load" -> new LoadBench();
      case "repair" -> new RepairBench();
      case "scale" -> new ScaleBench();
      case "heap" -> new HeapBench();
      case "plan" -> new PlanBench();
      case "drain" -> new DrainBench();
      case "latency" -> new LatencyBench();
      case "idle" -> new IdleBench();
      case "many" -> new ManyBench();
      default -> throw new IllegalArgumentException("No bench " + name + ", only " + ALL);
    };
  }
}
