package io.github.dynamokc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Against a set of texts for each object, however wide and deep they are. */
class MemberNamesTest {
  private byte[] array = new byte[1 << 16];
  private int end;

  @Property(tries = 300)
  void aNameIsNewOnceInItsObject(@ForAll long seed) {
    Random random = new Random(seed);
    MemberNames names = new MemberNames();
    for (int line = 0; line < 3; line++) {
      end = 0;
      names.clear();
      Deque<Set<String>> objects = new ArrayDeque<>();
      int spread = 1 + random.nextInt(400);
      for (int step = 0; step < 1_000; step++) {
        if (objects.isEmpty() || random.nextInt(30) == 0) {
          names.begin(end++);
          objects.push(new HashSet<>());
        } else if (objects.size() > 1 && random.nextInt(40) == 0) {
          names.end();
          objects.pop();
        } else {
          String name = "name é" + random.nextInt(spread);
          String spelled = random.nextInt(500) == 0 ? name.replace("n", "\\u006e") : name;
          assertThat(add(names, spelled)).isEqualTo(objects.element().add(name));
        }
      }
    }
  }

  @Example
  void anObjectMayHaveAsManyNamesAsFitIntoAnItem() {
    array = new byte[4 << 20];
    MemberNames names = new MemberNames();
    names.begin(end++);
    for (int i = 0; i < 200_000; i++) {
      assertThat(add(names, "a" + i)).isTrue();
    }
    for (int i = 0; i < 200_000; i += 1_000) {
      assertThat(add(names, "a" + i)).isFalse();
    }
  }

  private boolean add(MemberNames names, String spelled) {
    byte[] bytes = spelled.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, array, end, bytes.length);
    int from = end;
    end += bytes.length;
    return names.add(array, from, end, spelled.indexOf('\\') < 0);
  }
}
