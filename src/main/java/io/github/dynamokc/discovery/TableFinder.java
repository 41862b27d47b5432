package io.github.dynamokc.discovery;

import io.github.dynamokc.aws.AwsClients;
import io.github.dynamokc.aws.AwsErrors;
import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.config.TagFilter;
import io.github.dynamokc.table.TableArn;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.GetResourcesResponse;
import software.amazon.awssdk.services.resourcegroupstaggingapi.model.ResourceTagMapping;

/**
 * Finds the tables that a configuration selects by name or tags, of the caller's account and
 * region.
 *
 * <p>ListTables and GetResources are eventually consistent: a table may be missing from one answer
 * or be in one that is gone. What that means is for the caller to conclude. For one thread at a
 * time.
 */
public final class TableFinder {
  public static final String LIST_TABLES = "dynamodb:ListTables";
  public static final String GET_RESOURCES = "tag:GetResources";

  private static final Logger LOG = LoggerFactory.getLogger(TableFinder.class);
  private static final String TABLES = "dynamodb:table";
  private static final String NO_TOKEN = "";

  /** The most that AWS gives at once, of either. */
  private static final int PAGE = 100;

  /** A token lives for 15 minutes, and a call can be repeated for longer than that. */
  private static final int BEGINNINGS = 3;

  private final TableSelection selection;
  private final AwsClients aws;
  private final Calls calls;

  /** Makes a call to AWS, repeatedly or not. {@code RetryingCalls::call} is one. */
  @FunctionalInterface
  public interface Calls {
    /**
     * Makes a call.
     *
     * @param action the IAM action
     * @param resource what it is called on, for messages
     * @throws InterruptedException if the work is stopped
     */
    <T> T call(String action, String resource, Supplier<T> call) throws InterruptedException;
  }

  public TableFinder(TableSelection selection, AwsClients aws, Calls calls) {
    this.selection = selection;
    this.aws = aws;
    this.calls = calls;
  }

  /**
   * Asks AWS for the tables that are there now.
   *
   * @return their names, sorted, without those that the configuration names itself; empty if
   *     nothing is to be discovered
   * @throws org.apache.kafka.connect.errors.ConnectException if AWS refuses or does not answer
   * @throws InterruptedException if the work is stopped
   */
  public Set<String> find() throws InterruptedException {
    Set<String> found = new TreeSet<>();
    if (!selection.discovers()) {
      return found;
    }
    // Tags are the narrower question: names alone decide what is taken of its answer.
    Set<String> all = selection.tags().isEmpty() ? listed() : tagged();
    for (String name : all) {
      if (selection.matchesName(name) && !selection.names(name)) {
        found.add(name);
      }
    }
    return Collections.unmodifiableSet(found);
  }

  private Set<String> listed() throws InterruptedException {
    Set<String> names = new TreeSet<>();
    String last = null;
    do {
      String after = last;
      ListTablesResponse page =
          calls.call(
              LIST_TABLES,
              "*",
              () -> aws.dynamoDb().listTables(r -> r.limit(PAGE).exclusiveStartTableName(after)));
      names.addAll(page.tableNames());
      last = page.lastEvaluatedTableName();
    } while (last != null);
    return names;
  }

  private Set<String> tagged() throws InterruptedException {
    for (int beginning = 1; ; beginning++) {
      try {
        return taggedFromTheFirstPage();
      } catch (RuntimeException e) {
        if (beginning == BEGINNINGS || !AwsErrors.isPaginationTokenExpired(e)) {
          throw e;
        }
        LOG.info("A listing of tables by tags took too long; it begins anew", e);
      }
    }
  }

  private Set<String> taggedFromTheFirstPage() throws InterruptedException {
    Set<String> names = new TreeSet<>();
    String token = NO_TOKEN;
    do {
      String from = token;
      GetResourcesResponse page = calls.call(GET_RESOURCES, "*", () -> resources(from));
      for (ResourceTagMapping resource : page.resourceTagMappingList()) {
        String name = TableArn.tableName(resource.resourceARN());
        if (name != null) {
          names.add(name);
        }
      }
      token = page.paginationToken() == null ? NO_TOKEN : page.paginationToken();
    } while (!token.isEmpty());
    return names;
  }

  private GetResourcesResponse resources(String token) {
    List<software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter> filters =
        selection.tags().stream().map(TableFinder::filter).toList();
    return aws.tagging()
        .getResources(
            r ->
                r.resourceTypeFilters(TABLES)
                    .tagFilters(filters)
                    .resourcesPerPage(PAGE)
                    .paginationToken(token));
  }

  private static software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter filter(
      TagFilter tag) {
    var filter =
        software.amazon.awssdk.services.resourcegroupstaggingapi.model.TagFilter.builder()
            .key(tag.key());
    return (tag.value() == null ? filter : filter.values(tag.value())).build();
  }
}
