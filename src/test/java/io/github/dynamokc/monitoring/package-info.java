/** The files for Prometheus and Grafana, and whether they fit the metrics that there are. */
@NullMarked
package io.github.dynamokc.monitoring;

import org.jspecify.annotations.NullMarked;
