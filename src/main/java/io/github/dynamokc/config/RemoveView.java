package io.github.dynamokc.config;

/** Which image of a deleted item becomes the record's value. */
public enum RemoveView {
  /** The image after the delete, which is empty. */
  NEW_IMAGE,
  /** The item as it was before the delete. */
  OLD_IMAGE
}
