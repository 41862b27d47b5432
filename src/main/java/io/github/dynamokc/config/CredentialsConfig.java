package io.github.dynamokc.config;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Who calls AWS, before a role is assumed. */
public sealed interface CredentialsConfig {
  String ACCESS_KEY_ID = "aws.access.key.id";
  String SECRET_ACCESS_KEY = "aws.secret.access.key";
  String SESSION_TOKEN = "aws.session.token";
  String PROVIDER_CLASS = "aws.credentials.provider.class";

  /** The SDK's default chain: environment, profile files, container and instance roles. */
  record DefaultChain() implements CredentialsConfig {}

  /**
   * Keys written into the configuration; {@code sessionToken} is null for keys that do not expire.
   */
  record StaticKeys(String accessKeyId, Password secretAccessKey, @Nullable Password sessionToken)
      implements CredentialsConfig {}

  /**
   * A class on the plugin's class path that implements the SDK's {@code AwsCredentialsProvider}.
   */
  record ProviderClass(String className) implements CredentialsConfig {}

  static void define(ConfigGroup group) {
    group
        .add(
            ConfigKey.of(
                    ACCESS_KEY_ID,
                    "Access key id",
                    "Id of a static access key, together with aws.secret.access.key. Without keys and without"
                        + " aws.credentials.provider.class, the AWS SDK's default chain is used: environment, profile,"
                        + " container or instance role.")
                .dependents(SECRET_ACCESS_KEY, SESSION_TOKEN))
        .add(
            ConfigKey.of(SECRET_ACCESS_KEY, "Secret access key", "Secret of the static access key.")
                .secret())
        .add(
            ConfigKey.of(
                    SESSION_TOKEN,
                    "Session token",
                    "Session token that belongs to a temporary static access key. It expires; prefer a role.")
                .secret()
                .importance(Importance.LOW)
                .shownWhen(VisibleWhen.whenSet(ACCESS_KEY_ID)))
        .add(
            ConfigKey.of(
                    PROVIDER_CLASS,
                    "Credentials provider",
                    "A Java class on the plugin's class path that implements AwsCredentialsProvider of the AWS SDK v2,"
                        + " with a public static create() or a public constructor without parameters.")
                .importance(Importance.LOW)
                .wide());
  }

  static CredentialsConfig from(AbstractConfig config) {
    String accessKeyId = ConfigValues.optionalText(config, ACCESS_KEY_ID);
    Password secret = ConfigValues.optionalSecret(config, SECRET_ACCESS_KEY);
    if (accessKeyId != null && secret != null) {
      return new StaticKeys(
          accessKeyId, secret, ConfigValues.optionalSecret(config, SESSION_TOKEN));
    }
    String providerClass = ConfigValues.optionalText(config, PROVIDER_CLASS);
    return providerClass == null ? new DefaultChain() : new ProviderClass(providerClass);
  }

  /** The problems between these keys. */
  static List<ConfigProblem> problems(RawConfig props) {
    List<ConfigProblem> problems = new ArrayList<>();
    boolean id = props.has(ACCESS_KEY_ID);
    boolean secret = props.has(SECRET_ACCESS_KEY);
    if (id && !secret) {
      problems.add(required(SECRET_ACCESS_KEY, ACCESS_KEY_ID));
    }
    if (secret && !id) {
      problems.add(required(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
    }
    if (props.has(SESSION_TOKEN) && !id && !secret) {
      problems.add(
          new ConfigProblem(
              SESSION_TOKEN,
              "must be written beside %s and %s, which are not set"
                  .formatted(ACCESS_KEY_ID, SECRET_ACCESS_KEY)));
    }
    if (props.has(PROVIDER_CLASS) && (id || secret)) {
      problems.add(
          new ConfigProblem(
              PROVIDER_CLASS,
              "must be left out beside " + ACCESS_KEY_ID + ", is set; remove one of the two"));
    }
    return problems;
  }

  private static ConfigProblem required(String key, String other) {
    return new ConfigProblem(key, "must be set beside " + other + ", is missing");
  }
}
