/** The images of {@code docker} in real containers, where there is a Docker engine. */
@NullMarked
package io.github.dynamokc.containers;

import org.jspecify.annotations.NullMarked;
