package io.github.dynamokc.stream;

import io.github.dynamokc.offset.OffsetReader;

/**
 * How the readers of a stream ask AWS and Connect.
 *
 * @param limiter of DescribeStream calls, shared by all streams of a task
 * @param offsets what Connect has committed
 */
public record StreamAccess(StreamApi api, RateLimiter limiter, OffsetReader offsets) {}
