package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The signature is the one that the SDK makes of the same request. */
class QuickSignatureTest {
  private static final String TYPE = "application/x-amz-json-1.0";
  private static final String TARGET = "DynamoDBStreams_20120810.GetRecords";
  private static final Instant DAY = Instant.parse("2026-03-04T23:59:58Z");

  private final QuickSignature signature =
      new QuickSignature("streams.example", TYPE, TARGET, "eu-west-1", "dynamodb");

  @Test
  void theSignatureIsTheSdks() {
    AwsCredentialsIdentity plain = AwsCredentialsIdentity.create("AKID", "secret/+x");
    AwsCredentialsIdentity session =
        AwsSessionCredentialsIdentity.create("ASIA", "other secret", "token/with=+");
    for (AwsCredentialsIdentity credentials : List.of(plain, session, plain)) {
      for (int second = 0; second < 4; second++) {
        for (String body : List.of("{}", "{\"ShardIterator\":\"arn:aws|1|AAAA==\"}")) {
          assertSame(credentials, DAY.plus(Duration.ofSeconds(second)), body);
        }
      }
    }
  }

  private void assertSame(AwsCredentialsIdentity credentials, Instant now, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest.Builder quick = request();
    signature.sign(quick, body, credentials, now);
    SdkHttpRequest sdks =
        AwsV4HttpSigner.create()
            .sign(
                signing ->
                    signing
                        .identity(credentials)
                        .request(
                            request()
                                .putHeader("Content-Type", TYPE)
                                .putHeader("X-Amz-Target", TARGET)
                                .putHeader("Content-Length", Integer.toString(body.length))
                                .build())
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
            .request();

    assertThat(quick.build().headers()).isEqualTo(sdks.headers());
  }

  private static SdkHttpRequest.Builder request() {
    return SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(URI.create("https://streams.example/"))
        .putHeader("User-Agent", "test");
  }
}
