package io.github.dynamokc.stream;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/** Where in a shard to read from. */
public sealed interface ShardPosition {
  /** What GetShardIterator calls it. */
  ShardIteratorType iteratorType();

  /** The sequence number it is about; null at the trim horizon. */
  @Nullable String sequence();

  /** The oldest record that the shard still holds. */
  record TrimHorizon() implements ShardPosition {
    @Override
    public ShardIteratorType iteratorType() {
      return ShardIteratorType.TRIM_HORIZON;
    }

    @Override
    public @Nullable String sequence() {
      return null;
    }
  }

  /** The record with this sequence number. */
  record At(String sequence) implements ShardPosition {
    @Override
    public ShardIteratorType iteratorType() {
      return ShardIteratorType.AT_SEQUENCE_NUMBER;
    }
  }

  /** The record behind the one with this sequence number. */
  record After(String sequence) implements ShardPosition {
    @Override
    public ShardIteratorType iteratorType() {
      return ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    }
  }
}
