/** A node of OpenSearch on loopback, for tests of what a sink makes of our records. */
@NullMarked
package io.github.dynamokc.testing.opensearch;

import org.jspecify.annotations.NullMarked;
