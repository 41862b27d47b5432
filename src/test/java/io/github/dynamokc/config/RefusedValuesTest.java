package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a user reads of a refused value has one form: what it must be, and what it is; but never a
 * value that can be confidential.
 */
class RefusedValuesTest {
  private static final Pattern FORM =
      Pattern.compile("must .+, (is|which (is|are) not set)\\b.*", Pattern.DOTALL);

  /** Is in each value that may be a secret. */
  private static final String MARK = "s3cr3t";

  /** One of them is wrong for each key that not all values are good for. */
  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "-1",
          "0",
          "1.5",
          "99999999999999999999",
          MARK,
          MARK + " /?*",
          MARK + "\u0001",
          ":" + MARK,
          "http://" + MARK,
          "http://user:" + MARK + "@host:80:80",
          "http://" + MARK + "@host",
          "s3://" + MARK + "/orders",
          MARK + ":a,b",
          "a:" + MARK + ",A:" + MARK,
          "a:1,b:2,c:3,d:4,e:5,f:" + MARK,
          "orders,orders",
          "arn:aws:dynamodb:eu-west-1:123456789012:table/one,"
              + "arn:aws:dynamodb:us-east-1:123456789012:table/two",
          "a/b".repeat(1_000));

  private static Map<String, String> good() {
    Map<String, String> props = new HashMap<>();
    props.put("name", "a-connector");
    props.put("tables", "orders");
    props.put("snapshot.mode", "no_data");
    return props;
  }

  static Stream<ConfigDef.ConfigKey> keys() {
    return ConnectorConfig.definition().configKeys().values().stream();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void whatIsWrongWithAValueHasTheForm(ConfigDef.ConfigKey key) {
    List<ConfigProblem> all = new ArrayList<>();
    for (String prefix : List.of("", "table.orders.")) {
      for (String value : VALUES) {
        Map<String, String> props = good();
        props.put(prefix + key.name, value);
        List<ConfigProblem> problems = ConnectorConfig.problems(props);
        assertThat(problems)
            .allSatisfy(problem -> assertThat(problem.message()).matches(FORM))
            .allSatisfy(problem -> assertThat(problem.message()).doesNotStartWith(problem.key()));
        problems.stream().filter(p -> p.key().equals(key.name)).forEach(all::add);
        if (isConfidential(key)) {
          assertThat(problems)
              .allSatisfy(problem -> assertThat(problem.message()).doesNotContain(MARK));
        }
      }
    }
    boolean takesAll = key.validator == null && key.type == ConfigDef.Type.STRING;
    boolean takesAllSecrets = key.validator == null && key.type == ConfigDef.Type.PASSWORD;
    if (!takesAll && !takesAllSecrets) {
      assertThat(all).as("one of the values is bad").isNotEmpty();
    }
  }

  /** Kafka hides passwords; what is written to a URL or as a header may hold one as well. */
  private static boolean isConfidential(ConfigDef.ConfigKey key) {
    return key.type == ConfigDef.Type.PASSWORD
        || key.validator == Validators.ENDPOINT
        || key.name.equals(RoleConfig.HEADER_OVERRIDES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=,tables=orders",
        "tables=",
        "tables=ab",
        "tables=orders;aws.region=eu-west-1;stream.poll.interval.ms=500;stream.poll.idle.max.ms=400",
        "tables=orders;snapshot.mode=initial",
        "tables=arn:aws:dynamodb:eu-west-1:123456789012:table/orders;aws.region=us-east-1",
        "tables=orders;export.arn=arn:aws:dynamodb:eu-west-1:123456789012:table/others/export/1",
        "tables=orders,others;topic.format=all",
        "tables=my.table,my_table",
        "tables=orders;topic.format=${table}/x",
        "tables=orders;status.topic=orders",
        "tables=or.ders;status.topic=or_ders",
        "name=a connector;tables=orders",
        "tables=orders;table.other.topic.format=x",
        "tables=orders;table.orders.aws.region=x",
        "tables=orders;table.orders.stream.poll.interval.ms=often",
        "tables=orders;aws.access.key.id=AKIA",
        "tables=orders;aws.secret.access.key=s3cr3t",
        "tables=orders;aws.session.token=s3cr3t",
        "tables=orders;aws.access.key.id=AKIA;aws.secret.access.key=s3cr3t;aws.credentials.provider.class=x.Y",
        "tables=orders;aws.sts.external.id=s3cr3t",
        "tables=orders;struct.registry.basic.auth.user.info=user:s3cr3t",
        "tables=orders;struct.registry.url=http://host",
        "tables=orders;value.format=struct;struct.registry.url=http://host;value.converter=org.apache.kafka.connect.json.JsonConverter",
        "tables=orders;value.converter=org.apache.kafka.connect.json.JsonConverter",
        "tables=orders;value.converter=org.apache.kafka.connect.converters.LongConverter",
        "tables=orders;key.format=struct;key.converter=org.apache.kafka.connect.storage.StringConverter",
        "tables=orders;topic.prefix=x",
        "tables=orders;snapshot.mod=no_data"
      })
  void whatIsWrongBetweenKeysHasTheForm(String config) {
    Map<String, String> props = good();
    for (String each : config.split(";")) {
      int equals = each.indexOf('=');
      props.put(each.substring(0, equals), each.substring(equals + 1));
    }

    assertThat(ConnectorConfig.problems(props))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem.message()).matches(FORM).doesNotContain(MARK));
  }

  @Test
  void theAnswerToAValidationNamesTheKeyOnce() {
    Map<String, String> props = good();
    props.put("export.s3.bucket", "s3://bucket");
    props.put("stream.poll.interval.ms", "often");

    assertThat(ConnectorConfig.validate(props).configValues())
        .flatExtracting(ConfigValue::errorMessages)
        .containsExactlyInAnyOrder(
            "export.s3.bucket must be a bucket's name, without 's3://' and path, is s3://bucket",
            "stream.poll.interval.ms must be a whole number, 1 or more, is often");
  }
}
