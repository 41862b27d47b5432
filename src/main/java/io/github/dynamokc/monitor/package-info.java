/**
 * The connector's side: observes each table in AWS and in the committed offsets, plans, and asks
 * Connect to reconfigure the tasks when their work has changed.
 */
@NullMarked
package io.github.dynamokc.monitor;

import org.jspecify.annotations.NullMarked;
