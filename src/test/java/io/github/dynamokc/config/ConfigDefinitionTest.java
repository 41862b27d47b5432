package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a form needs to show a key: its group, its values, and when it matters. */
class ConfigDefinitionTest {
  private static final ConfigDef DEFINITION = ConnectorConfig.definition();

  static Stream<String> names() {
    return DEFINITION.names().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aKeyIsInAGroupAndExplained(String name) {
    ConfigKey key = DEFINITION.configKeys().get(name);
    assertThat(DEFINITION.groups()).contains(key.group);
    assertThat(key.documentation).isNotBlank();
    assertThat(key.importance).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theDependentsOfAKeyAreKeys(String name) {
    assertThat(DEFINITION.names()).containsAll(DEFINITION.configKeys().get(name).dependents);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aKeyOfFewValuesRecommendsExactlyTheAcceptedOnes(String name) {
    ConfigKey key = DEFINITION.configKeys().get(name);
    if (!(key.validator instanceof EnumOption<?>)) {
      return;
    }
    assertThat(key.recommender).as("of one of a few values").isSameAs(key.validator);
    List<Object> values = key.recommender.validValues(name, Map.of());
    assertThat(values).hasSizeGreaterThan(1).contains(key.defaultValue);
    assertThat(values).allSatisfy(value -> key.validator.ensureValid(name, value));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aKeyThatIsShownForAnotherKeyIsAmongItsDependents(String name) {
    if (DEFINITION.configKeys().get(name).recommender instanceof VisibleWhen shown) {
      ConfigKey other = DEFINITION.configKeys().get(shown.otherKey());
      assertThat(other.dependents).contains(name);
    }
  }

  @Test
  void theVisibilityOfAKeyFollowsTheKeysItDependsOn() {
    assertThat(visible("aws.sts.external.id")).isFalse();
    assertThat(
            visible("aws.sts.external.id", "aws.sts.role.arn", "arn:aws:iam::123456789012:role/r"))
        .isTrue();
    assertThat(visible("aws.session.token")).isFalse();
    assertThat(visible("aws.session.token", "aws.access.key.id", "AKID")).isTrue();
    for (String key : List.of("snapshot.id", "export.s3.prefix", "export.arn")) {
      assertThat(visible(key)).isTrue();
      assertThat(visible(key, "snapshot.mode", "initial_only")).isTrue();
      assertThat(visible(key, "snapshot.mode", "no_data")).isFalse();
      assertThat(visible(key, "snapshot.mode", "never")).as("of a bad mode").isTrue();
    }
  }

  @Test
  void whatARepairNeedsIsShownWithoutASnapshotToo() {
    String[] repair = {"snapshot.mode", "no_data", "stream.on.data.loss", "repair"};
    for (String key : SnapshotConfig.OF_ALL_EXPORTS) {
      assertThat(visible(key)).isTrue();
      assertThat(visible(key, repair)).isTrue();
      assertThat(visible(key, "snapshot.mode", "no_data")).isFalse();
    }
    assertThat(visible("export.arn", repair)).isFalse();
  }

  private static boolean visible(String key, String... keysAndValues) {
    Map<String, String> props = new HashMap<>(Props.with(keysAndValues));
    return ConnectorConfig.validate(props).configValues().stream()
        .filter(value -> value.name().equals(key))
        .map(ConfigValue::visible)
        .findFirst()
        .orElseThrow();
  }
}
