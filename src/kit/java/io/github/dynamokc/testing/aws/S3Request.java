package io.github.dynamokc.testing.aws;

import com.sun.net.httpserver.Headers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to S3 in path style, without its body.
 *
 * @param key what comes behind the bucket, decoded; empty for the bucket itself
 */
public record S3Request(String method, String bucket, String key, Headers headers) {
  private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/\\d{8}/([^/]+)/([^/]+)/");

  static S3Request of(String method, String path, Headers headers) {
    String[] parts = path.split("/", 3);
    return new S3Request(
        method, parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "", headers);
  }

  /** The bytes that are wanted, as in {@code bytes=100-}; null for all. */
  public @Nullable String range() {
    return headers.getFirst("Range");
  }

  /** The ETag that the object must have. */
  public @Nullable String ifMatch() {
    return headers.getFirst("If-Match");
  }

  /** The account that must own the bucket. */
  public @Nullable String expectedBucketOwner() {
    return headers.getFirst("x-amz-expected-bucket-owner");
  }

  /** The region that the request was signed for. */
  public @Nullable String signedRegion() {
    String authorization = headers.getFirst("Authorization");
    Matcher scope = SCOPE.matcher(authorization == null ? "" : authorization);
    return scope.find() && scope.group(2).equals("s3") ? scope.group(1) : null;
  }
}
