package io.github.dynamokc.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A port on loopback where a client gets nowhere. */
public final class DeadEnd implements AutoCloseable {
  private final ServerSocket socket;
  private final CountDownLatch closed = new CountDownLatch(1);

  private DeadEnd() {
    try {
      socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on loopback", e);
    }
  }

  /** Nobody listens. */
  public static DeadEnd closed() {
    DeadEnd deadEnd = new DeadEnd();
    deadEnd.close();
    return deadEnd;
  }

  /** Takes connections and never answers. */
  public static DeadEnd silent() {
    return new DeadEnd();
  }

  /** Sends an answer header after header, ten a second, without an end. */
  public static DeadEnd dripping() {
    DeadEnd deadEnd = new DeadEnd();
    Thread accepting = new Thread(deadEnd::accept, "dripping");
    accepting.setDaemon(true);
    accepting.start();
    return deadEnd;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Thread dripping = new Thread(() -> drip(client), "dripping");
        dripping.setDaemon(true);
        dripping.start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void drip(Socket client) {
    try (client) {
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; !closed.await(100, TimeUnit.MILLISECONDS); i++) {
        client
            .getOutputStream()
            .write("x-%d: y\r\n".formatted(i).getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
