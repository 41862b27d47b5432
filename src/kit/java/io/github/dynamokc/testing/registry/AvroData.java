package io.github.dynamokc.testing.registry;

import org.jspecify.annotations.Nullable;

/**
 * What a consumer that asks the registry makes of the bytes of a key or value.
 *
 * @param schemaId the id in the bytes
 * @param schema the JSON of the schema with this id, by which the bytes were written
 * @param datum plain Java: Map with text keys in the order of the fields (record, map), List,
 *     String (string, enum), byte[] (bytes, fixed), BigDecimal (decimal), Long (int, long), Double
 *     (float, double), Boolean, null; other logical types are as they are stored
 */
public record AvroData(int schemaId, String schema, @Nullable Object datum) {}
