package io.github.dynamokc.testing.aws;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where an embedded AWS listens. All that tests do stays on loopback; a container must be reached
 * from others.
 *
 * @param dynamoDb of DynamoDB and its streams
 * @param s3 with a port that is free, not 0: the server takes it as it is
 */
public record Listeners(InetSocketAddress dynamoDb, InetSocketAddress s3) {

  /** A free port of loopback, which the system chooses when it is listened on. */
  static InetSocketAddress onLoopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
