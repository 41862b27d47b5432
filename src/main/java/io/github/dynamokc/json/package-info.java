/**
 * Reads and writes JSON as bytes, without a tree: the cursor, the search for bytes, slices,
 * escapes, the sink.
 */
@NullMarked
package io.github.dynamokc.json;

import org.jspecify.annotations.NullMarked;
