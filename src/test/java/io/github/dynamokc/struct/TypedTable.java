package io.github.dynamokc.struct;

import io.github.dynamokc.struct.TypedValues.Typed;
import io.github.dynamokc.testing.EndToEnd;
import io.github.dynamokc.testing.Eventually;
import io.github.dynamokc.testing.kafka.ConnectWorker;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The truth is the table: a topic of structs that is applied by key ends with its items, value by
 * value and type by type. The order of sets does not count, and NULL attributes are absent.
 */
final class TypedTable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final String table;
  private final ConnectWorker worker;
  private final Map<String, Map<String, Object>> view = new TreeMap<>();

  TypedTable(String table, ConnectWorker worker) {
    this.table = table;
    this.worker = worker;
  }

  /**
   * What a consumer makes of a record.
   *
   * @param key the header {@code primary_key}
   * @param item as {@link TypedValues} has it, null for a deletion
   */
  record Seen(String key, @Nullable Map<String, Object> item) {}

  /** Reads on until the records, applied by key, are the table's items. */
  void awaitEqual(Supplier<List<Seen>> more) {
    Map<String, Map<String, Object>> truth = scan();
    Eventually.within(PATIENCE, "the items of table " + table + ", " + truth)
        .every(Duration.ZERO)
        .until(
            () -> {
              more.get().forEach(this::apply);
              return view;
            },
            truth::equals,
            seen -> seen + "\n" + worker.logTail());
  }

  private void apply(Seen seen) {
    if (seen.item() == null) {
      view.remove(seen.key());
    } else {
      view.put(seen.key(), normal(seen.item()));
    }
  }

  private Map<String, Map<String, Object>> scan() {
    Map<String, Map<String, Object>> items = new TreeMap<>();
    for (Map<String, AttributeValue> item : EndToEnd.aws().tables().scan(table)) {
      items.put(item.get("pk").s() + "|" + item.get("sk").n(), normal(attributes(item)));
    }
    return items;
  }

  private static Map<String, Object> attributes(Map<String, AttributeValue> item) {
    Map<String, Object> attributes = new TreeMap<>();
    item.forEach(
        (name, value) -> {
          if (value.type() != AttributeValue.Type.NUL) {
            attributes.put(name, value(value));
          }
        });
    return attributes;
  }

  private static Object value(AttributeValue value) {
    String type = value.type().name();
    return switch (value.type()) {
      case S -> new Typed(type, value.s());
      case N -> new Typed(type, number(value.n()));
      case B -> new Typed(type, base64(value.b()));
      case BOOL -> new Typed(type, value.bool());
      case NUL -> "NULL";
      case M -> new Typed(type, attributes(value.m()));
      case L -> new Typed(type, value.l().stream().map(TypedTable::value).toList());
      case SS -> new Typed(type, value.ss());
      case NS -> new Typed(type, value.ns().stream().map(TypedTable::number).toList());
      case BS -> new Typed(type, value.bs().stream().map(TypedTable::base64).toList());
      case UNKNOWN_TO_SDK_VERSION -> throw new AssertionError(value);
    };
  }

  private static BigDecimal number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  private static String base64(SdkBytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.asByteArray());
  }

  /** Sets in one order. */
  @SuppressWarnings("unchecked")
  private static <T> T normal(T value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> normal = new TreeMap<>();
      map.forEach((name, each) -> normal.put(name, normal(each)));
      return (T) normal;
    }
    if (value instanceof Typed typed) {
      Object inner = typed.value();
      return (T)
          new Typed(
              typed.type(),
              typed.type().endsWith("S") && inner instanceof List<?> set
                  ? set.stream().map(Object::toString).sorted().toList()
                  : normal(inner));
    }
    if (value instanceof List<?> list) {
      List<Object> normal = new ArrayList<>();
      list.forEach(each -> normal.add(normal(each)));
      return (T) normal;
    }
    return value;
  }
}
