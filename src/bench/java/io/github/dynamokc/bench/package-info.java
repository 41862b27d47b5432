/**
 * Measures how the connector follows streams: {@code mvn -Pbench verify}. Method and figures are in
 * {@code src/bench/README.md}. Nothing here fails because of a figure, only because something could
 * not be measured or a record is missing.
 */
@NullMarked
package io.github.dynamokc.bench;

import org.jspecify.annotations.NullMarked;
