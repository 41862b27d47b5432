package io.github.dynamokc.struct;

import static io.github.dynamokc.testing.aws.KeyAttribute.number;
import static io.github.dynamokc.testing.aws.KeyAttribute.string;

import io.github.dynamokc.testing.EndToEnd;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table whose items change their shape, in stages. */
final class ShapesTable {
  private final String name;

  private ShapesTable(String name) {
    this.name = name;
  }

  static ShapesTable create(String name) {
    EndToEnd.aws().tables().create(name, string("pk"), number("sk"));
    return new ShapesTable(name);
  }

  String name() {
    return name;
  }

  /** Items of every type, more than one of each key. */
  void first() {
    for (int n = 0; n < 6; n++) {
      put(n, "text", s("text " + n), "price", n("1234.5" + n), "yes", bool(n % 2 == 0));
    }
    put(6, "bytes", b(0, 255, 7), "none", AttributeValue.fromNul(true));
    put(7, "tags", AttributeValue.fromSs(List.of("b", "a")), "nothing", s(""));
    put(8, "numbers", AttributeValue.fromNs(List.of("1", "2.50", "-3")));
    put(9, "blobs", AttributeValue.fromBs(List.of(bytes(1), bytes(2, 3))));
    put(10, "address", m("city", s("Bonn"), "zip", n("53111")));
    put(11, "lines", l(m("sku", s("a"), "count", n("2")), m("sku", s("b"))));
  }

  /** New attributes, at the top and inside, and names that Avro does not have. */
  void grown() {
    put(0, "text", s("again"), "since", n("1700020441123"));
    put(10, "address", m("city", s("Köln"), "geo", m("lat", n("50.9"), "lon", n("6.9"))));
    put(11, "lines", l(m("sku", s("c"), "note", s("fragile"), "count", n("1"))));
    put(12, "a.b", s("dots"), "1st", n("1"), "ünï", s("code"), "_x", s("escape"));
    put(13, "__other", s("a name that is taken"));
    delete(1);
  }

  /** Attributes whose type changes, and what no column can hold. */
  void changed() {
    put(2, "text", n("12"), "price", s("on request"), "yes", s("maybe"));
    put(3, "price", n("99999999999999999999999999999999999999"), "numbers", l(n("1")));
    put(4, "address", s("somewhere"), "lines", l(s("a line"), m("sku", s("d"))));
    put(5, "price", n("1E-30"), "tags", l(s("a"), s("b")));
    put(10, "address", m("city", n("7")));
    put(14, "mixed", l(s("a"), n("1"), m()), "empty", m(), "none yet", l());
    put(14, "mixed", l(n("1"), s("a")), "empty", m("now", s("not")), "none yet", l(n("1")));
    put(15, "deep", m("a", m("b", m("c", m("d", m("e", m("f", s("g"))))))));
    delete(6);
    delete(0);
  }

  void put(int number, Object... attributes) {
    Map<String, AttributeValue> item = new HashMap<>(key(number));
    for (int i = 0; i < attributes.length; i += 2) {
      item.put((String) attributes[i], (AttributeValue) attributes[i + 1]);
    }
    EndToEnd.aws().tables().put(name, item);
  }

  void delete(int number) {
    EndToEnd.aws().tables().delete(name, key(number));
  }

  private static Map<String, AttributeValue> key(int number) {
    return Map.of("pk", s("item " + number), "sk", n(Integer.toString(number)));
  }

  static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }

  private static AttributeValue b(int... values) {
    return AttributeValue.fromB(bytes(values));
  }

  private static SdkBytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return SdkBytes.fromByteArray(bytes);
  }

  private static AttributeValue bool(boolean value) {
    return AttributeValue.fromBool(value);
  }

  private static AttributeValue l(AttributeValue... elements) {
    return AttributeValue.fromL(List.of(elements));
  }

  private static AttributeValue m(Object... namesAndValues) {
    Map<String, AttributeValue> map = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], (AttributeValue) namesAndValues[i + 1]);
    }
    return AttributeValue.fromM(map);
  }
}
