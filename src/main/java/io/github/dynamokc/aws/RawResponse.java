package io.github.dynamokc.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Takes the body of a successful answer away from the SDK, as the bytes that came: images are
 * DynamoDB JSON, which the connector decodes itself, once, with attribute order and number text as
 * they are. The SDK still signs, sends, retries and reads errors. The CRC32 that DynamoDB sends
 * with each answer is checked here instead.
 *
 * <p>One instance a request, given to it as {@link #ATTRIBUTE}; the interceptor leaves requests
 * without one alone.
 */
public final class RawResponse {
  /** Give this to a request's override configuration. */
  public static final ExecutionAttribute<RawResponse> ATTRIBUTE =
      new ExecutionAttribute<>("DynamoDbRawResponse");

  private static final String CRC32_HEADER = "x-amz-crc32";
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

  /** An answer has at most a megabyte of changes. */
  private static final int LENGTH_DIGITS = 8;

  private byte @Nullable [] body;

  /** The body of the answer to the request, once it has returned. */
  public byte[] body() {
    byte[] bytes = body;
    if (bytes == null) {
      throw new IllegalStateException("The request has no answer yet");
    }
    return bytes;
  }

  /**
   * Takes the body of an answer that did not come through the SDK.
   *
   * @return false, and nothing is taken, if it does not have its CRC32
   */
  boolean take(byte[] bytes, SdkHttpResponse response) {
    String crc32 = response.firstMatchingHeader(CRC32_HEADER).orElse(null);
    if (crc32 != null && Long.parseLong(crc32) != Interceptor.crc32(bytes)) {
      return false;
    }
    body = bytes;
    return true;
  }

  /** All of a body, in an array that is made once if the answer says how long it is. */
  static byte[] read(InputStream in, SdkHttpResponse response) throws IOException {
    int announced = length(response);
    byte[] bytes = new byte[announced];
    int read = in.readNBytes(bytes, 0, announced);
    byte[] rest = in.readAllBytes();
    if (read == announced && rest.length == 0) {
      return bytes;
    }
    byte[] all = Arrays.copyOf(bytes, read + rest.length);
    System.arraycopy(rest, 0, all, read, rest.length);
    return all;
  }

  /** 0 if it is not known, or too much to be true. */
  private static int length(SdkHttpResponse response) {
    String length = response.firstMatchingHeader("Content-Length").orElse("");
    if (length.isEmpty() || length.length() > LENGTH_DIGITS) {
      return 0;
    }
    for (int i = 0; i < length.length(); i++) {
      if (length.charAt(i) < '0' || length.charAt(i) > '9') {
        return 0;
      }
    }
    return Integer.parseInt(length);
  }

  /** To be registered with every client whose requests may carry the attribute. */
  static final class Interceptor implements ExecutionInterceptor {
    @Override
    public SdkHttpResponse modifyHttpResponse(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      SdkHttpResponse response = context.httpResponse();
      if (attributes.getAttribute(ATTRIBUTE) == null || !response.isSuccessful()) {
        return response;
      }
      String crc32 = response.firstMatchingHeader(CRC32_HEADER).orElse(null);
      attributes.putAttribute(EXPECTED_CRC32, crc32 == null ? -1 : Long.parseLong(crc32));
      return response.toBuilder().removeHeader(CRC32_HEADER).build();
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      RawResponse taker = attributes.getAttribute(ATTRIBUTE);
      Optional<InputStream> content = context.responseBody();
      if (taker == null || !context.httpResponse().isSuccessful() || content.isEmpty()) {
        return content;
      }
      byte[] bytes;
      try (InputStream in = content.get()) {
        bytes = read(in, context.httpResponse());
      } catch (IOException e) {
        throw SdkClientException.create("The body of an answer broke off", e);
      }
      Long expected = attributes.getAttribute(EXPECTED_CRC32);
      if (expected != null && expected >= 0 && expected != crc32(bytes)) {
        throw SdkClientException.create(
            "The body of an answer does not have its CRC32", new IOException("CRC32 mismatch"));
      }
      taker.body = bytes;
      return Optional.of(new ByteArrayInputStream(EMPTY_OBJECT));
    }

    private static final ExecutionAttribute<Long> EXPECTED_CRC32 =
        new ExecutionAttribute<>("DynamoDbRawResponseCrc32");

    private static long crc32(byte[] bytes) {
      CRC32 crc32 = new CRC32();
      crc32.update(bytes);
      return crc32.getValue();
    }
  }
}
