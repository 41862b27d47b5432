package io.github.dynamokc.testing.aws;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has streams of DynamoDB Local forget as those of AWS. By itself it goes on listing shards that
 * were closed more than a day ago, which it then knows nothing of, and refuses even to read from
 * TRIM_HORIZON where all records of a shard are forgotten. AWS gives empty pages there, and refuses
 * only what is before the forgotten end.
 */
final class ForgettingStorage extends StorageLayer {

  /**
   * @param storage a LocalDBAccess
   */
  ForgettingStorage(Object storage) {
    super(storage);
  }

  @Override
  @Nullable Object call(Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "getEarliestNonExpiredSequenceNumberForShard" -> oldest(method, arguments);
      case "getStreamInfo" -> withoutForgottenShards(method, arguments);
      default -> passedOn(method, arguments);
    };
  }

  /** The oldest sequence number of the shard, or the one that comes next. */
  private @Nullable Object oldest(Method method, Object[] arguments) throws Throwable {
    Object oldest = passedOn(method, arguments);
    if (oldest != null) {
      return oldest;
    }
    Object last = passedOn(sibling(method, "getLatestSequenceNumberForShard"), arguments);
    return last == null ? null : (Long) last + 1;
  }

  /** All shards of the streams are among them, however few were asked for. */
  private @Nullable Object withoutForgottenShards(Method method, Object[] arguments)
      throws Throwable {
    Object streams = passedOn(method, arguments);
    Method isThere = sibling(method, "shardIsNotExpired");
    for (Object stream : (List<?>) streams) {
      List<Object> shards = new ArrayList<>();
      for (Object shard : (List<?>) stream.getClass().getMethod("getShards").invoke(stream)) {
        Object id = shard.getClass().getMethod("getShardId").invoke(shard);
        if (Boolean.TRUE.equals(passedOn(isThere, id))) {
          shards.add(shard);
        }
      }
      stream.getClass().getMethod("setShards", Collection.class).invoke(stream, shards);
    }
    return streams;
  }

  /** Another method of the storage, about a shard. */
  private static Method sibling(Method method, String name) throws NoSuchMethodException {
    return method.getDeclaringClass().getMethod(name, String.class);
  }
}
