/** What a schema registry with Confluent's REST interface says of the schemas that it has. */
@NullMarked
package io.github.dynamokc.registry;

import org.jspecify.annotations.NullMarked;
