package io.github.dynamokc.stream;

/** Where in a shard to read from. */
public sealed interface ShardPosition {
  /** The oldest record that the shard still holds. */
  record TrimHorizon() implements ShardPosition {}

  /** The record with this sequence number. */
  record At(String sequence) implements ShardPosition {}

  /** The record behind the one with this sequence number. */
  record After(String sequence) implements ShardPosition {}
}
