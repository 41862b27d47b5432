package io.github.dynamokc.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a transform does with headers, they are as Connect's own would be. */
class CompactHeadersTest {
  private static final Schema LIST = SchemaBuilder.array(Schema.STRING_SCHEMA).build();
  private static final String[] NAMES = {"a", "b", "c", "d"};

  /** Those that a test gives. */
  private static final class Given extends CompactHeaders {
    private final Header[] headers;

    private Given(Header... headers) {
      this.headers = headers;
    }

    @Override
    int count() {
      return headers.length;
    }

    @Override
    Header header(int index) {
      return headers[index];
    }

    @Override
    CompactHeaders copy() {
      return new Given(headers);
    }
  }

  @RepeatedTest(300)
  void theyBehaveAsConnectsDo(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Header[] some = new Header[random.nextInt(6)];
    for (int i = 0; i < some.length; i++) {
      some[i] = header(random);
    }
    Headers compact = new Given(some);
    Headers connects = new ConnectHeaders(List.of(some));
    for (int step = 0; step < 6; step++) {
      long seed = random.nextLong();
      int what = random.nextInt(11);
      compact = changed(compact, what, new Random(seed));
      connects = changed(connects, what, new Random(seed));
      assertThat(list(compact)).as("after step %d", what).isEqualTo(list(connects));
      assertThat(compact.size()).isEqualTo(connects.size());
      assertThat(compact.isEmpty()).isEqualTo(connects.isEmpty());
      for (String name : NAMES) {
        assertThat(compact.lastWithName(name)).isEqualTo(connects.lastWithName(name));
        Headers found = compact;
        Headers wanted = connects;
        assertThat(list(() -> found.allWithName(name)))
            .isEqualTo(list(() -> wanted.allWithName(name)));
      }
    }
    assertThat(compact).isEqualTo(connects).hasSameHashCodeAs(connects);
    assertThat(connects).isEqualTo(compact);
  }

  private static Headers changed(Headers headers, int what, Random random) {
    String name = NAMES[random.nextInt(NAMES.length)];
    switch (what) {
      case 0 -> headers.add(header(random));
      case 1 -> headers.addString(name, "x");
      case 2 -> headers.remove(name);
      case 3 -> headers.retainLatest();
      case 4 -> headers.retainLatest(name);
      case 5 -> headers.apply(header -> header.key().equals(name) ? null : header.rename("r"));
      case 6 -> headers.apply(name, header -> header.with(Schema.INT32_SCHEMA, 5));
      case 7 -> removeFirst(headers, name);
      case 8 -> {
        return headers.duplicate();
      }
      case 9 -> headers.clear();
      default -> headers.addList(name, List.of("y"), LIST);
    }
    return headers;
  }

  private static void removeFirst(Headers headers, String name) {
    Iterator<Header> each = headers.iterator();
    while (each.hasNext()) {
      if (each.next().key().equals(name)) {
        each.remove();
        return;
      }
    }
  }

  private static Header header(Random random) {
    String name = NAMES[random.nextInt(NAMES.length)];
    return switch (random.nextInt(4)) {
      case 0 -> ItemHeader.of(name, random.nextLong());
      case 1 -> ItemHeader.of(name, random.nextBoolean());
      case 2 -> ItemHeader.none(name);
      default -> ItemHeader.of(name, "text " + random.nextInt(9));
    };
  }

  private static List<Header> list(Iterable<Header> headers) {
    List<Header> list = new ArrayList<>();
    headers.forEach(list::add);
    return list;
  }

  @Test
  void aDuplicateIsItsOwn() {
    CompactHeaders headers = new Given(ItemHeader.of("a", "x"), ItemHeader.of("b", "y"));
    Headers duplicate = headers.duplicate();
    removeFirst(duplicate, "a");
    removeFirst(headers.duplicate(), "b");
    assertThat(list(headers)).hasSize(2);
    assertThat(list(duplicate)).containsExactly(ItemHeader.of("b", "y"));
  }

  @Test
  void anIteratorIsAsStrictAsAnyOther() {
    Iterator<Header> one = new Given(ItemHeader.of("a", "x")).iterator();
    assertThatThrownBy(one::remove).isInstanceOf(IllegalStateException.class);
    one.next();
    one.remove();
    assertThatThrownBy(one::remove).isInstanceOf(IllegalStateException.class);
    assertThat(one.hasNext()).isFalse();
    assertThatThrownBy(one::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aRecordKeepsThem() {
    CompactHeaders headers = new Given(ItemHeader.of("a", "x"));
    SourceRecord record =
        new SourceRecord(Map.of(), Map.of(), "t", null, null, null, null, null, 0L, headers);
    assertThat(record.headers()).as("not copied into Connect's own").isSameAs(headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void oneHeaderEqualsConnectsOwn(String name) {
    Header connects = new ConnectHeaders().addLong("a", 5).lastWithName("a");
    assertThat(ItemHeader.of(name, 5L).equals(connects)).isEqualTo(name.equals("a"));
    assertThat(connects.equals(ItemHeader.of(name, 5L))).isEqualTo(name.equals("a"));
    assertThat(new ConnectHeaders().addString("n", null).lastWithName("n"))
        .isEqualTo(ItemHeader.none("n"));
  }
}
