package io.github.dynamokc.task;

import io.github.dynamokc.offset.AssignmentOffset;
import io.github.dynamokc.offset.SourcePartition;
import io.github.dynamokc.plan.PlannedTask;

/**
 * What a task was given, as its offset. It stays the same while the task runs, so that a record
 * that must move no offset carries this one.
 */
record GivenAssignment(SourcePartition.OfAssignment partition, AssignmentOffset offset) {
  static GivenAssignment of(PlannedTask planned) {
    return new GivenAssignment(
        SourcePartition.OfAssignment.of(planned.task()),
        new AssignmentOffset(planned.plan(), planned.tasks(), planned.assignment()));
  }
}
