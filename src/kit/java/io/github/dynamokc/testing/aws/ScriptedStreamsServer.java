package io.github.dynamokc.testing.aws;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Serves {@link ScriptedStreams} on loopback, for clients of DynamoDB Streams. */
public final class ScriptedStreamsServer implements AutoCloseable {
  private final AwsJsonServer server;

  public ScriptedStreamsServer(ScriptedStreams streams) {
    server = new AwsJsonServer("scripted-streams", new ScriptedStreamsProtocol(streams)::answer);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** The latest 20,000 requests, oldest first. */
  public List<LoggedRequest> requests() {
    return server.log().requests();
  }

  /** Asks {@code hook} about each request before the streams; what it gives is the answer. */
  public void onRequest(Function<AwsRequest, Optional<AwsResponse>> hook) {
    server.addHook(hook);
  }

  @Override
  public void close() {
    server.close();
  }
}
