package io.github.dynamokc.struct;

/** Makes the structs of one table's items, for all threads of a task. */
public interface ItemStructs {
  /** A reader for one thread; it keeps buffers, so make few and use them for many items. */
  ItemStructReader reader();
}
