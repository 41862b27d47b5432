package io.github.dynamokc.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dynamokc.testing.kafka.TopicReader;
import io.github.dynamokc.testing.kafka.TopicRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Follows the topics of all tables and the connector's status topic. */
final class Watch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TopicReader status;
  private final Map<TableProgress, TopicReader> topics = new LinkedHashMap<>();
  private final Map<String, TableProgress> progress = new LinkedHashMap<>();

  Watch(String bootstrapServers, String connector, List<DemoTable> tables) {
    this.status = TopicReader.open(bootstrapServers, connector + "-status");
    for (DemoTable table : tables) {
      TableProgress next = new TableProgress(table);
      progress.put(table.name(), next);
      topics.put(next, TopicReader.open(bootstrapServers, table.name()));
    }
  }

  /** Takes in what came since the last time. */
  void look() {
    topics.forEach((next, reader) -> reader.toEnd().forEach(next::record));
    for (TopicRecord record : status.toEnd()) {
      String subject = String.valueOf(record.key());
      if (subject.startsWith("task/")) {
        continue;
      }
      TableProgress next = progress.get(subject);
      if (next == null) {
        throw new IllegalStateException("A status record of no table of ours: " + record);
      }
      try {
        next.status(JSON.readTree(String.valueOf(record.value())));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("A status record without JSON: " + record, e);
      }
    }
  }

  Collection<TableProgress> tables() {
    return progress.values();
  }

  boolean allStream() {
    return tables().stream().allMatch(TableProgress::streams);
  }

  boolean allInGap() {
    return tables().stream().allMatch(TableProgress::inGap);
  }

  boolean allRepaired() {
    return tables().stream().allMatch(TableProgress::repaired);
  }

  long records() {
    return tables().stream().mapToLong(TableProgress::records).sum();
  }

  @Override
  public void close() {
    topics.values().forEach(TopicReader::close);
    status.close();
  }
}
