package io.github.dynamokc.testing.aws;

/** Who made a change, for changes that a service made. */
public record UserIdentity(String principalId, String type) {
  /** As deletions by time to live have it. */
  public static UserIdentity timeToLive() {
    return new UserIdentity("dynamodb.amazonaws.com", "Service");
  }
}
