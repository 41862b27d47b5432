package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest requests of a server, in the order of their answers; bounded, for long runs. */
final class RequestLog {
  private static final int MAX_ENTRIES = 20_000;
  private static final int MAX_BODY_BYTES = 8_192;

  private final Deque<LoggedRequest> entries = new ArrayDeque<>();

  synchronized void add(AwsRequest request, AwsResponse response) {
    if (entries.size() == MAX_ENTRIES) {
      entries.removeFirst();
    }
    int status = response instanceof AwsResponse.Reply reply ? reply.status() : 0;
    JsonNode body =
        request.body().length > MAX_BODY_BYTES ? MissingNode.getInstance() : request.json();
    entries.addLast(new LoggedRequest(request.target(), status, body));
  }

  synchronized List<LoggedRequest> requests() {
    return List.copyOf(entries);
  }

  synchronized void clear() {
    entries.clear();
  }
}
