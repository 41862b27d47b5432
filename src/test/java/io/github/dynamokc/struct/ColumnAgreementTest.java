package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Any writers, any order of types, over a registry that lags, refuses and lets others go first:
 * each record is read by any version of its schema as it was written, or without what the version
 * has no column for, and never as something else.
 */
class ColumnAgreementTest {

  /** A record as its converter wrote it. */
  private record Written(String item, Schema schema, byte[] value) {}

  /** A world of its own for each run. */
  private static final class World {
    private final Random random;
    private final WildRegistry registry;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();

    World(long seed, boolean isFullTransitive) {
      this.random = new Random(seed);
      this.registry = new WildRegistry(random, isFullTransitive);
      registry.meanwhile(this::someoneElse);
    }

    void addTask(List<String> items) {
      NumberMode[] modes = NumberMode.values();
      tasks.add(new Task(modes[random.nextInt(modes.length)], items));
    }

    /** What tasks registered that did not know of one another. */
    void remember(List<String> items) throws InterruptedException {
      ColumnStructs alone =
          ColumnStructs.unregistered(
              "orders.Value",
              StructItems.KEY,
              null,
              random.nextBoolean() ? NumberMode.DECIMAL : NumberMode.STRING);
      for (String item : items) {
        registry
            .values()
            .preload(AvroSchemas.of(alone.reader().read(Slice.of(item)).schema()).toString());
      }
    }

    void run() {
      while (tasks.stream().anyMatch(task -> !task.isDone())) {
        tasks.get(random.nextInt(tasks.size())).step();
      }
    }

    private void someoneElse() {
      if (random.nextInt(3) == 0) {
        tasks.get(random.nextInt(tasks.size())).step();
      }
    }

    private final class Task {
      private final NumberMode mode;
      private final List<String> items;
      private ColumnStructs structs;
      private int next;
      private boolean isBusy;

      Task(NumberMode mode, List<String> items) {
        this.mode = mode;
        this.items = items;
        this.structs = started();
      }

      private ColumnStructs started() {
        return ColumnStructs.registered(
            "orders.Value", StructItems.KEY, null, mode, registry, (item, image) -> item);
      }

      boolean isDone() {
        return next == items.size();
      }

      /** Writes an item, or starts anew, unless it is in the middle of that. */
      void step() {
        if (isBusy || isDone()) {
          return;
        }
        isBusy = true;
        try {
          if (random.nextInt(5) == 0) {
            structs = started();
            structs.seed();
          }
          write(items.get(next));
          next++;
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        } finally {
          isBusy = false;
        }
      }

      private void write(String item) throws InterruptedException {
        Struct struct = structs.reader().read(Slice.of(item));
        Schema schema = AvroSchemas.of(struct.schema());
        assertThat(registry.values().log())
            .as("what a record is handed over with is registered")
            .contains(schema.toString());
        written.add(new Written(item, schema, AvroBytes.write(struct, schema)));
      }
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void everyVersionReadsEveryRecordAsItWasWritten(
      @ForAll("itemLists") List<String> items,
      @ForAll("itemLists") List<String> others,
      @ForAll("itemLists") List<String> third,
      @ForAll long seed,
      @ForAll boolean isFullTransitive)
      throws InterruptedException {
    World world = new World(seed, isFullTransitive);
    List.of(items, others, third).forEach(world::addTask);
    world.run();
    assertThatAllVersionsRead(world);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void whatWasRegisteredApartIsTakenOverWithoutConflict(
      @ForAll("itemLists") List<String> earlier,
      @ForAll("itemLists") List<String> apart,
      @ForAll("itemLists") List<String> items,
      @ForAll("itemLists") List<String> others,
      @ForAll long seed)
      throws InterruptedException {
    World world = new World(seed, false);
    world.remember(earlier);
    world.remember(apart);
    List.of(items, others).forEach(world::addTask);
    world.run();
    assertThatAllVersionsRead(world);
  }

  private static void assertThatAllVersionsRead(World world) {
    EveryVersion versions = new EveryVersion(world.registry.values().log());
    world.written.forEach(each -> versions.check(each.item(), each.schema(), each.value()));
  }

  @Provide
  Arbitrary<List<String>> itemLists() {
    return StructItems.items().list().ofMinSize(1).ofMaxSize(6);
  }
}
