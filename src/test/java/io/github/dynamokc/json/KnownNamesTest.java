package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
  private static final List<String> NAMES = List.of("Keys", "NewImage", "OldImage", "Key", "N");

  @RepeatedTest(50)
  void eachIsFoundInAnyOrder(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    KnownNames known = new KnownNames(NAMES.toArray(String[]::new));
    for (int i = 0; i < 50; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      assertThat(found(known, '"' + name + '"')).isEqualTo(name);
      String other = name + random.nextInt(9);
      assertThat(found(known, '"' + other + '"')).isEmpty();
    }
  }

  @Test
  void oneWithEscapesIsFoundToo() {
    KnownNames known = new KnownNames("Keys");
    assertThat(found(known, "\"\\u004beys\"")).isEqualTo("Keys");
    assertThat(found(known, "\"\\u004bey\"")).isEmpty();
  }

  private static String found(KnownNames known, String quoted) {
    JsonCursor in = new JsonCursor().reset(Slice.of(quoted));
    in.readString();
    return known.of(in);
  }
}
