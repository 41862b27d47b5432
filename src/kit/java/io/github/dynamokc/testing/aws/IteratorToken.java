package io.github.dynamokc.testing.aws;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a shard iterator stands for. The text holds it all, so that no iterator is ever kept.
 *
 * @param after the sequence number after which reading goes on
 * @param generation iterators of an earlier generation have expired
 * @param emptyPages how many empty pages come before the next records
 */
record IteratorToken(
    String streamArn,
    String shardId,
    BigInteger after,
    long issuedMillis,
    int generation,
    int emptyPages) {

  String text() {
    String state =
        String.join(
            "\n",
            shardId,
            after.toString(),
            Long.toString(issuedMillis),
            Integer.toString(generation),
            Integer.toString(emptyPages));
    return streamArn
        + "|1|"
        + Base64.getUrlEncoder().encodeToString(state.getBytes(StandardCharsets.UTF_8));
  }

  static IteratorToken parse(String text) {
    String[] parts = text.split("\\|", -1);
    if (parts.length == 3) {
      try {
        String[] state =
            new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8).split("\n");
        return new IteratorToken(
            parts[0],
            state[0],
            new BigInteger(state[1]),
            Long.parseLong(state[2]),
            Integer.parseInt(state[3]),
            Integer.parseInt(state[4]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        // Not one of ours.
      }
    }
    throw AwsErrorException.badRequest("ValidationException", "Invalid ShardIterator");
  }
}
