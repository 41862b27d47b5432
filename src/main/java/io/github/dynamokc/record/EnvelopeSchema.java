package io.github.dynamokc.record;

import io.github.dynamokc.event.UserIdentity;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The schema of Debezium's envelope (its documentation, "Change event values"): it is known by a
 * name that ends in {@code .Envelope}. Not thread-safe.
 */
final class EnvelopeSchema {
  static final String BEFORE = "before";
  static final String AFTER = "after";
  static final String SOURCE = "source";
  static final String OP = "op";
  static final String TS_MS = "ts_ms";

  private static final Schema USER_IDENTITY =
      SchemaBuilder.struct()
          .name("io.github.dynamokc.UserIdentity")
          .field("type", Schema.STRING_SCHEMA)
          .field("principal_id", Schema.STRING_SCHEMA)
          .optional()
          .build();

  private static final Schema SOURCE_SCHEMA =
      SchemaBuilder.struct()
          .name("io.github.dynamokc.Source")
          .field("version", Schema.STRING_SCHEMA)
          .field("connector", Schema.STRING_SCHEMA)
          .field("name", Schema.STRING_SCHEMA)
          .field("ts_ms", Schema.INT64_SCHEMA)
          .field("snapshot", Schema.STRING_SCHEMA)
          .field("table", Schema.STRING_SCHEMA)
          .field("event_id", Schema.OPTIONAL_STRING_SCHEMA)
          .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
          .field("shard", Schema.OPTIONAL_STRING_SCHEMA)
          .field("user_identity", USER_IDENTITY)
          .build();

  private final String name;
  private @Nullable Schema ofItem;
  private @Nullable Schema envelope;

  /**
   * @param name ends in {@code .Envelope}
   */
  EnvelopeSchema(String name) {
    this.name = name;
  }

  /**
   * The schema around items of a schema, one object as long as that is one.
   *
   * @param item optional, as one of the two items can be missing
   */
  Schema around(Schema item) {
    Schema known = envelope;
    if (known == null || !item.equals(ofItem)) {
      known =
          SchemaBuilder.struct()
              .name(name)
              .field(BEFORE, item)
              .field(AFTER, item)
              .field(SOURCE, SOURCE_SCHEMA)
              .field(OP, Schema.STRING_SCHEMA)
              .field(TS_MS, Schema.OPTIONAL_INT64_SCHEMA)
              .build();
      ofItem = item;
      envelope = known;
    }
    return known;
  }

  Struct source(SourceInfo origin, ConnectorIdentity connector, String table) {
    UserIdentity user = origin.user();
    return new Struct(SOURCE_SCHEMA)
        .put("version", connector.version())
        .put("connector", ConnectorIdentity.KIND)
        .put("name", connector.name())
        .put("ts_ms", origin.timestampMs())
        .put("snapshot", origin.snapshot())
        .put("table", table)
        .put("event_id", origin.eventId())
        .put("sequence", origin.sequence())
        .put("shard", origin.shard())
        .put(
            "user_identity",
            user == null
                ? null
                : new Struct(USER_IDENTITY)
                    .put("type", user.type())
                    .put("principal_id", user.principalId()));
  }
}
