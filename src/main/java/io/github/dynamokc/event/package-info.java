/**
 * What happened to which item, where and when, with images as the DynamoDB JSON bytes that AWS
 * sent.
 */
@NullMarked
package io.github.dynamokc.event;

import org.jspecify.annotations.NullMarked;
