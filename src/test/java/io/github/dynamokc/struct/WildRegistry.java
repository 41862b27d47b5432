package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * A schema registry as bad as one may be: three servers answer by turns, two of which lag behind,
 * so that a version is listed by one and not known to the next; versions are listed in any order;
 * what is registered is refused now and then for a race; and between any two calls others go on.
 */
final class WildRegistry implements ColumnRegistry {
  private static final int SERVERS = 3;

  /** More waits than any lag needs. */
  private static final int PATIENCE = 200;

  private final Random random;
  private final boolean isFullTransitive;
  private final Map<String, Subject> subjects = new HashMap<>();
  private Runnable meanwhile = () -> {};

  WildRegistry(Random random, boolean isFullTransitive) {
    this.random = random;
    this.isFullTransitive = isFullTransitive;
  }

  /**
   * @param others what others do between two calls, perhaps nothing
   */
  void meanwhile(Runnable others) {
    meanwhile = others;
  }

  @Override
  public Subject claims() {
    return subjects.computeIfAbsent("orders-columns", Subject::new);
  }

  @Override
  public Subject values() {
    return subjects.computeIfAbsent("orders-value", Subject::new);
  }

  @Override
  public Patience patience() {
    return new Patience() {
      private int waits;

      @Override
      public void afterRefusal(String description) {
        wait(description);
      }

      @Override
      public void whileInvisible(String description) {
        wait(description);
      }

      private void wait(String description) {
        if (++waits > PATIENCE) {
          throw new AssertionError(description);
        }
        meanwhile.run();
      }
    };
  }

  final class Subject implements SchemaSubject {
    private final String name;
    private final List<String> log = new ArrayList<>();
    private final int[] visible = new int[SERVERS];

    Subject(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Integer> versions() {
      meanwhile.run();
      int known = ofAnyServer();
      List<Integer> versions = new ArrayList<>();
      for (int i = 1; i <= known; i++) {
        versions.add(i);
      }
      Collections.shuffle(versions, random);
      return versions;
    }

    @Override
    public Version version(int number) {
      meanwhile.run();
      return number <= ofAnyServer()
          ? new Version.Avro(log.get(number - 1))
          : new Version.Missing();
    }

    @Override
    public Registration register(String avro) {
      meanwhile.run();
      if (log.contains(avro)) {
        return new Registration.Accepted();
      }
      if (random.nextInt(8) == 0) {
        return new Registration.Refused("a race");
      }
      if (isFullTransitive && !log.stream().allMatch(other -> isCompatible(avro, other))) {
        return new Registration.Refused("not compatible");
      }
      // It checks and adds in two steps, as Apicurio's does.
      meanwhile.run();
      log.add(avro);
      meanwhile.run();
      return new Registration.Accepted();
    }

    /** What is there from the start, which every server knows. */
    void preload(String avro) {
      if (!log.contains(avro)) {
        log.add(avro);
      }
      Arrays.fill(visible, log.size());
    }

    List<String> log() {
      return log;
    }

    /** The first server is never behind; the others take a step forward now and then. */
    private int ofAnyServer() {
      visible[0] = log.size();
      for (int i = 1; i < SERVERS; i++) {
        visible[i] += random.nextInt(Math.min(2, log.size() - visible[i]) + 1);
      }
      return visible[random.nextInt(SERVERS)];
    }
  }

  private static boolean isCompatible(String one, String other) {
    Schema first = AvroColumns.parse(one);
    Schema second = AvroColumns.parse(other);
    return reads(first, second) && reads(second, first);
  }

  private static boolean reads(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }
}
