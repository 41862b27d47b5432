package io.github.dynamokc.export;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/** Gives a few bytes at a time, and never admits that there are more, as a network stream may. */
final class FewBytes extends FilterInputStream {
  private final Random random;
  private final int most;

  FewBytes(InputStream in, long seed, int most) {
    super(in);
    this.random = new Random(seed);
    this.most = most;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    return super.read(target, offset, Math.min(count, 1 + random.nextInt(most)));
  }

  @Override
  public int available() {
    return 0;
  }
}
