/**
 * What users write: one record a theme, each with its keys, their documentation and their checks.
 *
 * <p>Features see these records, never Kafka's {@code AbstractConfig} and never a raw property map.
 * The entry point is {@link io.github.dynamokc.config.ConnectorConfig}.
 */
@NullMarked
package io.github.dynamokc.config;

import org.jspecify.annotations.NullMarked;
