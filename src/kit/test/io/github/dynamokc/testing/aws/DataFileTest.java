package io.github.dynamokc.testing.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DataFileTest {
  @Test
  void severalMembersReadAsOneText() throws IOException {
    DataFile file = DataFile.ofMembers(List.of(List.of("a", "b\r"), List.of(), List.of("c")));

    assertThat(text(file)).isEqualTo("a\nb\r\nc\n");
    assertThat(file.itemCount()).isEqualTo(3);
    assertThat(file.textBytes()).isEqualTo(7);
    assertThat(file.md5Checksum()).isEqualTo(DataFile.md5(file.gzip()));
  }

  @Test
  void theManifestCanContradictTheFile() {
    DataFile file = DataFile.of(List.of("a"));

    assertThat(file.truncatedTo(5).gzip()).hasSize(5);
    assertThat(file.truncatedTo(5).md5Checksum()).isEqualTo(file.md5Checksum());
    assertThat(file.withItemCount(2).itemCount()).isEqualTo(2);
    assertThat(file.withMd5Checksum("x").md5Checksum()).isEqualTo("x");
  }

  @Test
  void itemsSpreadOverFilesAndEachFourthStaysEmpty() throws IOException {
    List<JsonNode> items = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      items.add(AwsJson.MAPPER.readTree("{\"PK\":{\"S\":\"" + i + "\"},\"n\":{\"N\":\"1E+2\"}}"));
    }
    JsonNode keys = AwsJson.MAPPER.readTree("[{\"AttributeName\":\"PK\",\"KeyType\":\"HASH\"}]");

    List<DataFile> files = TableContent.spread(TableContent.ofItems(items, keys), 8);

    assertThat(files).hasSize(8);
    assertThat(files.stream().mapToLong(DataFile::itemCount).sum()).isEqualTo(1000);
    assertThat(files).filteredOn(file -> file.itemCount() == 0).hasSize(2);
    assertThat(text(files.get(0))).contains("\"n\":{\"N\":\"1E+2\"}}}\n");
  }

  private static String text(DataFile file) throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(file.gzip())).readAllBytes(),
        StandardCharsets.UTF_8);
  }
}
