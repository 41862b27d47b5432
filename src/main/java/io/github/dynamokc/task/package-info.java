/**
 * What a started task owns: its threads, its clients, the records of its tables, and the guard over
 * acknowledgments.
 */
@NullMarked
package io.github.dynamokc.task;

import org.jspecify.annotations.NullMarked;
