package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path README = Path.of("README.md");
  private static final String REWRITE = "rewriteConfigReference";

  @Test
  void theReadmeShowsTheKeysAsTheyAreDefined() throws IOException {
    String readme = Files.readString(README);
    assertThat(readme)
        .containsOnlyOnce(ConfigReference.BEGIN)
        .containsOnlyOnce(ConfigReference.END);
    String expected =
        ConfigReference.replaceIn(readme, ConfigReference.render(ConnectorConfig.definition()));
    if (Boolean.getBoolean(REWRITE)) {
      Files.writeString(README, expected);
      return;
    }
    assertThat(readme)
        .as(
            "The configuration reference in README.md is out of date. Rewrite it with:"
                + " mvn test -Dtest=ConfigReferenceTest -D"
                + REWRITE
                + "=true")
        .isEqualTo(expected);
  }

  @Test
  void theSamplesOfTheReadmeAreValidConfigurations() throws IOException {
    Matcher samples =
        Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    int found = 0;
    while (samples.find()) {
      Map<String, String> props =
          new ObjectMapper()
              .readValue(samples.group(1), new TypeReference<LinkedHashMap<String, String>>() {});
      assertThat(ConnectorConfig.problems(props)).as(samples.group(1)).isEmpty();
      found++;
    }
    assertThat(found).isEqualTo(4);
  }

  @Test
  void theGroupsComeInTheOrderOfAUsersQuestions() {
    assertThat(ConnectorConfig.definition().groups())
        .containsExactly("Tables", "AWS", "Snapshot", "Stream", "Records", "Delivery");
  }

  @Test
  void everyKeyIsDescribed() {
    assertThat(ConnectorConfig.definition().configKeys().values())
        .allSatisfy(
            key -> {
              assertThat(key.documentation).endsWith(".").hasSizeGreaterThan(20);
              assertThat(key.displayName).isNotEqualTo(key.name).isNotBlank();
              assertThat(key.width).isNotEqualTo(ConfigDef.Width.NONE);
              assertThat(key.orderInGroup).isPositive();
            });
  }
}
