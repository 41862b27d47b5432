package io.github.dynamokc.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;

class RawResponseTest {
  /** A length that is not true is the business of whoever checks the bytes: all are given. */
  @ParameterizedTest
  @ValueSource(
      strings = {"5000", "4999", "1", "0", "5001", "99999", "", "-1", "x", "9999999999999"})
  void allOfABodyIsReadWhateverLengthIsAnnounced(String announced) throws IOException {
    byte[] body = new byte[5_000];
    new Random(7).nextBytes(body);
    SdkHttpResponse response =
        SdkHttpFullResponse.builder()
            .statusCode(200)
            .putHeader("Content-Length", announced)
            .build();
    assertThat(RawResponse.read(new ByteArrayInputStream(body), response)).isEqualTo(body);
    assertThat(
            RawResponse.read(
                new ByteArrayInputStream(body),
                SdkHttpFullResponse.builder().statusCode(200).build()))
        .isEqualTo(body);
  }
}
