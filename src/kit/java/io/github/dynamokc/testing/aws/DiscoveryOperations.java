package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tags of tables, which DynamoDB Local does not have, and the listings by name and by tags: the
 * tables' part of the Resource Groups Tagging API.
 */
final class DiscoveryOperations {
  /** What targets of the tagging API begin with. */
  static final String TAGGING = "ResourceGroupsTaggingAPI_20170126.";

  private static final int NAMES = 100;
  private static final int RESOURCES = 50;
  private static final int MOST_RESOURCES = 100;

  private final DynamoDbBackend backend;
  private final Listings listings;

  /** By name; those of a deleted table stay as long as it is listed. */
  private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();

  DiscoveryOperations(DynamoDbBackend backend, Listings listings) {
    this.backend = backend;
    this.listings = listings;
  }

  void created(String table, JsonNode given) {
    tags.remove(table);
    put(table, given);
    listings.created(table);
  }

  void deleted(String table) {
    listings.deleted(table);
  }

  AwsResponse listTables(JsonNode request) throws IOException, InterruptedException {
    SortedSet<String> listed = listings.of(backend.tableNames());
    Page page =
        Page.of(
            listed,
            request.path("ExclusiveStartTableName").asText(),
            listings.page(request.path("Limit").asInt(NAMES)));
    listings.omit(page.names);
    ObjectNode answer = AwsJson.object();
    ArrayNode names = answer.putArray("TableNames");
    page.names.forEach(names::add);
    if (!page.last.isEmpty()) {
      answer.put("LastEvaluatedTableName", page.last);
    }
    return AwsResponse.ok(answer);
  }

  AwsResponse tag(JsonNode request) throws IOException, InterruptedException {
    put(existing(request), request.path("Tags"));
    return AwsResponse.ok(AwsJson.object());
  }

  AwsResponse untag(JsonNode request) throws IOException, InterruptedException {
    Map<String, String> ofTable = tags.get(existing(request));
    if (ofTable != null) {
      request.path("TagKeys").forEach(key -> ofTable.remove(key.asText()));
    }
    return AwsResponse.ok(AwsJson.object());
  }

  AwsResponse listTags(JsonNode request) throws IOException, InterruptedException {
    ObjectNode answer = AwsJson.object();
    answer.set("Tags", tagsOf(existing(request)));
    return AwsResponse.ok(answer);
  }

  AwsResponse getResources(JsonNode request) throws IOException, InterruptedException {
    int most = request.path("ResourcesPerPage").asInt(RESOURCES);
    if (most < 1 || most > MOST_RESOURCES) {
      throw AwsErrorException.badRequest(
          "InvalidParameterException", "ResourcesPerPage must be 1 to 100, is " + most);
    }
    SortedSet<String> found = listings.of(backend.tableNames());
    found.removeIf(table -> !tags.containsKey(table) || !isWanted(request, table));
    Page page = Page.of(found, request.path("PaginationToken").asText(), listings.page(most));
    listings.omit(page.names);
    ObjectNode answer = AwsJson.object().put("PaginationToken", page.last);
    ArrayNode resources = answer.putArray("ResourceTagMappingList");
    for (String table : page.names) {
      resources.addObject().put("ResourceARN", Tables.ARN + table).set("Tags", tagsOf(table));
    }
    return AwsResponse.ok(answer);
  }

  /** Types and keys of which one has to fit, and of each key one value; none means any. */
  private boolean isWanted(JsonNode request, String table) {
    JsonNode types = request.path("ResourceTypeFilters");
    boolean ofType = types.isEmpty();
    for (JsonNode type : types) {
      ofType |= List.of("dynamodb", "dynamodb:table").contains(type.asText());
    }
    Map<String, String> ofTable = tags.getOrDefault(table, Map.of());
    for (JsonNode filter : request.path("TagFilters")) {
      String value = ofTable.get(filter.path("Key").asText());
      boolean fits = value != null && filter.path("Values").isEmpty();
      for (JsonNode wanted : filter.path("Values")) {
        fits |= wanted.asText().equals(value);
      }
      if (!fits) {
        return false;
      }
    }
    return ofType;
  }

  private String existing(JsonNode request) throws IOException, InterruptedException {
    String table = Tables.tableName(request.path("ResourceArn").asText());
    if (!backend.tableNames().contains(table)) {
      throw AwsErrorException.badRequest(
          "ResourceNotFoundException", "Requested resource not found: " + table);
    }
    return table;
  }

  private void put(String table, JsonNode given) {
    if (!given.isEmpty()) {
      Map<String, String> ofTable = tags.computeIfAbsent(table, name -> new ConcurrentHashMap<>());
      given.forEach(tag -> ofTable.put(tag.path("Key").asText(), tag.path("Value").asText()));
    }
  }

  private ArrayNode tagsOf(String table) {
    ArrayNode array = AwsJson.MAPPER.createArrayNode();
    new TreeMap<>(tags.getOrDefault(table, Map.of()))
        .forEach((key, value) -> array.addObject().put("Key", key).put("Value", value));
    return array;
  }

  /** Names behind another, and the last of them if there are more, otherwise an empty text. */
  private record Page(List<String> names, String last) {
    static Page of(SortedSet<String> all, String after, int most) {
      List<String> behind = all.stream().filter(name -> name.compareTo(after) > 0).toList();
      List<String> names = new ArrayList<>(behind.subList(0, Math.min(most, behind.size())));
      boolean more = names.size() < behind.size();
      return new Page(names, more ? names.get(names.size() - 1) : "");
    }
  }
}
