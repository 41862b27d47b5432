package io.github.dynamokc.record;

import io.github.dynamokc.delivery.Payload;
import io.github.dynamokc.item.ItemKey;

/** Makes record keys. For one thread. */
@FunctionalInterface
interface KeyMaker {
  /**
   * The key of an item's records.
   *
   * @throws io.github.dynamokc.json.MalformedJsonException if the form of keys cannot hold it
   */
  Payload of(ItemKey key);
}
