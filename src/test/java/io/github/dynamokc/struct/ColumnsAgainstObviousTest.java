package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.Slice;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.data.Struct;

/** Each field of structs by growing schemas holds what the obvious way puts there. */
class ColumnsAgainstObviousTest {

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void eachFieldHoldsWhatTheObviousWayPutsThere(
      @ForAll("itemLists") List<String> items, @ForAll NumberMode mode)
      throws InterruptedException {
    ColumnStructs structs = ColumnStructs.unregistered("orders.Value", StructItems.KEY, null, mode);
    ItemStructReader reader = structs.reader();
    // The second time in columns that all of them made.
    for (int round = 0; round < 2; round++) {
      for (String item : items) {
        Struct struct = readInLine(reader, item);
        verify(struct, item);
        assertThat(reader.key().primaryKey()).isEqualTo(struct.get(StructItems.KEY));
        verify(reader.read(Slice.of(item)), item);
        verify(reader.read(null, Slice.of(item)).after(), item);
      }
    }
  }

  private static void verify(Struct struct, String item) {
    struct.validate();
    assertThat(ObviousColumns.actual(struct))
        .isEqualTo(ObviousColumns.expected(item, struct.schema()));
  }

  /** As one member of an object with others, which are stepped over. */
  private static Struct readInLine(ItemStructReader reader, String item)
      throws InterruptedException {
    JsonCursor cursor =
        new JsonCursor().reset(Slice.of("{\"a\":1,\"Item\": " + item + ",\"b\":2}"));
    cursor.beginObject();
    cursor.readName();
    cursor.skipValue();
    cursor.nextMember();
    cursor.readName();
    Struct struct = reader.read(cursor);
    assertThat(cursor.nextMember()).isTrue();
    cursor.readName();
    cursor.skipValue();
    assertThat(cursor.nextMember()).isFalse();
    cursor.expectEnd();
    return struct;
  }

  @Provide
  Arbitrary<List<String>> itemLists() {
    return StructItems.items().list().ofMinSize(1).ofMaxSize(8);
  }
}
