package io.github.dynamokc.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * All the work of one task. It travels in the task's config, and a task does what stands there and
 * nothing else: ownership is a function of the task config alone, which is what Connect fences.
 */
public record TaskAssignment(List<TableWork> work) {
  /** The key of a task config that holds its assignment. */
  public static final String CONFIG_KEY = "dynamokc.task.assignment";

  /** The key of a task config that holds the task's number, which Connect does not tell. */
  public static final String ID_KEY = "dynamokc.task.id";

  /**
   * Connect keeps a task config in one Kafka record, of a megabyte at most. Ten thousand shards are
   * as much text; packed they are a sixth of it, as the ids have much in common.
   */
  private static final int READABLE = 16 * 1024;

  private static final String PACKED = "deflate:";

  private static final ObjectMapper JSON =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  public TaskAssignment {
    work = List.copyOf(work);
  }

  /** The assignment as text: JSON, and packed if it is long. */
  public String toConfig() {
    try {
      String json = JSON.writeValueAsString(this);
      return json.length() <= READABLE ? json : PACKED + pack(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An assignment is always JSON", e);
    }
  }

  /**
   * @throws IllegalArgumentException if {@code text} was not made by {@link #toConfig()}
   */
  public static TaskAssignment fromConfig(String text) {
    try {
      String json = text.startsWith(PACKED) ? unpack(text.substring(PACKED.length())) : text;
      return JSON.readValue(json, TaskAssignment.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          CONFIG_KEY + " was not written by the connector: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(CONFIG_KEY + " was not written by the connector", e);
    }
  }

  private static String pack(String json) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
    try (OutputStream deflating = new DeflaterOutputStream(packed, best)) {
      deflating.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory needs no device", e);
    } finally {
      best.end();
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  /**
   * @throws IOException if the bytes are not deflated text, or end too early
   */
  private static String unpack(String packed) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(packed);
    try (InputStream inflating = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return new String(inflating.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
