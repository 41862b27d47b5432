/**
 * The shards of a stream, how they descend from each other, and what the committed offsets say of
 * them.
 */
@NullMarked
package io.github.dynamokc.lineage;

import org.jspecify.annotations.NullMarked;
