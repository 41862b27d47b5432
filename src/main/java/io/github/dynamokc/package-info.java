/**
 * A Kafka Connect source that loads a DynamoDB table from a point-in-time export in S3 and then
 * follows its stream, with Connect source offsets as the only checkpoint.
 */
@NullMarked
package io.github.dynamokc;

import org.jspecify.annotations.NullMarked;
