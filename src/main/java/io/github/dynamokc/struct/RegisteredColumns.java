package io.github.dynamokc.struct;

import org.jspecify.annotations.Nullable;

/** The columns under which a table's values are registered. Not thread-safe. */
final class RegisteredColumns {
  private final AvroColumns avro;
  private final SchemaHistory latest;

  /** The last schema merged; skipped next time, so that it is parsed and warned about once. */
  private @Nullable String seen;

  RegisteredColumns(AvroColumns avro, SchemaHistory latest) {
    this.avro = avro;
    this.latest = latest;
  }

  /** The registered columns first, then those of {@code own} that are not registered. */
  TableColumns joined(TableColumns own) throws InterruptedException {
    String now = latest.avro().orElse(null);
    if (now == null || now.equals(seen)) {
      return own;
    }
    TableColumns registered = avro.read(now);
    seen = now;
    return registered == null ? own : registered.joined(own);
  }

  /** The same, and behind them the columns that only earlier versions have. */
  TableColumns joinedWithEarlier(TableColumns own) throws InterruptedException {
    TableColumns all = joined(own);
    for (String earlier : latest.earlier()) {
      TableColumns more = avro.read(earlier);
      all = more == null ? all : all.joined(more);
    }
    return all;
  }
}
