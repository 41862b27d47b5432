package io.github.dynamokc.record;

import org.jspecify.annotations.Nullable;

/**
 * Changes that are missing in Kafka, as a {@code DATA_LOSS} record tells of them.
 *
 * @param reason in words for the user
 * @param fromMs changes made after it may be missing, epoch ms
 * @param toMs changes made before it may be missing, epoch ms
 * @param sequence the last position before the loss, null for none
 */
public record Loss(String reason, long fromMs, long toMs, @Nullable String sequence) {}
