package io.github.dynamokc.testing.aws;

import io.github.dynamokc.testing.EmbeddedJars;
import io.github.dynamokc.testing.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An S3 server in a JVM of its own, path style, that accepts any credentials and any owner of a
 * bucket. Objects are files under the work directory, so that a large export does not need heap.
 */
final class S3Proxy implements AutoCloseable {
  private final JvmProcess process;
  private final int port;

  private S3Proxy(JvmProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  static S3Proxy launch(Path workDirectory, InetSocketAddress address) {
    int port = address.getPort();
    Path settings = workDirectory.resolve("s3proxy.properties");
    Path objects = workDirectory.resolve("s3").toAbsolutePath();
    try {
      Files.createDirectories(objects);
      Files.writeString(
          settings,
          """
          s3proxy.authorization=none
          s3proxy.endpoint=http://%s:%d
          s3proxy.ignore-unknown-headers=true
          jclouds.provider=filesystem-nio2
          jclouds.identity=identity
          jclouds.credential=credential
          jclouds.filesystem.basedir=%s
          """
              .formatted(address.getAddress().getHostAddress(), port, objects));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + settings, e);
    }
    JvmProcess process =
        JvmProcess.start(
            "s3proxy",
            workDirectory.resolve("s3proxy.log"),
            List.of(EmbeddedJars.classPath("s3")),
            List.of("-Xmx256m", "-DLOG_LEVEL=warn"),
            "org.gaul.s3proxy.Main",
            List.of("--properties", settings.toAbsolutePath().toString()));
    return new S3Proxy(process, port);
  }

  void awaitReady() {
    process.awaitPort(port, Duration.ofSeconds(60));
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.kill();
  }
}
