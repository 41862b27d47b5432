package io.github.dynamokc.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dynamokc.aws.RetryingCalls;
import io.github.dynamokc.concurrent.Retrier;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.testing.FakeAwsClients;
import io.github.dynamokc.testing.FakeS3;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesRequest;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceGroupsTaggingApiException;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceTagMapping;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter;

class TableFinderTest {
  private static final String ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/";

  private final Listing listing = new Listing();
  private final Tagging tagging = new Tagging();

  private Set<String> find(String... keysAndValues) throws InterruptedException {
    Map<String, String> props = new HashMap<>();
    props.put("name", "shop");
    props.put("export.s3.bucket", "exports");
    props.put("aws.region", "eu-west-1");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    ConnectorConfig config = ConnectorConfig.from(props);
    RetryingCalls calls =
        new RetryingCalls(
            new Retrier(
                new CountDownLatch(1), InstantSource.system(), () -> 0L, Duration.ofMinutes(10)));
    return new TableFinder(
            config.selection(),
            new FakeAwsClients(listing, new FakeS3(), InstantSource.system()).tagging(tagging),
            calls::call)
        .find();
  }

  @Test
  void allPagesAreListedAndFilteredByName() throws InterruptedException {
    listing.tables = List.of("orders-us", "orders-eu", "users", "orders-test", "my-orders-eu");
    assertThat(
            find("tables.include", "orders-.*,u.*", "tables.exclude", ".*-test", "tables", "users"))
        .containsExactly("orders-eu", "orders-us");
    assertThat(listing.starts).containsExactly(null, "orders-eu", "orders-test");
    assertThat(tagging.requests).isEmpty();
  }

  @Test
  void withoutDiscoveryNothingIsAsked() throws InterruptedException {
    assertThat(find("tables", "orders")).isEmpty();
    assertThat(listing.starts).isEmpty();
  }

  @Test
  void tagsAreAskedForTogetherPageByPage() throws InterruptedException {
    tagging.page("next", ARN + "users", ARN + "orders/index/i", ARN + "orders/stream/s");
    tagging.page("", ARN + "orders");
    assertThat(find("tables.tags", "env=prod,cdc")).containsExactly("orders", "users");
    GetResourcesRequest first = tagging.requests.get(0);
    assertThat(first.resourceTypeFilters()).containsExactly("dynamodb:table");
    assertThat(first.tagFilters())
        .containsExactly(
            TagFilter.builder().key("env").values("prod").build(),
            TagFilter.builder().key("cdc").build());
    assertThat(tagging.requests)
        .extracting(GetResourcesRequest::paginationToken)
        .containsExactly("", "next");
    assertThat(listing.starts).isEmpty();
  }

  @Test
  void namesNarrowWhatHasTheTags() throws InterruptedException {
    tagging.page("", ARN + "users", ARN + "orders");
    assertThat(find("tables.tags", "cdc", "tables.include", "o.*")).containsExactly("orders");
  }

  @Test
  void whatIsThrottledIsAskedAgain() throws InterruptedException {
    tagging.fail("ThrottledException");
    tagging.page("", ARN + "orders");
    assertThat(find("tables.tags", "cdc")).containsExactly("orders");
  }

  @Test
  void aListingWhoseTokenExpiredBeginsAnew() throws InterruptedException {
    tagging.page("next", ARN + "gone");
    tagging.fail("PaginationTokenExpiredException");
    tagging.page("", ARN + "orders");
    assertThat(find("tables.tags", "cdc")).containsExactly("orders");
    assertThat(tagging.requests)
        .extracting(GetResourcesRequest::paginationToken)
        .containsExactly("", "next", "");
  }

  @Test
  void aListingThatNeverEndsInTimeFails() {
    for (int i = 0; i < 3; i++) {
      tagging.fail("PaginationTokenExpiredException");
    }
    assertThatThrownBy(() -> find("tables.tags", "cdc"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("PaginationTokenExpiredException");
  }

  @Test
  void aRefusalNamesTheActionToAllow() {
    tagging.fail("AccessDeniedException");
    assertThatThrownBy(() -> find("tables.tags", "cdc"))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Allow tag:GetResources on *");
  }

  /** Two tables a page. */
  private static final class Listing implements DynamoDbClient {
    private final List<String> starts = new ArrayList<>();
    private List<String> tables = List.of();

    @Override
    public ListTablesResponse listTables(ListTablesRequest request) {
      String start = request.exclusiveStartTableName();
      starts.add(start);
      int from = start == null ? 0 : tables.indexOf(start) + 1;
      int to = Math.min(tables.size(), from + 2);
      return ListTablesResponse.builder()
          .tableNames(tables.subList(from, to))
          .lastEvaluatedTableName(to < tables.size() ? tables.get(to - 1) : null)
          .build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  /** Gives what it was told to, one after the other. */
  private static final class Tagging implements ResourceGroupsTaggingApiClient {
    private final List<GetResourcesRequest> requests = new ArrayList<>();
    private final Queue<Object> answers = new ArrayDeque<>();

    void page(String token, String... arns) {
      answers.add(
          GetResourcesResponse.builder()
              .paginationToken(token)
              .resourceTagMappingList(
                  List.of(arns).stream()
                      .map(arn -> ResourceTagMapping.builder().resourceARN(arn).build())
                      .toList())
              .build());
    }

    void fail(String code) {
      answers.add(
          ResourceGroupsTaggingApiException.builder()
              .statusCode(400)
              .awsErrorDetails(
                  AwsErrorDetails.builder()
                      .serviceName("ResourceGroupsTaggingApi")
                      .errorCode(code)
                      .build())
              .build());
    }

    @Override
    public GetResourcesResponse getResources(GetResourcesRequest request) {
      requests.add(request);
      Object answer = answers.remove();
      if (answer instanceof RuntimeException failure) {
        throw failure;
      }
      return (GetResourcesResponse) answer;
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
