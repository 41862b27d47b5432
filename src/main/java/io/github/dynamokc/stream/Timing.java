package io.github.dynamokc.stream;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What time it is, and by how much waits differ. */
public record Timing(InstantSource clock, RandomGenerator random) {}
