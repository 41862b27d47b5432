package io.github.dynamokc.event;

/**
 * Who made a change, present only where it was a service.
 *
 * @param principalId for instance {@code dynamodb.amazonaws.com}
 * @param type for instance {@code Service}
 */
public record UserIdentity(String principalId, String type) {
  /**
   * Whether DynamoDB itself acted, which for a removal means that the item's time to live was over.
   * Source: DynamoDB developer guide, "DynamoDB Streams and Time to Live".
   */
  public boolean isTimeToLive() {
    return principalId.equals("dynamodb.amazonaws.com") && type.equals("Service");
  }
}
