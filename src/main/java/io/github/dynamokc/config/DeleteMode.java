package io.github.dynamokc.config;

/** Which records tell that an item was deleted. */
public enum DeleteMode {
  /** One with a value. */
  DOCUMENT,
  /** A tombstone: one without a value, at which compaction removes the key. */
  TOMBSTONE,
  /** One with a value, and a tombstone after it. */
  DOCUMENT_AND_TOMBSTONE;

  public boolean writesDocument() {
    return this != TOMBSTONE;
  }

  public boolean writesTombstone() {
    return this != DOCUMENT;
  }
}
