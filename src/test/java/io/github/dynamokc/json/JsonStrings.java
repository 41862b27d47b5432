package io.github.dynamokc.json;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** JSON strings as nobody would write them: any character, escaped in any way that is allowed. */
public final class JsonStrings {
  private JsonStrings() {}

  /** Quoted JSON strings, whose surrogates are in pairs. */
  public static Arbitrary<String> quoted() {
    Arbitrary<String> plain =
        Arbitraries.chars()
            .range(' ', '\uffff')
            .filter(c -> c != '"' && c != '\\' && !Character.isSurrogate(c))
            .map(String::valueOf);
    Arbitrary<String> escaped =
        Arbitraries.oneOf(
            Arbitraries.of("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"),
            Arbitraries.chars()
                .all()
                .filter(c -> !Character.isSurrogate(c))
                .map(c -> String.format("\\u%04x", (int) c)),
            Arbitraries.integers()
                .between(Character.MIN_SUPPLEMENTARY_CODE_POINT, Character.MAX_CODE_POINT)
                .map(
                    code ->
                        String.format(
                            "\\u%04X\\u%04x",
                            (int) Character.highSurrogate(code),
                            (int) Character.lowSurrogate(code))));
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            plain,
            escaped,
            Arbitraries.of(
                "😀", "é", "'", "`", "\u2028", "a", "{", "}", "[", "]", ",", ":", "$", "."));
    return piece.list().ofMaxSize(8).map(pieces -> "\"" + String.join("", pieces) + "\"");
  }
}
