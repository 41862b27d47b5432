/** What the connector counts, as MBeans. */
@NullMarked
package io.github.dynamokc.metrics;

import org.jspecify.annotations.NullMarked;
