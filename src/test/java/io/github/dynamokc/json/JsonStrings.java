package io.github.dynamokc.json;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** JSON strings as nobody would write them: any character, escaped in any way that is allowed. */
public final class JsonStrings {
  private JsonStrings() {}

  /** Quoted JSON strings, lone surrogates (escaped) among them. */
  public static Arbitrary<String> quoted() {
    Arbitrary<String> plain =
        Arbitraries.chars()
            .range(' ', '\uffff')
            .filter(c -> c != '"' && c != '\\' && !Character.isSurrogate(c))
            .map(String::valueOf);
    Arbitrary<String> escaped =
        Arbitraries.oneOf(
            Arbitraries.of("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"),
            Arbitraries.chars().all().map(c -> String.format("\\u%04x", (int) c)),
            Arbitraries.chars()
                .range('\ud800', '\udfff')
                .map(c -> String.format("\\u%04X", (int) c)));
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            plain,
            escaped,
            Arbitraries.of(
                "😀", "é", "'", "`", "\u2028", "a", "{", "}", "[", "]", ",", ":", "$", "."));
    return piece.list().ofMaxSize(8).map(pieces -> "\"" + String.join("", pieces) + "\"");
  }
}
