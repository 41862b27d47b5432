package io.github.dynamokc.struct;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.Slice;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Any items, in any order, from one task or from two that share a registry. */
class ColumnStructsPropertiesTest {
  private static ColumnStructs structs(NumberMode mode) {
    return ColumnStructs.unregistered("orders.Value", StructItems.KEY, null, mode);
  }

  private static ColumnStructs structs(NumberMode mode, ColumnRegistry registry) {
    return ColumnStructs.registered(
        "orders.Value", StructItems.KEY, null, mode, registry, (item, image) -> item);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void nothingIsLostAndColumnsAreOnlyAppended(
      @ForAll("itemLists") List<String> items, @ForAll boolean decimals)
      throws InterruptedException {
    ColumnStructs structs = structs(decimals ? NumberMode.DECIMAL : NumberMode.STRING);
    ItemStructReader reader = structs.reader();
    Schema before = null;
    for (String item : items) {
      Struct struct = reader.read(Slice.of(item));
      struct.validate();
      assertThat(TypedValues.ofColumns(struct)).isEqualTo(TypedValues.ofItem(item));
      if (before != null) {
        assertGrown(before, struct.schema());
      }
      assertThat((long) AvroSchemas.of(struct.schema()).toString().getBytes(UTF_8).length)
          .isLessThanOrEqualTo(300 + structs.columns().rest().schemaBytes());
      assertThat(AvroSchemas.of(struct.schema()).toString(true))
          .as("as a converter makes it")
          .isEqualTo(AvroColumns.parse(ConnectAsAvro.json(struct.schema())).toString(true));
      before = struct.schema();
    }
    for (String item : items) {
      assertThat(reader.read(Slice.of(item)).schema())
          .as("a second reading adds nothing")
          .isSameAs(before);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void tasksThatRegisterTheirColumnsShareOneLineOfSchemas(@ForAll("itemLists") List<String> items)
      throws InterruptedException {
    FakeRegistry registry = new FakeRegistry();
    List<ColumnStructs> tasks =
        List.of(structs(NumberMode.DECIMAL, registry), structs(NumberMode.STRING, registry));
    List<ItemStructReader> readers = tasks.stream().map(ColumnStructs::reader).toList();
    Schema longest = null;
    for (int i = 0; i < items.size(); i++) {
      Struct struct = readers.get(i % 2).read(Slice.of(items.get(i)));
      registry.values().register(struct.schema());
      assertThat(TypedValues.ofColumns(struct)).isEqualTo(TypedValues.ofItem(items.get(i)));
      if (longest == null || size(struct.schema()) > size(longest)) {
        if (longest != null) {
          assertGrown(longest, struct.schema());
        }
        longest = struct.schema();
      } else {
        assertGrown(struct.schema(), longest);
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void tasksThatFoundColumnsApartAgreeAfterAnExchange(
      @ForAll("itemLists") List<String> items, @ForAll("itemLists") List<String> others)
      throws InterruptedException {
    FakeRegistry registry = new FakeRegistry();
    ColumnStructs first = structs(NumberMode.DECIMAL, registry);
    ColumnStructs second = structs(NumberMode.STRING, registry);
    readAll(first, items);
    readAll(second, others);
    second.seed();
    first.seed();
    assertThat(first.columns().item()).isEqualTo(second.columns().item());
    assertThat(first.columns().image()).isEqualTo(second.columns().image());
    readAll(first, others);
    readAll(second, items);
  }

  private static void readAll(ColumnStructs structs, List<String> items)
      throws InterruptedException {
    ItemStructReader reader = structs.reader();
    for (String item : items) {
      Struct struct = reader.read(Slice.of(item));
      struct.validate();
      assertThat(TypedValues.ofColumns(struct)).isEqualTo(TypedValues.ofItem(item));
    }
  }

  /** The former fields come first, with the same schemas, or with structs that have grown so. */
  private static void assertGrown(Schema former, Schema later) {
    assertThat(later.type()).isEqualTo(former.type());
    assertThat(later.name()).isEqualTo(former.name());
    assertThat(later.isOptional()).isEqualTo(former.isOptional());
    assertThat(later.parameters()).isEqualTo(former.parameters());
    switch (former.type()) {
      case STRUCT -> {
        assertThat(later.fields()).hasSizeGreaterThanOrEqualTo(former.fields().size());
        for (Field field : former.fields()) {
          Field now = later.fields().get(field.index());
          assertThat(now.name()).isEqualTo(field.name());
          assertGrown(field.schema(), now.schema());
        }
      }
      case ARRAY -> assertGrown(former.valueSchema(), later.valueSchema());
      default -> assertThat(later).isEqualTo(former);
    }
  }

  private static int size(Schema schema) {
    return switch (schema.type()) {
      case STRUCT -> schema.fields().stream().mapToInt(field -> 1 + size(field.schema())).sum();
      case ARRAY -> size(schema.valueSchema());
      default -> 0;
    };
  }

  @Provide
  Arbitrary<List<String>> itemLists() {
    return StructItems.items().list().ofMinSize(1).ofMaxSize(6);
  }
}
