package io.github.dynamokc.testing.aws;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record as GetRecords gives it; keys and images are DynamoDB JSON texts. */
public record ScriptedRecord(
    String eventId,
    String eventName,
    String region,
    String keys,
    @Nullable String newImage,
    @Nullable String oldImage,
    long approximateCreationEpochSecond,
    String sequenceNumber,
    StreamView viewType,
    @Nullable UserIdentity userIdentity) {

  BigInteger position() {
    return new BigInteger(sequenceNumber);
  }

  /** Keys and images in UTF-8; near enough to what AWS counts. */
  public long sizeBytes() {
    return size(keys) + size(newImage) + size(oldImage);
  }

  private static long size(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The record in the JSON protocol. */
  public String json() {
    StringBuilder json = new StringBuilder(256);
    json.append("{\"eventID\":").append(quoted(eventId));
    json.append(",\"eventName\":").append(quoted(eventName));
    json.append(",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\"");
    json.append(",\"awsRegion\":").append(quoted(region));
    json.append(",\"dynamodb\":{\"ApproximateCreationDateTime\":");
    json.append(approximateCreationEpochSecond);
    json.append(",\"Keys\":").append(keys);
    if (newImage != null) {
      json.append(",\"NewImage\":").append(newImage);
    }
    if (oldImage != null) {
      json.append(",\"OldImage\":").append(oldImage);
    }
    json.append(",\"SequenceNumber\":").append(quoted(sequenceNumber));
    json.append(",\"SizeBytes\":").append(sizeBytes());
    json.append(",\"StreamViewType\":").append(quoted(viewType.name())).append('}');
    if (userIdentity != null) {
      json.append(",\"userIdentity\":{\"PrincipalId\":")
          .append(quoted(userIdentity.principalId()))
          .append(",\"Type\":")
          .append(quoted(userIdentity.type()))
          .append('}');
    }
    return json.append('}').toString();
  }

  private static String quoted(String text) {
    return AwsJson.MAPPER.getNodeFactory().textNode(text).toString();
  }
}
