package io.github.dynamokc.gzip;

/** Hears of what a {@link GunzipStream} reads, on the thread that reads from it. */
public interface GunzipObserver {
  /** One that does nothing. */
  GunzipObserver NONE =
      new GunzipObserver() {
        @Override
        public void consumed(byte[] buffer, int from, int to) {}

        @Override
        public void reached(GzipCheckpoint checkpoint) {}
      };

  /**
   * Compressed bytes were read. Each is told once and in order, those before a checkpoint before it
   * and all others after it.
   *
   * @param buffer whose bytes are not to be changed, and stand there until the call ends
   */
  void consumed(byte[] buffer, int from, int to);

  /** The reader is at a place where another one could begin. */
  void reached(GzipCheckpoint checkpoint);
}
