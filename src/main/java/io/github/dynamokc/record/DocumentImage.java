package io.github.dynamokc.record;

import io.github.dynamokc.config.RemoveView;
import io.github.dynamokc.event.Change;
import io.github.dynamokc.event.Operation;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import org.jspecify.annotations.Nullable;

/** Which image of a change is the document. */
final class DocumentImage {
  private DocumentImage() {}

  /** Null for a removed item without image. */
  static @Nullable Slice of(Change change, RemoveView view) {
    if (change.operation() != Operation.REMOVE) {
      return after(change);
    }
    return switch (view) {
      case NEW_IMAGE -> change.newImage();
      case OLD_IMAGE -> change.oldImage() != null ? change.oldImage() : change.newImage();
    };
  }

  /** The item after a change that did not remove it. */
  static Slice after(Change change) {
    Slice image = change.newImage();
    if (image == null) {
      throw new MalformedJsonException(
          "the new image is missing: the stream's view type must be NEW_IMAGE or NEW_AND_OLD_IMAGES");
    }
    return image;
  }
}
