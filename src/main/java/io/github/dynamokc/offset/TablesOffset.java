package io.github.dynamokc.offset;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The tables that the connector follows. Connect cannot list offsets: a table that is deleted while
 * the connector is away is found here, so that its stream is still read to its end.
 *
 * @param tables names, sorted, at least one
 */
public record TablesOffset(List<String> tables) implements SourceOffset {
  /** The key of the names, which can be too many for a status record. */
  public static final String TABLES = "tables";

  public TablesOffset {
    tables = List.copyOf(tables);
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("An offset of no table could not be read back");
    }
  }

  public static TablesOffset of(Collection<String> tables) {
    return new TablesOffset(tables.stream().sorted().distinct().toList());
  }

  /** Names of tables have no blanks. */
  @Override
  public Map<String, Object> toConnect() {
    return OffsetMap.builder().put(TABLES, String.join(" ", tables)).build();
  }

  static TablesOffset read(OffsetMap.Reader reader) {
    return of(List.of(reader.string(TABLES).strip().split("\\s+")));
  }
}
