package io.github.dynamokc.struct;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Reads records with every version of their schema: what is read is what was written, or lacks what
 * the version has no field for, and is never something else.
 */
final class EveryVersion {
  private final List<Version> versions;

  private record Version(Schema avro, org.apache.kafka.connect.data.Schema connect) {}

  /**
   * @param versions Avro's JSON of each
   */
  EveryVersion(List<String> versions) {
    this.versions =
        versions.stream()
            .map(AvroColumns::parse)
            .map(avro -> new Version(avro, AvroAsConnect.schema(avro)))
            .toList();
  }

  int count() {
    return versions.size();
  }

  /**
   * Reads one record.
   *
   * @param item the DynamoDB JSON that it was made of
   */
  void check(String item, Schema writer, byte[] value) {
    Map<String, Object> whole = TypedValues.ofItem(item);
    for (Version version : versions) {
      Object datum = AvroBytes.read(value, writer, version.avro());
      Map<String, Object> seen =
          TypedValues.ofColumns((Struct) AvroAsConnect.value(version.connect(), datum));
      check(item, whole, seen, version.avro());
      if (version.avro().equals(writer) && !TypedValues.isPart(whole, seen)) {
        throw new AssertionError(item + " is read as " + seen);
      }
    }
  }

  private static void check(
      String item, Map<String, Object> whole, Map<String, Object> seen, Schema version) {
    if (!TypedValues.isPart(seen, whole)) {
      throw new AssertionError(item + " is read as " + seen + " with " + version);
    }
    assertThat(whole.keySet())
        .allMatch(
            attribute ->
                seen.containsKey(attribute)
                    || version.getField(FieldNames.legal(attribute)) == null,
            "is there if it has a field");
  }
}
