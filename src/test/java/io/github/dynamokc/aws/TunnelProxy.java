package io.github.dynamokc.aws;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A proxy on loopback that is asked for a tunnel: wants a user, and refuses the tunnel once it
 * knows him. The JDK's HTTP server does not know CONNECT.
 */
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final CompletableFuture<String> tunnel = new CompletableFuture<>();

  TunnelProxy() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    Thread thread = new Thread(this::serve, "tunnel-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The head of the first request that came with a user. */
  String tunnel() throws Exception {
    return tunnel.get(20, TimeUnit.SECONDS);
  }

  private void serve() {
    try {
      while (!tunnel.isDone()) {
        try (Socket socket = listener.accept()) {
          answer(socket);
        }
      }
    } catch (IOException e) {
      tunnel.completeExceptionally(e);
    }
  }

  private void answer(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    boolean known = head.toString().toLowerCase(Locale.ROOT).contains("proxy-authorization:");
    String answer =
        known
            ? "HTTP/1.1 502 Bad Gateway\r\n"
            : "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n";
    socket
        .getOutputStream()
        .write(
            (answer + "Connection: close\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    if (known) {
      tunnel.complete(head.toString());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
