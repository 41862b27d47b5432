/**
 * Gzip (RFC 1951, RFC 1952) that can be read on from the middle of a file: at the start of any
 * deflate block there is a checkpoint, with which another process goes on. {@code java.util.zip}
 * cannot give one.
 */
@NullMarked
package io.github.dynamokc.gzip;

import org.jspecify.annotations.NullMarked;
