package io.github.dynamokc.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

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
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(CONFIG_KEY + " was not written by the connector", e);
    }
  }

  private static String pack(String json) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(json.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      return Base64.getEncoder()
          .encodeToString(allOf(buffer -> deflater.finished() ? -1 : deflater.deflate(buffer)));
    } catch (DataFormatException e) {
      throw new IllegalStateException("Packing needs no format", e);
    } finally {
      deflater.end();
    }
  }

  private static String unpack(String packed) throws DataFormatException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(Base64.getDecoder().decode(packed));
      byte[] json =
          allOf(
              buffer -> {
                int count = inflater.finished() ? -1 : inflater.inflate(buffer);
                if (count == 0) {
                  throw new DataFormatException("The text ends too early");
                }
                return count;
              });
      return new String(json, StandardCharsets.UTF_8);
    } finally {
      inflater.end();
    }
  }

  /** Gives bytes piece by piece; -1 at the end. */
  @FunctionalInterface
  private interface Source {
    int next(byte[] buffer) throws DataFormatException;
  }

  private static byte[] allOf(Source source) throws DataFormatException {
    List<byte[]> pieces = new ArrayList<>();
    byte[] buffer = new byte[64 * 1024];
    int length = 0;
    for (int count = source.next(buffer); count >= 0; count = source.next(buffer)) {
      pieces.add(Arrays.copyOf(buffer, count));
      length += count;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }
}
