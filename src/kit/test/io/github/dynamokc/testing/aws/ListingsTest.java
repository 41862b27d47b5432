package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.ManualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Listings of tables by name and by tags, before a DynamoDB that knows names only. */
class ListingsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Set<String> there = new ConcurrentSkipListSet<>();
  private final List<JsonNode> created = new ArrayList<>();
  private final AwsJsonServer dynamoDb = new AwsJsonServer("dynamodb", this::answer);
  private final S3Client s3 =
      S3Client.builder()
          .endpointOverride(URI.create("http://127.0.0.1:1"))
          .region(Region.US_EAST_1)
          .credentialsProvider(AnonymousCredentialsProvider.create())
          .httpClientBuilder(Apache5HttpClient.builder())
          .build();
  private final ManualClock clock = new ManualClock(Instant.parse("2023-11-15T03:54:01.123Z"));
  private final PitrFront front =
      new PitrFront(
          Listeners.onLoopback(),
          dynamoDb.endpoint(),
          s3,
          clock,
          clock::advance,
          (table, keySchema) -> List.of());

  @AfterEach
  void stop() {
    front.close();
    dynamoDb.close();
    s3.close();
  }

  private AwsResponse answer(AwsRequest request) {
    JsonNode body = request.json();
    String table = body.path("TableName").asText();
    return switch (request.action()) {
      case "ListTables" -> {
        var answer = AwsJson.object();
        there.forEach(answer.putArray("TableNames")::add);
        yield AwsResponse.ok(answer);
      }
      case "CreateTable" -> {
        there.add(table);
        created.add(body);
        yield AwsResponse.ok("{\"TableDescription\":{\"ItemCount\":0}}");
      }
      case "DeleteTable" -> {
        there.remove(table);
        yield AwsResponse.ok("{\"TableDescription\":{\"ItemCount\":0}}");
      }
      default -> AwsResponse.error(400, "UnknownOperationException", request.action());
    };
  }

  private JsonNode call(String target, String body) throws Exception {
    HttpResponse<byte[]> response =
        HTTP.send(
            HttpRequest.newBuilder(front.endpoint())
                .header("x-amz-target", target)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return AwsJson.MAPPER.readTree(response.body());
  }

  private void create(String table, String... tags) throws Exception {
    String ofTable = tags.length == 0 ? "" : ",\"Tags\":" + tags(tags);
    call("DynamoDB_20120810.CreateTable", "{\"TableName\":\"" + table + "\"" + ofTable + "}");
  }

  private static String tags(String... keysAndValues) {
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.add(
          "{\"Key\":\"%s\",\"Value\":\"%s\"}".formatted(keysAndValues[i], keysAndValues[i + 1]));
    }
    return tags.toString();
  }

  private List<String> listed() throws Exception {
    List<String> names = new ArrayList<>();
    String start = "";
    do {
      JsonNode page =
          call(
              "DynamoDB_20120810.ListTables",
              start.isEmpty() ? "{}" : "{\"ExclusiveStartTableName\":\"" + start + "\"}");
      page.path("TableNames").forEach(name -> names.add(name.asText()));
      start = page.path("LastEvaluatedTableName").asText();
    } while (!start.isEmpty());
    return names;
  }

  private List<String> tagged(String filters) throws Exception {
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          call(
              "ResourceGroupsTaggingAPI_20170126.GetResources",
              "{\"ResourceTypeFilters\":[\"dynamodb:table\"],\"TagFilters\":%s,\"PaginationToken\":\"%s\"}"
                  .formatted(filters, token));
      page.path("ResourceTagMappingList")
          .forEach(each -> names.add(Tables.tableName(each.path("ResourceARN").asText())));
      token = page.path("PaginationToken").asText();
    } while (!token.isEmpty());
    return names;
  }

  @Test
  void tablesAreListedInPages() throws Exception {
    for (String table : List.of("eee", "bbb", "ccc", "ddd", "aaa")) {
      create(table);
    }
    front.listings().pageSize(2);
    assertThat(listed()).containsExactly("aaa", "bbb", "ccc", "ddd", "eee");
    assertThat(front.requests()).filteredOn(r -> r.action().equals("ListTables")).hasSize(3);
  }

  @Test
  void tagsOfACreationStayInTheFront() throws Exception {
    create("aaa", "env", "prod");
    assertThat(created.get(0).has("Tags")).isFalse();
    assertThat(
            call(
                    "DynamoDB_20120810.ListTagsOfResource",
                    "{\"ResourceArn\":\"" + Tables.ARN + "aaa\"}")
                .toString())
        .isEqualTo("{\"Tags\":[{\"Key\":\"env\",\"Value\":\"prod\"}]}");
  }

  @Test
  void allKeysAndOneOfTheirValuesMustFit() throws Exception {
    create("aaa", "env", "prod", "cdc", "");
    create("bbb", "env", "test", "cdc", "yes");
    create("ccc", "env", "prod");
    create("ddd");
    front.listings().pageSize(1);
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("aaa", "bbb");
    assertThat(tagged("[{\"Key\":\"env\",\"Values\":[\"prod\"]}]")).containsExactly("aaa", "ccc");
    assertThat(tagged("[{\"Key\":\"env\",\"Values\":[\"prod\"]},{\"Key\":\"cdc\",\"Values\":[]}]"))
        .containsExactly("aaa");
    assertThat(tagged("[{\"Key\":\"env\",\"Values\":[\"prod\",\"test\"]}]"))
        .containsExactly("aaa", "bbb", "ccc");
  }

  @Test
  void tagsComeAndGo() throws Exception {
    create("aaa");
    String arn = "{\"ResourceArn\":\"" + Tables.ARN + "aaa\",";
    call("DynamoDB_20120810.TagResource", arn + "\"Tags\":" + tags("cdc", "yes") + "}");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("aaa");
    call("DynamoDB_20120810.UntagResource", arn + "\"TagKeys\":[\"cdc\"]}");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).isEmpty();
    assertThat(
            call(
                    "DynamoDB_20120810.TagResource",
                    "{\"ResourceArn\":\"" + Tables.ARN + "bbb\",\"Tags\":[]}")
                .path("__type")
                .asText())
        .endsWith("ResourceNotFoundException");
  }

  @Test
  void aTableOfTheSameNameHasNoTagsOfTheOneBefore() throws Exception {
    create("aaa", "cdc", "yes");
    call("DynamoDB_20120810.DeleteTable", "{\"TableName\":\"aaa\"}");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).isEmpty();
    create("aaa");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).isEmpty();
  }

  @Test
  void onePageLacksWhatIsOmitted() throws Exception {
    create("aaa", "cdc", "yes");
    create("bbb", "cdc", "yes");
    front.listings().omitOnce("bbb");
    assertThat(listed()).containsExactly("aaa");
    assertThat(listed()).containsExactly("aaa", "bbb");
    front.listings().omitOnce("aaa");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("bbb");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("aaa", "bbb");
  }

  @Test
  void newAndDeletedTablesAreListedLate() throws Exception {
    create("old", "cdc", "yes");
    front.listings().lag(Duration.ofSeconds(30));
    create("new", "cdc", "yes");
    call("DynamoDB_20120810.DeleteTable", "{\"TableName\":\"old\"}");
    assertThat(listed()).containsExactly("old");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("old");
    clock.advance(Duration.ofSeconds(30));
    assertThat(listed()).containsExactly("new");
    assertThat(tagged("[{\"Key\":\"cdc\"}]")).containsExactly("new");
  }
}
