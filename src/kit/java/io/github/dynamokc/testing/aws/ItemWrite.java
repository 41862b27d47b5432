package io.github.dynamokc.testing.aws;

import org.jspecify.annotations.Nullable;

/**
 * A change of an item, as point-in-time recovery remembers it. Key and images are DynamoDB JSON
 * texts.
 *
 * @param micros when, in microseconds of the epoch
 * @param after the item from then on, null if it was deleted
 * @param before the item until then, which counts only if no earlier change of it is known
 */
record ItemWrite(long micros, String key, @Nullable String after, @Nullable String before) {}
