package io.github.dynamokc.task;

import io.github.dynamokc.offset.MalformedOffsetException;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.offset.TablesOffset;
import io.github.dynamokc.record.StatusType;
import io.github.dynamokc.record.TaskOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Commits which tables the connector follows, unless that is committed. No table that it has found
 * is registered before: so none of which something is committed can be forgotten.
 */
final class FollowedTablesCommit {
  private final TaskTables tables;
  private final TaskOutput output;

  FollowedTablesCommit(TaskTables tables, TaskOutput output) {
    this.tables = tables;
    this.output = output;
  }

  void run() throws InterruptedException {
    List<String> followed = tables.followed();
    List<String> before = committed();
    if (followed.isEmpty() || followed.equals(before)) {
      return;
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("added", without(followed, before));
    said.put("removed", without(before, followed));
    output.announce(
        StatusType.TABLES_FOLLOWED,
        new SourcePartition.OfTables(),
        new TablesOffset(followed),
        said);
  }

  private static String without(List<String> some, List<String> others) {
    return String.join(" ", some.stream().filter(table -> !others.contains(table)).toList());
  }

  private List<String> committed() {
    try {
      return tables.offsets().tables();
    } catch (MalformedOffsetException e) {
      return List.of();
    }
  }
}
