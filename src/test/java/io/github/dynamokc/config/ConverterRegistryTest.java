package io.github.dynamokc.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the connector learns from the settings of its Avro converter. */
class ConverterRegistryTest {
  private static final String STORE = "value.converter.schema.registry.ssl.";

  private static Map<String, String> props(String... keysAndValues) {
    Map<String, String> props = new HashMap<>();
    props.put("name", "c");
    props.put("tables", "orders");
    props.put("snapshot.mode", "no_data");
    props.put("value.format", "struct");
    props.put("value.converter", "io.confluent.connect.avro.AvroConverter");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      props.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return props;
  }

  private static StructConfig read(Map<String, String> props) {
    return ConnectorConfig.from(props).tables().get(0).records().struct();
  }

  private static List<String> warnings(Map<String, String> props) {
    return ConnectorConfig.from(props).warnings(props).stream()
        .map(problem -> problem.key() + " " + problem.message())
        .toList();
  }

  @Test
  void confluentsRegistryComesWithItsUserAndStores() {
    StructConfig struct =
        read(
            props(
                "value.converter.schema.registry.url",
                "https://r:8081, https://other:8081",
                "value.converter.basic.auth.credentials.source",
                "USER_INFO",
                "value.converter.basic.auth.user.info",
                "me:secret1",
                STORE + "truststore.location",
                "/t.jks",
                STORE + "truststore.password",
                "secret2",
                STORE + "keystore.location",
                "/k.jks",
                STORE + "keystore.password",
                "secret3",
                STORE + "key.password",
                "secret4"));
    assertThat(struct.registry())
        .isEqualTo(
            new RegistryConfig(
                URI.create("https://r:8081"),
                new Password("me:secret1"),
                new RegistryConfig.Store(
                    STORE + "truststore.location", "/t.jks", new Password("secret2")),
                new RegistryConfig.Store(
                    STORE + "keystore.location", "/k.jks", new Password("secret3")),
                new Password("secret4")));
    assertThat(struct.registersValues()).isTrue();
    assertThat(struct.toString()).doesNotContain("secret");
  }

  @Test
  void aUserInTheAddressIsTakenOutOfIt() {
    assertThat(read(props("value.converter.schema.registry.url", "http://me:secret@r")).registry())
        .isEqualTo(
            new RegistryConfig(
                URI.create("http://r"), new Password("me:secret"), null, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "http://r:8080/apis/registry/v2, http://r:8080/apis/ccompat/v7",
    "https://r/x/apis/registry/v3/, https://r/x/apis/ccompat/v7",
  })
  void apicuriosRegistryIsAskedByItsOtherApi(String own, String other) {
    Map<String, String> props =
        props(
            "value.converter", "io.apicurio.registry.utils.converter.AvroConverter",
            "value.converter.apicurio.registry.url", own,
            "value.converter.apicurio.auth.username", "me",
            "value.converter.apicurio.auth.password", "secret");
    assertThat(read(props).registry())
        .isEqualTo(
            new RegistryConfig(URI.create(other), new Password("me:secret"), null, null, null));
    assertThat(read(props).registersValues()).as("not by default").isFalse();
    props.put("value.converter.apicurio.registry.auto-register", "true");
    assertThat(read(props).registersValues()).isTrue();
  }

  @Test
  void whatIsWrittenForTheConnectorCounts() {
    Map<String, String> props =
        props(
            "value.converter.schema.registry.url", "http://me:secret@r",
            "struct.registry.url", "http://other");
    assertThat(read(props).registry())
        .as("no secret goes to another server")
        .isEqualTo(new RegistryConfig(URI.create("http://other"), null, null, null, null));
    props.put("struct.registry.url", "http://r/path");
    assertThat(read(props).registry())
        .isEqualTo(
            new RegistryConfig(
                URI.create("http://r/path"), new Password("me:secret"), null, null, null));
    props.remove("struct.registry.url");
    props.put("struct.registry.basic.auth.user.info", "you:secret");
    assertThat(read(props).registry())
        .isEqualTo(
            new RegistryConfig(
                URI.create("http://r"), new Password("you:secret"), null, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "value.converter.bearer.auth.credentials.source, STATIC_TOKEN",
    "value.converter.basic.auth.credentials.source, SASL_INHERIT",
    "value.converter.schema.registry.url, mock://x",
  })
  void whatCannotBeTakenOverIsWarnedOf(String key, String value) {
    Map<String, String> props = props("value.converter.schema.registry.url", "http://r");
    assertThat(warnings(props)).isEmpty();
    props.put(key, value);
    assertThat(read(props).registry()).isNull();
    assertThat(warnings(props))
        .singleElement()
        .asString()
        .contains("struct.registry.url", key, "Avro may read one as the other");
  }

  @ParameterizedTest
  @CsvSource({
    "apicurio.registry.artifact.group-id, mine",
    "apicurio.auth.service.url, http://x",
    "apicurio.registry.url, http://r/elsewhere",
  })
  void anApicurioThatCannotBeAskedIsWarnedOf(String key, String value) {
    Map<String, String> props =
        props("value.converter.apicurio.registry.url", "http://r/apis/registry/v2");
    assertThat(warnings(props)).isEmpty();
    props.put("value.converter." + key, value);
    assertThat(warnings(props)).singleElement().asString().contains(key);
  }

  @ParameterizedTest
  @CsvSource({
    "com.example.OwnConverter, columns, 1",
    "io.confluent.connect.protobuf.ProtobufConverter, columns, 1",
    "org.apache.kafka.connect.json.JsonConverter, columns, 0",
    "com.example.OwnConverter, attributes, 0",
  })
  void columnsWithoutARegistryAreWarnedOf(String converter, String schema, int warnings) {
    assertThat(warnings(props("value.converter", converter, "struct.schema", schema)))
        .hasSize(warnings);
  }

  @Test
  void anotherNamingOfSubjectsIsWarnedOf() {
    Map<String, String> props =
        props(
            "value.converter.schema.registry.url",
            "http://r",
            "value.converter.value.subject.name.strategy",
            "io.confluent.kafka.serializers.subject.RecordNameStrategy");
    assertThat(warnings(props)).singleElement().asString().contains("<topic>-value");
    assertThat(read(props).registersValues()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "transforms, unwrap",
    "value.converter.auto.register.schemas, false",
    "value.converter.connect.meta.data, false",
    "struct.schema, attributes",
  })
  void whereTheConverterRegistersOtherwiseItIsLeftToIt(String key, String value) {
    assertThat(
            read(props("value.converter.schema.registry.url", "http://r", key, value))
                .registersValues())
        .isFalse();
  }
}
