package io.github.dynamokc.testing.aws;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.CodeSigner;
import java.security.CodeSource;

/**
 * Loads DynamoDB Local so that its clock can be moved: where its own classes ask {@link
 * System#currentTimeMillis()}, they ask another class for the time. That is all the time they know:
 * records, shards, iterators and time to live go by it. All other classes are loaded as they are.
 */
final class MovedClasses extends URLClassLoader {
  private static final String OF_DYNAMODB_LOCAL = "com.amazonaws.services.dynamodbv2.local.";

  /** Where a class file's constant pool begins: magic, minor, major and the pool's length. */
  private static final int LENGTH_AT = 8;

  private final String prefix;
  private final String timeClass;

  static {
    registerAsParallelCapable();
  }

  /**
   * @param parent has the class that tells the time
   */
  MovedClasses(URL[] jars, ClassLoader parent) {
    this(jars, parent, OF_DYNAMODB_LOCAL, DynamoDbLocalTime.class.getName());
  }

  /**
   * @param prefix of the names of the classes to change
   * @param timeClass has a static {@code currentTimeMillis()}
   */
  MovedClasses(URL[] jars, ClassLoader parent, String prefix, String timeClass) {
    super(jars, parent);
    this.prefix = prefix;
    this.timeClass = timeClass;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    URL file = name.startsWith(prefix) ? findResource(name.replace('.', '/') + ".class") : null;
    if (file == null) {
      return super.findClass(name);
    }
    try (InputStream in = file.openStream()) {
      byte[] changed = redirected(in.readAllBytes(), timeClass.replace('.', '/'));
      CodeSource source = new CodeSource(jarOf(file), (CodeSigner[]) null);
      return defineClass(name, changed, 0, changed.length, source);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Native libraries are looked for beside the jar of a class. */
  private URL jarOf(URL file) {
    for (URL jar : getURLs()) {
      if (file.toString().contains(jar.toString())) {
        return jar;
      }
    }
    return file;
  }

  /** The class file with another owner of {@code currentTimeMillis}; the same if it has none. */
  static byte[] redirected(byte[] classFile, String timeClass) {
    Pool pool = Pool.of(classFile);
    ByteBuffer changed = ByteBuffer.wrap(classFile.clone());
    boolean found = false;
    for (int i = 1; i < pool.length(); i++) {
      if (pool.isMethod(i, "java/lang/System", "currentTimeMillis")) {
        // The entry that is put behind the others; the name of the class comes before it.
        changed.putShort(pool.at(i) + 1, (short) (pool.length() + 1));
        found = true;
      }
    }
    return found ? withClass(changed, pool, timeClass) : classFile;
  }

  private static byte[] withClass(ByteBuffer classFile, Pool pool, String name) {
    classFile.putShort(LENGTH_AT, (short) (pool.length() + 2));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(classFile.array(), 0, pool.end());
      out.writeByte(Pool.UTF8);
      out.writeUTF(name);
      out.writeByte(Pool.CLASS);
      out.writeShort(pool.length());
      out.write(classFile.array(), pool.end(), classFile.capacity() - pool.end());
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The constants of a class file.
   *
   * @param at where the entry of each index is, 0 for none
   * @param end of the last entry
   */
  private record Pool(ByteBuffer file, int[] entries, int end) {
    static final int UTF8 = 1;
    static final int CLASS = 7;
    private static final int METHOD = 10;

    static Pool of(byte[] classFile) {
      ByteBuffer file = ByteBuffer.wrap(classFile);
      int[] entries = new int[Short.toUnsignedInt(file.getShort(LENGTH_AT))];
      int at = LENGTH_AT + 2;
      for (int i = 1; i < entries.length; i++) {
        entries[i] = at;
        int tag = file.get(at);
        at += 1 + size(file, at, tag);
        if (tag == 5 || tag == 6) {
          // A long or a double takes two indexes.
          i++;
        }
      }
      return new Pool(file, entries, at);
    }

    private static int size(ByteBuffer file, int at, int tag) {
      return switch (tag) {
        case UTF8 -> 2 + Short.toUnsignedInt(file.getShort(at + 1));
        case CLASS, 8, 16, 19, 20 -> 2;
        case 15 -> 3;
        case 3, 4, 9, METHOD, 11, 12, 17, 18 -> 4;
        case 5, 6 -> 8;
        default -> throw new IllegalArgumentException("No tag of a constant: " + tag);
      };
    }

    int length() {
      return entries.length;
    }

    int at(int index) {
      return entries[index];
    }

    boolean isMethod(int index, String owner, String name) {
      if (entries[index] == 0 || file.get(entries[index]) != METHOD) {
        return false;
      }
      int ownerClass = indexIn(index, 1);
      int nameAndType = indexIn(index, 3);
      return text(indexIn(ownerClass, 1)).equals(owner)
          && text(indexIn(nameAndType, 1)).equals(name);
    }

    private int indexIn(int entry, int offset) {
      return Short.toUnsignedInt(file.getShort(entries[entry] + offset));
    }

    private String text(int index) {
      int length = Short.toUnsignedInt(file.getShort(entries[index] + 1));
      return new String(file.array(), entries[index] + 3, length, StandardCharsets.UTF_8);
    }
  }
}
