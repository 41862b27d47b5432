package io.github.dynamokc.testing.aws;

/** Which images the records of a stream carry. */
public enum StreamView {
  KEYS_ONLY(false, false),
  NEW_IMAGE(true, false),
  OLD_IMAGE(false, true),
  NEW_AND_OLD_IMAGES(true, true);

  private final boolean newImage;
  private final boolean oldImage;

  StreamView(boolean newImage, boolean oldImage) {
    this.newImage = newImage;
    this.oldImage = oldImage;
  }

  boolean hasNewImage() {
    return newImage;
  }

  boolean hasOldImage() {
    return oldImage;
  }
}
