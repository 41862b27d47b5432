package io.github.dynamokc.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void metricsAreFoundBesideFunctionsLabelsTextsAndRanges() {
    assertThat(
            PromQl.metrics(
                "max by (connector, table) (rate(a_total{task=\"0\", class=~\"b|c\"}[5m]) > 0"
                    + " or (d:e > 1.5e3 unless on (f) last_over_time(g[1h]) offset 1h))"
                    + " / on (h) group_left (i) j and k"))
        .containsExactly("a_total", "d:e", "g", "j", "k");
  }
}
