package io.github.dynamokc.struct;

import io.github.dynamokc.config.NumberMode;
import io.github.dynamokc.item.AttributeType;
import io.github.dynamokc.json.JsonCursor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the type of column that holds a value. */
record TypeInference(NumberMode mode) {
  /** How many lists and maps may be in one another; what is deeper becomes JSON text. */
  static final int MAX_DEPTH = 5;

  /**
   * Steps over the typed value of an attribute.
   *
   * @param path the name that the schema of a struct would have
   * @return null if the type is unknown: the value holds nothing but NULLs and empty lists and maps
   */
  @Nullable ColumnType ofNext(JsonCursor in, String path) {
    return ofNext(in, path, 0);
  }

  private @Nullable ColumnType ofNext(JsonCursor in, String path, int depth) {
    AttributeType type = AttributeType.open(in);
    ColumnType column =
        switch (type) {
          case S, N, B -> {
            in.readString();
            yield ScalarType.of(type, mode);
          }
          case BOOL -> {
            ScalarReader.bool(in);
            yield new BooleanType();
          }
          case NULL -> {
            ScalarReader.expectTrue(in);
            yield null;
          }
          case SS -> set(in, AttributeType.S);
          case NS -> set(in, AttributeType.N);
          case BS -> set(in, AttributeType.B);
          case M -> depth == MAX_DEPTH ? json(in) : map(in, path, depth);
          case L -> depth == MAX_DEPTH ? json(in) : list(in, path, depth);
        };
    in.expect('}');
    return column;
  }

  private ColumnType set(JsonCursor in, AttributeType element) {
    in.skipValue();
    return new SetType(ScalarType.of(element, mode));
  }

  private static ColumnType json(JsonCursor in) {
    in.skipValue();
    return new JsonType();
  }

  private @Nullable ColumnType map(JsonCursor in, String path, int depth) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      in.readName();
      String attribute = in.tokenText();
      if (types.size() > StructType.MAX_FIELDS) {
        in.skipValue();
        continue;
      }
      String field = FieldNames.legal(attribute);
      ColumnType type = ofNext(in, FieldNames.nested(path, field), depth + 1);
      if (type != null) {
        types.put(attribute, type);
      }
    }
    if (types.size() > StructType.MAX_FIELDS) {
      return new JsonType();
    }
    List<Column> columns = new ArrayList<>();
    types.forEach((attribute, type) -> columns.add(new Column(attribute, type)));
    return columns.isEmpty() ? null : new StructType(path, new StructLayout(columns, Set.of()));
  }

  private @Nullable ColumnType list(JsonCursor in, String path, int depth) {
    ColumnType element = null;
    boolean mixed = false;
    for (boolean more = in.beginArray(); more; more = in.nextElement()) {
      if (mixed) {
        in.skipValue();
        continue;
      }
      ColumnType next = ofNext(in, path, depth + 1);
      if (element == null) {
        element = next;
      } else if (next != null) {
        element = element.merge(next, MergeMode.STRICT);
        mixed = element == null;
      }
    }
    if (mixed) {
      return new JsonType();
    }
    return element == null ? null : new ListType(element);
  }
}
