package io.github.dynamokc.testing.aws;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the front remembers of tables: an id that tells a table from an earlier one of the same
 * name, and since when it has point-in-time recovery. Both end with the table.
 */
final class Tables {
  /** What ARNs of tables of DynamoDB Local begin with. */
  static final String ARN = "arn:aws:dynamodb:ddblocal:000000000000:table/";

  static final Duration RECOVERY_PERIOD = Duration.ofDays(35);

  private final Map<String, String> ids = new ConcurrentHashMap<>();
  private final Map<String, Instant> recoveries = new ConcurrentHashMap<>();

  /** The name in a table's or an export's ARN; a name stays as it is. */
  static String tableName(String nameOrArn) {
    int table = nameOrArn.indexOf(":table/");
    String name = table < 0 ? nameOrArn : nameOrArn.substring(table + ":table/".length());
    int more = name.indexOf('/');
    return more < 0 ? name : name.substring(0, more);
  }

  String created(String table) {
    String id = UUID.randomUUID().toString();
    ids.put(table, id);
    return id;
  }

  String id(String table) {
    return ids.computeIfAbsent(table, name -> UUID.randomUUID().toString());
  }

  String deleted(String table) {
    String id = id(table);
    ids.remove(table);
    recoveries.remove(id);
    return id;
  }

  void enableRecovery(String id, Instant now) {
    recoveries.putIfAbsent(id, now);
  }

  void disableRecovery(String id) {
    recoveries.remove(id);
  }

  /** Since when point-in-time recovery is on, 35 days at most; null while it is off. */
  @Nullable Instant restorableSince(String id, Instant now) {
    Instant since = recoveries.get(id);
    Instant oldest = now.minus(RECOVERY_PERIOD);
    return since == null || since.isAfter(oldest) ? since : oldest;
  }

  /** Puts the id in as first field of the table's description and leaves all else as it came. */
  static AwsResponse.Reply withTableId(AwsResponse.Reply reply, String id) {
    String body = new String(reply.body(), StandardCharsets.UTF_8);
    byte[] changed =
        body.replaceFirst(
                "^(\\{\"(?:Table|TableDescription)\":\\{)", "$1\"TableId\":\"" + id + "\",")
            .getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    reply
        .headers()
        .forEach(
            (name, value) ->
                headers.put(
                    name,
                    name.equalsIgnoreCase("x-amz-crc32") ? AwsResponse.crc32(changed) : value));
    return new AwsResponse.Reply(reply.status(), headers, changed);
  }
}
