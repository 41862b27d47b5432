/** The stream: shards, their lineages, and the readers that follow them. */
@NullMarked
package io.github.dynamokc.stream;

import org.jspecify.annotations.NullMarked;
