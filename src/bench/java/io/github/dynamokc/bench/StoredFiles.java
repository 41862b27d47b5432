package io.github.dynamokc.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dynamokc.testing.aws.EmbeddedAws;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Data files in S3 that are one gzip member again and again, streamed there, so that their size
 * costs no heap, with the manifest of an export.
 */
final class StoredFiles {
  /** The bucket, which is made if need be. */
  static final String BUCKET = "exports";

  /** Lines of a member: about a megabyte of text for each kilobyte of a line. */
  static final int LINES_A_MEMBER = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EmbeddedAws aws;
  private final String folder;
  private final long lines;

  /**
   * @param name the folder in the bucket
   * @param member the gzip member, of {@link #LINES_A_MEMBER} lines
   */
  StoredFiles(EmbeddedAws aws, String name, int files, byte[] member, int membersPerFile) {
    this.aws = aws;
    this.folder = "AWSDynamoDB/" + name + "/";
    this.lines = (long) files * membersPerFile * LINES_A_MEMBER;
    if (aws.s3().listBuckets().buckets().stream().noneMatch(b -> b.name().equals(BUCKET))) {
      aws.buckets().create(BUCKET);
    }
    String md5 = md5(member, membersPerFile);
    StringBuilder manifest = new StringBuilder();
    for (int file = 0; file < files; file++) {
      String key = folder + "data/" + file + ".json.gz";
      aws.s3()
          .putObject(
              request -> request.bucket(BUCKET).key(key),
              RequestBody.fromContentProvider(
                  () -> repeated(member, membersPerFile),
                  (long) member.length * membersPerFile,
                  "application/gzip"));
      manifest
          .append(
              JSON.createObjectNode()
                  .put("itemCount", membersPerFile * LINES_A_MEMBER)
                  .put("md5Checksum", md5)
                  .put("dataFileS3Key", key))
          .append('\n');
    }
    put("manifest-files.json", manifest.toString());
  }

  private static InputStream repeated(byte[] member, int times) {
    List<InputStream> members =
        IntStream.range(0, times)
            .<InputStream>mapToObj(i -> new ByteArrayInputStream(member))
            .toList();
    return new SequenceInputStream(Collections.enumeration(members));
  }

  private static String md5(byte[] member, int times) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (int i = 0; i < times; i++) {
        md5.update(member);
      }
      return Base64.getEncoder().encodeToString(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }

  private void put(String name, String text) {
    aws.s3()
        .putObject(
            request -> request.bucket(BUCKET).key(folder + name),
            RequestBody.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Completes the export.
   *
   * @param summary what its summary says besides the files
   * @return the summary's key
   */
  String summarize(ObjectNode summary) {
    String name = "manifest-summary.json";
    put(
        name,
        summary
            .put("manifestFilesS3Key", folder + "manifest-files.json")
            .put("itemCount", lines)
            .toString());
    return folder + name;
  }

  /** In all files together. */
  long lines() {
    return lines;
  }

  /** Ends the ARN of an export of these files. */
  String id() {
    return Integer.toString(folder.hashCode());
  }
}
