/**
 * AWS on loopback for tests and the demo: DynamoDB Local with a front that adds full and
 * incremental point-in-time exports, an S3 server, a time for both that can be moved, and a
 * scriptable model of DynamoDB Streams for what DynamoDB Local never does.
 */
@NullMarked
package io.github.dynamokc.testing.aws;

import org.jspecify.annotations.NullMarked;
