package io.github.dynamokc.testing.aws;

/**
 * A call of an operation of {@link ScriptedStreams}.
 *
 * @param shardId the shard that is read or whose children are asked for; empty in other calls
 */
public record StreamCall(StreamOperation operation, String streamArn, String shardId) {}
