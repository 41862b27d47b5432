package io.github.dynamokc.item;

import io.github.dynamokc.json.JsonStrings;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generated DynamoDB JSON, in any spelling that means the same. */
public final class DynamoDbJson {
  private DynamoDbJson() {}

  /** Numbers of up to 38 digits in DynamoDB's range, plain and scientific. */
  public static Arbitrary<String> numbers() {
    Arbitrary<BigInteger> digits =
        Arbitraries.bigIntegers()
            .between(
                BigInteger.TEN.pow(38).subtract(BigInteger.ONE).negate(),
                BigInteger.TEN.pow(38).subtract(BigInteger.ONE));
    Arbitrary<BigDecimal> numbers =
        Combinators.combine(digits, Arbitraries.integers().between(-87, 130)).as(BigDecimal::new);
    return Arbitraries.oneOf(
        Arbitraries.of("0", "-0", "1.50", "1E+2", "1E-130", "0.000001", "420E-1", "0E0"),
        numbers.map(BigDecimal::toString),
        numbers.map(BigDecimal::toPlainString),
        numbers.map(BigDecimal::toEngineeringString));
  }

  /** Items with any attributes. */
  public static Arbitrary<String> items(int depth) {
    return members(depth).filter(ObviousTranscoder::isDocument);
  }

  /** One of them may be named twice. */
  private static Arbitrary<String> members(int depth) {
    Arbitrary<String> attribute =
        Combinators.combine(JsonStrings.quoted(), spaces(), value(depth))
            .as((name, space, value) -> name + space + ":" + space + value + space);
    return attribute.list().ofMaxSize(5).map(all -> "{" + String.join(",", all) + "}");
  }

  private static Arbitrary<String> spaces() {
    return Arbitraries.of("", "", "", " ", "\t");
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> quotedNumbers = numbers().map(n -> "\"" + n + "\"");
    Arbitrary<String> base64 = Arbitraries.of("\"\"", "\"MDAwMA==\"", "\"\\/\\/79\"");
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            typed("S", JsonStrings.quoted()),
            typed("N", quotedNumbers),
            typed("B", base64),
            typed("BOOL", Arbitraries.of("true", "false")),
            typed("NULL", Arbitraries.of("true")),
            typed("SS", array(JsonStrings.quoted())),
            typed("NS", array(quotedNumbers)),
            typed("BS", array(base64)));
    return depth == 0
        ? scalar
        : Arbitraries.oneOf(
            scalar, typed("M", members(depth - 1)), typed("L", array(value(depth - 1))));
  }

  private static Arbitrary<String> typed(String type, Arbitrary<String> value) {
    return Combinators.combine(spaces(), value)
        .as((space, v) -> "{" + space + "\"" + type + "\"" + space + ":" + space + v + "}");
  }

  private static Arbitrary<String> array(Arbitrary<String> elements) {
    return Combinators.combine(elements.list().ofMaxSize(4), spaces())
        .as((all, space) -> "[" + space + String.join(space + "," + space, all) + "]");
  }
}
