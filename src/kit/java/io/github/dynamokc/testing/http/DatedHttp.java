package io.github.dynamokc.testing.http;

import com.sun.net.httpserver.Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server whose answers are dated by a clock of its owner. The JDK's server sets the date
 * itself and lets nobody change it, so this speaks HTTP/1.1 by hand: requests with a length or
 * without a body, one after the other on each connection, which has a thread of its own. A handler
 * may take its time.
 */
public final class DatedHttp implements AutoCloseable {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int BACKLOG = 200;

  /** A request; the target is path and query. */
  public record Request(String method, String target, Headers headers, byte[] body) {}

  /**
   * An answer.
   *
   * @param headers without date and length
   * @param bytes how many of the body are sent; after fewer than all the connection is closed
   */
  public record Answer(int status, Headers headers, byte[] body, int bytes) {}

  /** Answers a request, from the thread of its connection; null closes the connection. */
  public interface Handler {
    @Nullable Answer handle(Request request) throws IOException, InterruptedException;
  }

  private final Clock clock;
  private final Handler handler;
  private final ServerSocket server;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  private DatedHttp(String name, ServerSocket server, Clock clock, Handler handler) {
    this.clock = clock;
    this.handler = handler;
    this.server = server;
    this.threads = LoopbackHttp.threads(name);
    threads.execute(this::accept);
  }

  /**
   * @param name of the threads
   * @param address to listen on
   * @param clock dates the answers
   */
  public static DatedHttp start(
      String name, InetSocketAddress address, Clock clock, Handler handler) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(address, BACKLOG);
      return new DatedHttp(name, server, clock, handler);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + address, e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
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

  /** Gives false when the connection is to be closed. */
  private boolean answerNext(InputStream in, Socket to) throws IOException, InterruptedException {
    String first = line(in);
    if (first == null) {
      return false;
    }
    String[] parts = first.split(" ");
    Headers headers = headers(in);
    if (parts.length != 3 || headers.containsKey("Transfer-Encoding")) {
      throw new IOException("Not a request with a length: " + first);
    }
    String length = headers.getFirst("Content-Length");
    byte[] body = length == null ? new byte[0] : in.readNBytes(Integer.parseInt(length));
    Answer answer = handler.handle(new Request(parts[0], parts[1], headers, body));
    if (answer == null) {
      return false;
    }
    to.getOutputStream().write(written(answer));
    to.getOutputStream().flush();
    return answer.bytes() == answer.body().length
        && !parts[2].equals("HTTP/1.0")
        && !"close".equalsIgnoreCase(headers.getFirst("Connection"));
  }

  private static Headers headers(InputStream in) throws IOException {
    Headers headers = new Headers();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] written(Answer answer) {
    StringBuilder head = new StringBuilder();
    // The reason is for people.
    head.append("HTTP/1.1 ").append(answer.status()).append(" Answer\r\n");
    head.append("Date: ").append(HTTP_DATE.format(clock.instant())).append("\r\n");
    answer
        .headers()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n")));
    head.append("Content-Length: ").append(answer.body().length).append("\r\n\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(answer.body(), 0, answer.bytes());
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
