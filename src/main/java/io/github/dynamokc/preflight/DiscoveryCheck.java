package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.TableSelection;
import io.github.dynamokc.discovery.TableFinder;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which tables are discovered now, and whether they are more than may be. */
final class DiscoveryCheck implements CheckRun.Questions {
  private final SdkAwsClients aws;
  private final TableSelection selection;
  private @Nullable List<String> found;

  DiscoveryCheck(TableSelection selection, SdkAwsClients aws) {
    this.aws = aws;
    this.selection = selection;
  }

  /** The key that tables are discovered by. */
  static String key(TableSelection selection) {
    return selection.tags().isEmpty() ? TableSelection.INCLUDE : TableSelection.TAGS;
  }

  @Override
  public void ask(CheckRun probe) throws InterruptedException {
    List<String> names;
    try {
      names = List.copyOf(new TableFinder(selection, aws, new Once(probe)).find());
    } catch (Unanswered e) {
      return;
    }
    keep(names);
    if (names.size() > selection.max()) {
      probe.found(
          TableSelection.MAX,
          "too many tables",
          "must be %d or more, as many tables as match %s now, is %d"
              .formatted(names.size(), key(selection), selection.max()));
    }
  }

  private synchronized void keep(List<String> names) {
    found = names;
  }

  /** The names, sorted; null if AWS did not say. */
  synchronized @Nullable List<String> found() {
    return found;
  }

  /** Asks once; what is refused is kept by the probe. */
  private record Once(CheckRun probe) implements TableFinder.Calls {
    @Override
    public <T> T call(String action, String resource, Supplier<T> call)
        throws InterruptedException {
      boolean listing = action.equals(TableFinder.LIST_TABLES);
      T answer =
          probe.ask(
              AccessCheck.decisive(
                  listing ? Service.DYNAMODB : Service.TAGGING,
                  action,
                  resource,
                  listing ? TableSelection.INCLUDE : TableSelection.TAGS),
              call);
      if (answer == null) {
        throw new Unanswered();
      }
      return answer;
    }
  }

  /** There is no answer, which the probe knows. */
  private static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
