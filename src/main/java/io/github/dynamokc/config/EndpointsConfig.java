package io.github.dynamokc.config;

import java.net.URI;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that replace those of AWS, each null for AWS's own.
 *
 * @param dynamoDb for tables and exports
 * @param streams for DynamoDB Streams
 * @param s3 for the export bucket
 * @param s3PathStyle whether a bucket is part of the path instead of the host name
 * @param sts for assuming a role
 * @param tagging for finding tables by tags
 */
public record EndpointsConfig(
    @Nullable URI dynamoDb,
    @Nullable URI streams,
    @Nullable URI s3,
    boolean s3PathStyle,
    @Nullable URI sts,
    @Nullable URI tagging) {
  public static final String DYNAMODB = "aws.dynamodb.endpoint";
  public static final String STREAMS = "aws.dynamodb.streams.endpoint";
  public static final String S3 = "aws.s3.endpoint";
  public static final String S3_PATH_STYLE = "aws.s3.path.style.access";
  public static final String STS = "aws.sts.endpoint";
  public static final String TAGGING = "aws.tagging.endpoint";

  static void define(ConfigGroup group) {
    group
        .add(endpoint(DYNAMODB, "DynamoDB", "DynamoDB"))
        .add(endpoint(STREAMS, "DynamoDB Streams", "DynamoDB Streams"))
        .add(endpoint(S3, "S3", "S3").dependents(S3_PATH_STYLE))
        .add(
            ConfigKey.of(
                    S3_PATH_STYLE,
                    "S3 path style",
                    "Puts the bucket into the path of S3 addresses instead of the host name. Most S3 servers other than"
                        + " AWS need it.")
                .flag(false)
                .importance(Importance.LOW))
        .add(endpoint(STS, "STS", "STS, which hands out the credentials of roles,"))
        .add(
            endpoint(
                TAGGING,
                "Tagging",
                "the Resource Groups Tagging API, which finds tables by tags,"));
  }

  private static ConfigKey endpoint(String key, String shortName, String service) {
    return ConfigKey.of(
            key,
            shortName + " endpoint",
            "Address of "
                + service
                + " if it is not AWS's own, such as a VPC endpoint or a local server.")
        .check(Validators.ENDPOINT)
        .importance(Importance.LOW)
        .wide();
  }

  static EndpointsConfig from(AbstractConfig config) {
    return new EndpointsConfig(
        uri(config, DYNAMODB),
        uri(config, STREAMS),
        uri(config, S3),
        config.getBoolean(S3_PATH_STYLE),
        uri(config, STS),
        uri(config, TAGGING));
  }

  private static @Nullable URI uri(AbstractConfig config, String key) {
    String text = ConfigValues.optionalText(config, key);
    return text == null ? null : URI.create(text);
  }
}
