package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class MovedClassesTest {

  /** A class that is changed when it is loaded. */
  public static final class Asking implements LongSupplier {
    private static final double CONSTANT = 1234567.5;
    private static final long OTHER = 1L << 40;

    @Override
    public long getAsLong() {
      return System.currentTimeMillis();
    }

    @Override
    public String toString() {
      return System.lineSeparator() + CONSTANT + OTHER + (System.nanoTime() > 0);
    }
  }

  /** Tells the time to the changed class. */
  public static final class Telling {
    private Telling() {}

    public static long currentTimeMillis() {
      return 42;
    }
  }

  @Test
  void aClassOfThePrefixAsksAnotherForTheTime() throws Exception {
    assertThat(loaded(Asking.class.getName()).getAsLong()).isEqualTo(42);
    assertThat(loaded(Asking.class.getName()).toString()).isEqualTo(new Asking().toString());
  }

  @Test
  void otherClassesAskTheMachine() throws Exception {
    long before = System.currentTimeMillis();

    assertThat(loaded("none").getAsLong()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void aClassThatDoesNotAskStaysAsItIs() throws IOException {
    byte[] file = file(Telling.class);

    assertThat(MovedClasses.redirected(file, "any/Other")).isSameAs(file);
    assertThat(MovedClasses.redirected(file(Asking.class), "any/Other")).isNotEqualTo(file);
  }

  private static LongSupplier loaded(String prefix) throws Exception {
    URL classes = Asking.class.getProtectionDomain().getCodeSource().getLocation();
    ClassLoader others = new WithoutAsking();
    try (MovedClasses loader =
        new MovedClasses(new URL[] {classes}, others, prefix, Telling.class.getName())) {
      Class<?> loaded = loader.loadClass(Asking.class.getName());
      assertThat(loaded).isNotSameAs(Asking.class);
      return (LongSupplier) loaded.getConstructor().newInstance();
    }
  }

  private static byte[] file(Class<?> type) throws IOException {
    try (InputStream in =
        type.getResourceAsStream(type.getName().replaceAll("^.*\\.", "") + ".class")) {
      return in.readAllBytes();
    }
  }

  /** So that the class is found in the child. */
  private static final class WithoutAsking extends ClassLoader {
    WithoutAsking() {
      super(MovedClassesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(Asking.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
