package io.github.dynamokc.preflight;

import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.EndpointsConfig;
import io.github.dynamokc.config.RoleConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A service of AWS, and the key that decides where it is looked for. */
enum Service {
  DYNAMODB("DynamoDB", EndpointsConfig.DYNAMODB, AwsConfig.REGION),
  STREAMS("DynamoDB Streams", EndpointsConfig.STREAMS, AwsConfig.REGION),
  S3("S3", EndpointsConfig.S3, AwsConfig.REGION),
  STS("STS", EndpointsConfig.STS, RoleConfig.ROLE_ARN),
  TAGGING("the Resource Groups Tagging API", EndpointsConfig.TAGGING, AwsConfig.REGION);

  private final String title;
  private final String endpointKey;
  private final String otherwise;

  Service(String title, String endpointKey, String otherwise) {
    this.title = title;
    this.endpointKey = endpointKey;
    this.otherwise = otherwise;
  }

  /**
   * The key to blame if the service cannot be reached.
   *
   * @param regionKey the key of the region that it is looked for in, null for the usual one
   */
  String key(EndpointsConfig endpoints, @Nullable String regionKey) {
    if (endpoint(endpoints) != null) {
      return endpointKey;
    }
    return regionKey == null ? otherwise : regionKey;
  }

  /** The service in words, with its address if that is not AWS's own. */
  String describe(EndpointsConfig endpoints) {
    URI endpoint = endpoint(endpoints);
    return endpoint == null ? title : title + " at " + endpoint;
  }

  private @Nullable URI endpoint(EndpointsConfig endpoints) {
    return switch (this) {
      case DYNAMODB -> endpoints.dynamoDb();
      case STREAMS -> endpoints.streams();
      case S3 -> endpoints.s3();
      case STS -> endpoints.sts();
      case TAGGING -> endpoints.tagging();
    };
  }
}
