package io.github.dynamokc.struct;

import io.github.dynamokc.item.DynamoDbJson;
import io.github.dynamokc.item.ObviousTranscoder;
import io.github.dynamokc.json.JsonStrings;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generated items whose attributes often have the same names, and not always the same types. */
final class StructItems {
  static final String KEY = "pk";

  private StructItems() {}

  /** Items with the key {@code pk} of type S. */
  static Arbitrary<String> items() {
    Arbitrary<String> attribute =
        Combinators.combine(names(), value(3)).as((name, value) -> name + ":" + value);
    Arbitrary<String> key =
        Arbitraries.integers().between(0, 99).map(n -> "\"pk\":{\"S\":\"" + n + "\"}");
    return Combinators.combine(key, attribute.list().ofMaxSize(4), Arbitraries.integers())
        .as(
            (pk, attributes, at) -> {
              List<String> all = new ArrayList<>(attributes);
              all.add(Math.floorMod(at, attributes.size() + 1), pk);
              return "{" + String.join(",", all) + "}";
            })
        .filter(ObviousTranscoder::isDocument);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of(
        "\"a\"",
        "\"b\"",
        "\"c\"",
        "\"d\"",
        "\"a b\"",
        "\"_x\"",
        "\"\"",
        "\"1\"",
        "\"__other\"",
        // The same in another spelling, and some that begin or end like others.
        "\"\\u0061\"",
        "\"a\\u0020b\"",
        "\"aaaaaaaaa\"",
        "\"aaaaaaaaba\"",
        "\"aaaaaaaa\\u0061\"",
        "\"é\"",
        "\"\\u00e9\"");
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> numbers =
        Arbitraries.oneOf(Arbitraries.of("1", "1.50", "2E3"), DynamoDbJson.numbers())
            .map(n -> "\"" + n + "\"");
    Arbitrary<String> strings = Arbitraries.oneOf(names(), names(), JsonStrings.quoted());
    Arbitrary<String> binary = Arbitraries.of("\"\"", "\"MDAwMA==\"", "\"\\/\\/79\"");
    Arbitrary<String> scalar =
        Arbitraries.frequencyOf(
            Tuple.of(4, typed("S", strings)),
            Tuple.of(3, typed("N", numbers)),
            Tuple.of(1, typed("B", binary)),
            Tuple.of(1, typed("BOOL", Arbitraries.of("true", "false"))),
            Tuple.of(1, typed("NULL", Arbitraries.just("true"))),
            Tuple.of(1, typed("SS", array(strings))),
            Tuple.of(1, typed("NS", array(numbers))),
            Tuple.of(1, typed("BS", array(binary))));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> member =
        Combinators.combine(names(), value(depth - 1)).as((name, value) -> name + ":" + value);
    return Arbitraries.frequencyOf(
        Tuple.of(2, scalar),
        Tuple.of(
            2, typed("M", member.list().ofMaxSize(3).map(m -> "{" + String.join(",", m) + "}"))),
        Tuple.of(1, typed("L", array(value(depth - 1)))));
  }

  private static Arbitrary<String> typed(String type, Arbitrary<String> value) {
    return value.map(v -> "{\"" + type + "\":" + v + "}");
  }

  private static Arbitrary<String> array(Arbitrary<String> elements) {
    return elements.list().ofMaxSize(3).map(all -> "[" + String.join(",", all) + "]");
  }
}
