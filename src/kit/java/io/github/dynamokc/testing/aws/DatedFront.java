package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.Headers;
import io.github.dynamokc.testing.http.FaultyProxy;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of DynamoDB and its streams, and dates all answers by a clock of the test, as AWS
 * dates its own. So time can pass for one connector, while the others of the same AWS see none of
 * it. A connection that is closed behind this front without an answer is closed here, too.
 *
 * <p>The JDK's server sets the date itself and lets nobody change it. So this speaks HTTP by hand:
 * requests with a length, one after the other on each connection, as the SDK sends them.
 */
public final class DatedFront implements AutoCloseable {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int LONGEST_LINE = 64 * 1024;

  private final FaultyProxy behind;
  private final Clock clock;
  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "dated-front");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Listens on a free port of loopback.
   *
   * @param clock dates the answers
   */
  public DatedFront(EmbeddedAws aws, Clock clock) {
    this(aws.dynamoDbEndpoint(), clock);
  }

  DatedFront(URI behind, Clock clock) {
    this.behind = new FaultyProxy(behind);
    this.clock = clock;
    try {
      server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
    threads.execute(this::accept);
  }

  /** Serves DynamoDB and DynamoDB Streams. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Has a connector come this way, and its topics take what is dated by this front. */
  public void reachedBy(Map<String, String> config) {
    config.put("aws.dynamodb.endpoint", endpoint().toString());
    config.put("aws.dynamodb.streams.endpoint", endpoint().toString());
    // A broker refuses what is an hour ahead of its own clock.
    config.put(
        "topic.creation.default.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      while (answerNext(in, connection)) {}
    } catch (IOException e) {
      // Of either side: the client sees the end of its connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  /** Gives false when the client has no more. */
  private boolean answerNext(InputStream in, Socket to) throws IOException, InterruptedException {
    String request = line(in);
    if (request == null) {
      return false;
    }
    String[] parts = request.split(" ");
    Headers headers = new Headers();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    String length = headers.getFirst("Content-Length");
    if (length == null) {
      throw new IOException("A request without a length: " + request);
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    HttpResponse<byte[]> answer =
        behind.send(parts[0], parts[1], headers, body, HttpResponse.BodyHandlers.ofByteArray());
    to.getOutputStream().write(written(answer));
    to.getOutputStream().flush();
    return true;
  }

  private byte[] written(HttpResponse<byte[]> answer) {
    StringBuilder head = new StringBuilder();
    // The reason is for people.
    head.append("HTTP/1.1 ").append(answer.statusCode()).append(" Answer\r\n");
    head.append("Date: ").append(HTTP_DATE.format(clock.instant())).append("\r\n");
    behind.eachHeader(
        answer.headers(),
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(answer.body());
    return bytes.toByteArray();
  }

  /** The next line without its end; null at the end of the stream. */
  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() > LONGEST_LINE) {
        return null;
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
