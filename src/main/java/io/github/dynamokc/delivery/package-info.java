/**
 * Records on their way to Kafka: a record with the callback that is told of its fate, the queue
 * between the threads that read and the task thread, and what Kafka has not acknowledged yet.
 */
@NullMarked
package io.github.dynamokc.delivery;

import org.jspecify.annotations.NullMarked;
