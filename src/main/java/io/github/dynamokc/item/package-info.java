/**
 * Items as DynamoDB JSON: the types of attributes, numbers, primary keys, and the plain JSON of an
 * item.
 */
@NullMarked
package io.github.dynamokc.item;

import org.jspecify.annotations.NullMarked;
