package io.github.dynamokc.event;

/** What happened to an item, in the stream's words. */
public enum Operation {
  INSERT,
  MODIFY,
  REMOVE
}
