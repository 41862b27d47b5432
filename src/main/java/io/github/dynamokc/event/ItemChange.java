package io.github.dynamokc.event;

import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/**
 * One change of one item, as a shard of the stream tells it. Images and keys are DynamoDB JSON
 * objects (attribute name to typed value).
 *
 * @param createdAtMs ApproximateCreationDateTime in epoch ms; DynamoDB gives whole seconds
 * @param keys the item's key attributes, always present
 * @param newImage the item after the change, if the stream's view type has it
 * @param oldImage the item before the change, if the stream's view type has it
 */
public record ItemChange(
    String eventId,
    Operation operation,
    String sequenceNumber,
    long createdAtMs,
    Slice keys,
    @Nullable Slice newImage,
    @Nullable Slice oldImage,
    @Nullable UserIdentity userIdentity)
    implements Change {

  @Override
  public boolean isTimeToLive() {
    return operation == Operation.REMOVE && userIdentity != null && userIdentity.isTimeToLive();
  }
}
