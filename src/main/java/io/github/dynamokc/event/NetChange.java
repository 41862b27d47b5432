package io.github.dynamokc.event;

import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/**
 * What a window of time has made of one item, as a line of an incremental export tells it: its last
 * state in the window, and its state before the window. Who made the changes, and how many they
 * were, is not told, so that a removal for time to live is one like any other.
 *
 * @param createdAtMs when the last of the changes was made, epoch ms
 * @param newImage the item after the window, null if it was removed
 * @param oldImage the item before the window, null if it was not there
 */
public record NetChange(
    Operation operation,
    long createdAtMs,
    Slice keys,
    @Nullable Slice newImage,
    @Nullable Slice oldImage)
    implements Change {}
