package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** One subject of a schema registry, with a converter in front of it that registers. */
final class FakeRegistry implements SchemaHistory {
  private final Set<String> versions = new LinkedHashSet<>();
  private @Nullable String latest;
  private int asked;

  @Override
  public synchronized Optional<String> avro() {
    asked++;
    return Optional.ofNullable(latest);
  }

  @Override
  public synchronized List<String> earlier() {
    List<String> earlier = new ArrayList<>(versions);
    earlier.remove(latest);
    Collections.reverse(earlier);
    return earlier;
  }

  /** A schema that was registered before does not become the latest again. */
  void register(Schema schema) {
    register(ConnectAsAvro.json(schema));
  }

  synchronized void register(String avro) {
    if (versions.add(avro)) {
      latest = avro;
    }
  }

  synchronized int asked() {
    return asked;
  }

  synchronized int versions() {
    return versions.size();
  }
}
