package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsConfigTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/path/reader";

  @ParameterizedTest(name = "{0} alone blames {1}")
  @CsvSource({
    "aws.access.key.id, aws.secret.access.key",
    "aws.secret.access.key, aws.access.key.id",
    "aws.session.token, aws.session.token",
    "aws.sts.external.id, aws.sts.external.id",
    "aws.sts.session.name, aws.sts.session.name",
  })
  void keysThatBelongTogetherMustBeGivenTogether(String key, String blamed) {
    assertThat(ConnectorConfig.problems(Props.with(key, "abc")))
        .extracting(ConfigProblem::key)
        .containsExactly(blamed);
  }

  @Test
  void headerOverridesNeedARole() {
    assertThat(ConnectorConfig.problems(Props.with("aws.sts.header.overrides", "a:b")))
        .extracting(ConfigProblem::key)
        .containsExactly("aws.sts.header.overrides");
  }

  @Test
  void staticKeysAndAProviderClassExcludeEachOther() {
    assertThat(
            ConnectorConfig.problems(
                Props.with(
                    "aws.access.key.id", "id",
                    "aws.secret.access.key", "s",
                    "aws.credentials.provider.class", "x.Y")))
        .extracting(ConfigProblem::key)
        .containsExactly("aws.credentials.provider.class");
  }

  @Test
  void allKeysAreRead() {
    AwsConfig aws =
        aws(
            "aws.region", "eu-west-1",
            "aws.access.key.id", "id",
            "aws.secret.access.key", "secret",
            "aws.session.token", "token",
            "aws.sts.role.arn", ROLE,
            "aws.sts.external.id", "ext",
            "aws.sts.session.name", "session",
            "aws.sts.header.overrides", "x-b: 1 , x-a:http://h:1/",
            "aws.dynamodb.endpoint", "http://localhost:1",
            "aws.dynamodb.streams.endpoint", "http://localhost:2",
            "aws.s3.endpoint", "http://localhost:3",
            "aws.s3.path.style.access", "true",
            "aws.sts.endpoint", "http://localhost:4",
            "aws.tagging.endpoint", "http://localhost:5",
            "aws.http.proxy.url", "http://user:p%40ss:word@proxy:3128",
            "aws.api.call.timeout.ms", "5000",
            "aws.retries.max", "7");
    assertThat(aws.region()).isEqualTo("eu-west-1");
    assertThat(aws.credentials())
        .isEqualTo(
            new CredentialsConfig.StaticKeys("id", new Password("secret"), new Password("token")));
    RoleConfig role = aws.role();
    assertThat(role)
        .isEqualTo(
            new RoleConfig(ROLE, "ext", "session", Map.of("x-b", "1", "x-a", "http://h:1/")));
    assertThat(role.headerOverrides())
        .containsExactly(entry("x-b", "1"), entry("x-a", "http://h:1/"));
    assertThat(aws.endpoints())
        .isEqualTo(
            new EndpointsConfig(
                URI.create("http://localhost:1"),
                URI.create("http://localhost:2"),
                URI.create("http://localhost:3"),
                true,
                URI.create("http://localhost:4"),
                URI.create("http://localhost:5")));
    assertThat(aws.proxy())
        .isEqualTo(
            new ProxyConfig(URI.create("http://proxy:3128"), "user", new Password("p@ss:word")));
    assertThat(aws.apiCallTimeout()).hasMillis(5000);
    assertThat(aws.retriesMax()).isEqualTo(7);
  }

  @Test
  void emptyTextIsTheSameAsNoKey() {
    AwsConfig aws =
        aws(
            "aws.region", "",
            "aws.access.key.id", "",
            "aws.secret.access.key", "",
            "aws.session.token", " ",
            "aws.credentials.provider.class", "",
            "aws.sts.role.arn", "",
            "aws.sts.header.overrides", "",
            "aws.s3.endpoint", "",
            "aws.http.proxy.url", "");
    assertThat(aws).isEqualTo(aws());
  }

  @ParameterizedTest
  @CsvSource({
    "aws.sts.header.overrides, x-one confidential",
    "aws.dynamodb.endpoint, https://user:confidential@host",
    "aws.http.proxy.url, user:confidential@host",
  })
  void aRefusalDoesNotQuoteConfidentialValues(String key, String value) {
    assertThat(ConnectorConfig.problems(Props.with("aws.sts.role.arn", ROLE, key, value)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.key()).isEqualTo(key))
        .satisfies(problem -> assertThat(problem.message()).doesNotContain("confidential"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        ":b",
        "a:",
        "a b:c",
        "a:b,",
        "a:b,A:c",
        "a:1,b:2,c:3,d:4,e:5,f:6",
        "a:\u0001"
      })
  void badlyFormedHeaderOverridesAreRefused(String overrides) {
    assertThat(
            ConnectorConfig.problems(
                Props.with("aws.sts.role.arn", ROLE, "aws.sts.header.overrides", overrides)))
        .extracting(ConfigProblem::key)
        .containsExactly("aws.sts.header.overrides");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy:3128",
        "http://proxy",
        "socks://u:hunter2@proxy:1080",
        "http://u:hunter2@proxy",
        "http://u:hunter2 @proxy:1"
      })
  void aBadProxyIsAProblemOfItsKeyAndNeverShown(String url) {
    assertThat(ConnectorConfig.problems(Props.with("aws.http.proxy.url", url)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("aws.http.proxy.url");
              assertThat(problem.message()).doesNotContain("hunter2");
            });
  }

  @Test
  void noSecretIsEverShown() {
    Map<String, String> props =
        Props.with(
            "aws.access.key.id", "id",
            "aws.secret.access.key", "hunter2",
            "aws.session.token", "hunter2",
            "aws.http.proxy.url", "http://user:hunter2@proxy:3128");
    assertThat(ConnectorConfig.from(props).toString()).doesNotContain("hunter2");
    assertThat(ConnectorConfig.validate(props).configValues().toString()).doesNotContain("hunter2");
    props.put("aws.access.key.id", "");
    assertThatThrownBy(() -> ConnectorConfig.from(props))
        .hasMessageContaining("aws.access.key.id")
        .hasMessageNotContaining("hunter2");
  }

  private static AwsConfig aws(String... keysAndValues) {
    return ConnectorConfig.from(Props.with(keysAndValues)).aws();
  }
}
