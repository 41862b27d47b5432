/**
 * A broker and Connect workers on loopback, what is asked of them, and what they made of a topic.
 */
@NullMarked
package io.github.dynamokc.testing.kafka;

import org.jspecify.annotations.NullMarked;
