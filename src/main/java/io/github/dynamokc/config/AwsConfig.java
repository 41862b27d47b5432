package io.github.dynamokc.config;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * How AWS is reached. Its text form shows no secret.
 *
 * @param region the configured region; null leaves it to the table ARNs, then to the SDK's default
 * @param credentials who calls
 * @param role the role to assume on top of the credentials, null for none
 * @param endpoints addresses that replace those of AWS
 * @param proxy the HTTP proxy, null for none
 * @param apiCallTimeout the most time of one API call, its retries included; not for S3 bodies
 * @param retriesMax how often the SDK repeats a failed call, 0 for never
 * @param preflight whether a configuration is checked with AWS before it is taken
 */
public record AwsConfig(
    @Nullable String region,
    CredentialsConfig credentials,
    @Nullable RoleConfig role,
    EndpointsConfig endpoints,
    @Nullable ProxyConfig proxy,
    Duration apiCallTimeout,
    int retriesMax,
    boolean preflight) {
  public static final String REGION = "aws.region";
  public static final String API_CALL_TIMEOUT_MS = "aws.api.call.timeout.ms";
  public static final String RETRIES_MAX = "aws.retries.max";
  public static final String PREFLIGHT = "aws.preflight.enabled";

  static void define(ConfigDef definition) {
    ConfigGroup group = new ConfigGroup(definition, ConfigGroup.AWS);
    group.add(
        ConfigKey.of(
                REGION,
                "Region",
                "Region of the tables, such as eu-west-1. Without it, the region of the ARNs in 'tables'; with table"
                    + " names only, the AWS SDK's default (for example the environment variable AWS_REGION).")
            .check(Validators.REGION)
            .importance(Importance.HIGH));
    CredentialsConfig.define(group);
    RoleConfig.define(group);
    EndpointsConfig.define(group);
    ProxyConfig.define(group);
    group
        .add(
            ConfigKey.of(
                    API_CALL_TIMEOUT_MS,
                    "Call timeout (ms)",
                    "The most time that one call to DynamoDB or STS may take, its retries included, in milliseconds."
                        + " Reading a data file from S3 may take longer; there, this is the longest wait for more data.")
                .millis(60_000, 100)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    RETRIES_MAX,
                    "Retries",
                    "How often the AWS SDK repeats a call that failed for a passing reason before the connector sees"
                        + " the failure. The connector itself goes on with longer pauses.")
                .count(3, 0, 100)
                .importance(Importance.LOW))
        .add(
            ConfigKey.of(
                    PREFLIGHT,
                    "Preflight",
                    "Whether a configuration is checked with AWS before Connect takes it: credentials, tables, streams,"
                        + " bucket and permissions. 'false' where the worker that checks cannot reach AWS, or to change a"
                        + " connector that runs although its table is not as a new one would need it (point-in-time"
                        + " recovery turned off after the snapshot, the stream disabled).")
                .flag(true)
                .importance(Importance.LOW));
  }

  /**
   * The same, but for calls that somebody waits for: they end sooner.
   *
   * @param longest the most time of one call
   * @param retries the most retries
   */
  public AwsConfig withTighterLimits(Duration longest, int retries) {
    return new AwsConfig(
        region,
        credentials,
        role,
        endpoints,
        proxy,
        longest.compareTo(apiCallTimeout) < 0 ? longest : apiCallTimeout,
        Math.min(retries, retriesMax),
        preflight);
  }

  static AwsConfig from(AbstractConfig config) {
    return new AwsConfig(
        ConfigValues.optionalText(config, REGION),
        CredentialsConfig.from(config),
        RoleConfig.from(config),
        EndpointsConfig.from(config),
        ProxyConfig.from(config),
        ConfigValues.millis(config, API_CALL_TIMEOUT_MS),
        config.getInt(RETRIES_MAX),
        config.getBoolean(PREFLIGHT));
  }
}
