package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncrementalExportsTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00.500Z");
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00.700Z");
  private static final JsonNode KEYS =
      Exports.json("[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"}]");
  private static final ExportKind.Incremental WINDOW =
      window("2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z");

  private final List<ItemWrite> writes = new ArrayList<>();
  private final IncrementalExports exports = new IncrementalExports((table, keys) -> writes);

  @Test
  void aWindowOfFifteenMinutesToADayIsTaken() {
    assertThat(window("2026-01-10T11:45:00Z", "2026-01-10T12:00:00Z").hasOldImages()).isTrue();
    assertThat(window("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z").from())
        .as("the second in which recovery was turned on")
        .isEqualTo("2026-01-01T00:00:00Z");
    assertThat(
            IncrementalExports.window(
                    request("2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z", "NEW_IMAGE"),
                    NOW,
                    EARLIEST)
                .hasOldImages())
        .isFalse();
  }

  @Test
  void otherWindowsAreRefusedAsAwsRefusesThem() {
    assertRefused("2026-01-10T11:45:01Z", "2026-01-10T12:00:00Z", "ValidationException");
    assertRefused("2026-01-08T23:59:59Z", "2026-01-10T00:00:00Z", "ValidationException");
    assertRefused("2026-01-09T00:00:00Z", "2026-01-09T00:00:00Z", "ValidationException");
    assertRefused("2026-01-09T01:00:00Z", "2026-01-09T00:00:00Z", "ValidationException");
    assertRefused("2026-01-10T11:30:00Z", "2026-01-10T12:00:01Z", "InvalidExportTimeException");
    assertRefused("2025-12-31T23:59:59Z", "2026-01-01T12:00:00Z", "InvalidExportTimeException");
    JsonNode noTimes = Exports.json("{\"IncrementalExportSpecification\":{}}");
    assertThatThrownBy(() -> IncrementalExports.window(noTimes, NOW, EARLIEST))
        .hasMessageContaining("ExportFromTime must not be null");
    assertThatThrownBy(
            () ->
                IncrementalExports.window(
                    request("2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z", "OLD_IMAGE"),
                    NOW,
                    EARLIEST))
        .hasMessageContaining("ExportViewType");
  }

  @Test
  void aLineHasMetadataKeysAndTheImagesThereAre() throws IOException {
    write(at("2026-01-08T00:00:00Z"), "b", "{\"n\":1}");
    write(at("2026-01-08T00:00:00Z"), "c", "{\"n\":1}");
    write(at("2026-01-09T00:00:01Z"), "a", "{\"n\":2}");
    write(at("2026-01-09T00:00:02Z"), "b", "{\"n\":2}");
    write(at("2026-01-09T00:00:03Z"), "c", null);
    exports.forms(List.of(WriteTimestampForm.ATTRIBUTE));

    assertThat(lines(WINDOW))
        .containsExactlyInAnyOrder(
            "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"1767916801000000\"}},\"Keys\":{\"pk\":{\"S\":\"a\"}},\"NewImage\":{\"n\":2}}",
            "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"1767916802000000\"}},\"Keys\":{\"pk\":{\"S\":\"b\"}},\"OldImage\":{\"n\":1},\"NewImage\":{\"n\":2}}",
            "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"1767916803000000\"}},\"Keys\":{\"pk\":{\"S\":\"c\"}},\"OldImage\":{\"n\":1}}");
    assertThat(lines(new ExportKind.Incremental(WINDOW.from(), WINDOW.to(), "NEW_IMAGE")))
        .hasSize(3)
        .noneMatch(line -> line.contains("OldImage"));
  }

  @Test
  void linesAreOutOfOrderInSomeFilesAndTimestampsOfAllForms() throws IOException {
    for (int i = 0; i < 300; i++) {
      write(at("2026-01-09T00:00:00Z") + i, "k" + i, "{}");
    }

    List<DataFile> files = exports.content("tab", KEYS, WINDOW, 4);
    List<String> lines = lines(WINDOW);

    assertThat(files)
        .extracting(DataFile::itemCount)
        .contains(0L)
        .filteredOn(n -> n > 0)
        .hasSize(3);
    assertThat(lines).hasSize(300).doesNotHaveDuplicates();
    assertThat(lines(WINDOW)).as("the same each time").isEqualTo(lines);
    List<String> ordered = lines.stream().sorted(IncrementalExportsTest::byTime).toList();
    assertThat(lines).isNotEqualTo(ordered);
    assertThat(lines)
        .anyMatch(line -> line.contains("Micros\":{\"N\":\"1767"))
        .anyMatch(line -> line.contains("Micros\":\"1767"))
        .anyMatch(line -> line.contains("Micros\":1767"));
  }

  @Test
  void aTestMayGiveTheNextExportOfATableItsFiles() throws IOException {
    write(at("2026-01-09T00:00:00Z"), "a", "{}");
    exports.putSynthetic("tab", List.of(DataFile.of(List.of("odd"))));

    assertThat(lines(WINDOW)).containsExactly("odd");
    assertThat(lines(WINDOW)).hasSize(1).doesNotContain("odd");
  }

  @Test
  void ofAScriptedTableTheHistoryIsThatOfItsScript() throws IOException {
    write(at("2026-01-09T00:00:00Z"), "real", "{}");
    exports.script(
        "tab",
        (table, keys) ->
            List.of(new ItemWrite(at("2026-01-09T00:00:00Z"), key("scripted"), "{}", null)));

    assertThat(lines(WINDOW)).hasSize(1).allMatch(line -> line.contains("scripted"));
    exports.forget("tab");
    assertThat(lines(WINDOW)).hasSize(1).allMatch(line -> line.contains("real"));
  }

  private List<String> lines(ExportKind.Incremental window) throws IOException {
    return exports.content("tab", KEYS, window, 4).stream()
        .flatMap(file -> Exports.gunzip(file.gzip()).lines())
        .toList();
  }

  private static int byTime(String one, String other) {
    return Long.compare(micros(one), micros(other));
  }

  private static long micros(String line) {
    return Long.parseLong(line.replaceAll("^.*?(\\d{16}).*$", "$1"));
  }

  private void write(long micros, String key, String after) {
    writes.add(new ItemWrite(micros, key(key), after, null));
  }

  private static String key(String name) {
    return "{\"pk\":{\"S\":\"" + name + "\"}}";
  }

  private static long at(String time) {
    return Instant.parse(time).getEpochSecond() * 1_000_000;
  }

  private static ExportKind.Incremental window(String from, String to) {
    return IncrementalExports.window(request(from, to, "NEW_AND_OLD_IMAGES"), NOW, EARLIEST);
  }

  private static void assertRefused(String from, String to, String error) {
    assertThatThrownBy(() -> window(from, to))
        .isInstanceOfSatisfying(
            AwsErrorException.class,
            refusal -> assertThat(refusal.errorCode()).as(from + " " + to).isEqualTo(error));
  }

  private static JsonNode request(String from, String to, String view) {
    return Exports.json(
        "{\"IncrementalExportSpecification\":{\"ExportFromTime\":%d,\"ExportToTime\":%d,\"ExportViewType\":\"%s\"}}"
            .formatted(
                Instant.parse(from).getEpochSecond(), Instant.parse(to).getEpochSecond(), view));
  }
}
