package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.Headers;
import io.github.dynamokc.testing.http.DatedHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that speaks the JSON protocol of DynamoDB: it reads requests, logs them, lets the
 * hooks of a test answer first, and knows how to break a connection.
 */
final class AwsJsonServer implements AutoCloseable {
  /** Answers a request, from a thread of the server. */
  interface Handler {
    AwsResponse handle(AwsRequest request) throws IOException, InterruptedException;
  }

  private final DatedHttp server;
  private final Handler handler;
  private final RequestLog log = new RequestLog();
  private final List<Function<AwsRequest, Optional<AwsResponse>>> hooks =
      new CopyOnWriteArrayList<>();

  /** Listens on loopback, on a port that is free, in the machine's time. */
  AwsJsonServer(String name, Handler handler) {
    this(name, Listeners.onLoopback(), Clock.systemUTC(), handler);
  }

  /**
   * @param clock dates the answers
   */
  AwsJsonServer(String name, InetSocketAddress address, Clock clock, Handler handler) {
    this.handler = handler;
    this.server = DatedHttp.start(name, address, clock, this::serve);
  }

  URI endpoint() {
    return server.uri();
  }

  RequestLog log() {
    return log;
  }

  /** Asks {@code hook} before the handler; it may also block, on a latch, to delay an answer. */
  void addHook(Function<AwsRequest, Optional<AwsResponse>> hook) {
    hooks.add(hook);
  }

  void clearHooks() {
    hooks.clear();
  }

  private DatedHttp.@Nullable Answer serve(DatedHttp.Request received) {
    String target = received.headers().getFirst("x-amz-target");
    AwsRequest request =
        new AwsRequest(target == null ? "" : target, received.headers(), received.body());
    AwsResponse response = answer(request);
    log.add(request, response);
    if (response instanceof AwsResponse.Reply reply) {
      return sent(reply, reply.body().length);
    }
    return response instanceof AwsResponse.Cut cut ? sent(cut.reply(), cut.bytes()) : null;
  }

  private AwsResponse answer(AwsRequest request) {
    try {
      for (Function<AwsRequest, Optional<AwsResponse>> hook : hooks) {
        Optional<AwsResponse> response = hook.apply(request);
        if (response.isPresent()) {
          return response.get();
        }
      }
      return handler.handle(request);
    } catch (AwsErrorException e) {
      return AwsResponse.error(e.status(), e.errorCode(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AwsResponse.ConnectionClosed();
    } catch (IOException | RuntimeException e) {
      // A mistake in a test or in this server: it must show in the client's message.
      return AwsResponse.error(500, "InternalServerError", e.toString());
    }
  }

  private static DatedHttp.Answer sent(AwsResponse.Reply reply, int bytes) {
    Headers headers = new Headers();
    headers.set("x-amzn-RequestId", UUID.randomUUID().toString());
    reply.headers().forEach(headers::set);
    return new DatedHttp.Answer(reply.status(), headers, reply.body(), bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
