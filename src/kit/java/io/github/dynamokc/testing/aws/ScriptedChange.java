package io.github.dynamokc.testing.aws;

import org.jspecify.annotations.Nullable;

/**
 * A change to append to a shard. Keys and images are DynamoDB JSON texts, as in {@code
 * {"PK":{"S":"a"}}}: order of attributes and text of numbers reach the reader as given.
 *
 * @param epochSecond the approximate creation time; that of the clock if null
 * @param sequenceNumber the stream's next one if null
 * @param eventId one made from the sequence number if null
 */
public record ScriptedChange(
    String eventName,
    String keys,
    @Nullable String newImage,
    @Nullable String oldImage,
    @Nullable Long epochSecond,
    @Nullable UserIdentity userIdentity,
    @Nullable String sequenceNumber,
    @Nullable String eventId) {

  public static ScriptedChange insert(String keys, String newImage) {
    return new ScriptedChange("INSERT", keys, newImage, null, null, null, null, null);
  }

  public static ScriptedChange modify(String keys, String oldImage, String newImage) {
    return new ScriptedChange("MODIFY", keys, newImage, oldImage, null, null, null, null);
  }

  public static ScriptedChange remove(String keys, @Nullable String oldImage) {
    return new ScriptedChange("REMOVE", keys, null, oldImage, null, null, null, null);
  }

  public ScriptedChange at(long second) {
    return new ScriptedChange(
        eventName, keys, newImage, oldImage, second, userIdentity, sequenceNumber, eventId);
  }

  public ScriptedChange by(UserIdentity identity) {
    return new ScriptedChange(
        eventName, keys, newImage, oldImage, epochSecond, identity, sequenceNumber, eventId);
  }

  /** A number above all numbers of the shard so far. */
  public ScriptedChange withSequenceNumber(String number) {
    return new ScriptedChange(
        eventName, keys, newImage, oldImage, epochSecond, userIdentity, number, eventId);
  }

  public ScriptedChange withEventId(String id) {
    return new ScriptedChange(
        eventName, keys, newImage, oldImage, epochSecond, userIdentity, sequenceNumber, id);
  }

  public ScriptedChange withNewImage(String image) {
    return new ScriptedChange(
        eventName, keys, image, oldImage, epochSecond, userIdentity, sequenceNumber, eventId);
  }
}
