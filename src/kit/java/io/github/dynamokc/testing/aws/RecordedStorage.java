package io.github.dynamokc.testing.aws;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between DynamoDB Local and its storage and writes down each item that is put or deleted,
 * which is what point-in-time recovery remembers: whatever API made the change, time to live
 * included, and whether there is a stream or not. A transaction is written down when it is
 * committed. A line a write, in a file a table, which ends with its table; {@link HistoryFiles}
 * reads them. A write is in its file before it is answered.
 *
 * <p>One thread at a time writes, so that the files have the order of the storage. A transaction
 * has the turn from its beginning to its end, as it has the storage's own lock, which is taken
 * next: who waited for that one with the turn would wait for ever.
 */
final class RecordedStorage extends StorageLayer {
  private final Path directory;
  private final ReentrantLock turn = new ReentrantLock();

  /** Of each table, once it was written to. Guarded by the turn. */
  private final Map<String, OutputStream> files = new HashMap<>();

  /** What the transaction of the thread has written so far; null outside of one. */
  private final ThreadLocal<@Nullable List<Runnable>> transaction = new ThreadLocal<>();

  /** Guarded by the turn. */
  private long lastMicros;

  /**
   * @param storage a LocalDBAccess
   * @param directory for the files
   */
  RecordedStorage(Object storage, Path directory) {
    super(storage);
    this.directory = directory;
  }

  static Path file(Path directory, String table) {
    return directory.resolve(table + ".jsonl");
  }

  @Override
  @Nullable Object call(Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "putRecord" -> inTurn(() -> recorded(method, arguments, "item"));
      case "deleteRecord" -> inTurn(() -> recorded(method, arguments, "key"));
      case "deleteTable" -> inTurn(() -> tableDeleted(method, arguments));
      case "beginTransaction" -> begun(method, arguments);
      case "commitTransaction" -> committed(method, arguments);
      case "rollbackTransaction" -> rolledBack(method, arguments);
      default -> passedOn(method, arguments);
    };
  }

  /** A call of the storage, with all that it may throw. */
  private interface Call {
    @Nullable Object answer() throws Throwable;
  }

  private @Nullable Object inTurn(Call call) throws Throwable {
    turn.lock();
    try {
      return call.answer();
    } finally {
      turn.unlock();
    }
  }

  private @Nullable Object recorded(Method method, Object[] arguments, String what)
      throws Throwable {
    Object result = passedOn(method, arguments);
    String table = (String) arguments[0];
    String json = DynamoDbLocalItem.json((Map<?, ?>) arguments[1]);
    List<Runnable> open = transaction.get();
    if (open == null) {
      write(table, what, json);
    } else {
      open.add(() -> write(table, what, json));
    }
    return result;
  }

  private @Nullable Object tableDeleted(Method method, Object[] arguments) throws Throwable {
    Object result = passedOn(method, arguments);
    String table = (String) arguments[0];
    OutputStream open = files.remove(table);
    if (open != null) {
      open.close();
    }
    Files.deleteIfExists(file(directory, table));
    return result;
  }

  private @Nullable Object begun(Method method, Object[] arguments) throws Throwable {
    turn.lock();
    boolean begun = false;
    try {
      Object result = passedOn(method, arguments);
      transaction.set(new ArrayList<>());
      begun = true;
      return result;
    } finally {
      if (!begun) {
        turn.unlock();
      }
    }
  }

  /** One that cannot be committed is rolled back next. */
  private @Nullable Object committed(Method method, Object[] arguments) throws Throwable {
    Object result = passedOn(method, arguments);
    List<Runnable> writes = transaction.get();
    if (writes != null) {
      writes.forEach(Runnable::run);
      endTransaction();
    }
    return result;
  }

  private @Nullable Object rolledBack(Method method, Object[] arguments) throws Throwable {
    try {
      return passedOn(method, arguments);
    } finally {
      if (transaction.get() != null) {
        endTransaction();
      }
    }
  }

  private void endTransaction() {
    transaction.remove();
    turn.unlock();
  }

  private void write(String table, String what, String json) {
    lastMicros = Math.max(lastMicros + 1, DynamoDbLocalTime.currentTimeMillis() * 1000);
    String line = "{\"micros\":" + lastMicros + ",\"" + what + "\":" + json + "}\n";
    try {
      OutputStream file = files.get(table);
      if (file == null) {
        file = open(table);
        files.put(table, file);
      }
      file.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write down a change of " + table, e);
    }
  }

  private OutputStream open(String table) throws IOException {
    Files.createDirectories(directory);
    return Files.newOutputStream(
        file(directory, table), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
