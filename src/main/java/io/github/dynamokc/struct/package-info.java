/** Items and keys as Connect structs. */
@NullMarked
package io.github.dynamokc.struct;

import org.jspecify.annotations.NullMarked;
