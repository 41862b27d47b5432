/** Which tables there are that the configuration selects. */
@NullMarked
package io.github.dynamokc.discovery;

import org.jspecify.annotations.NullMarked;
