package io.github.dynamokc.export;

import java.util.List;

/**
 * The data files of an export, in the order of {@code manifest-files.json}: work is assigned by
 * index into this list.
 *
 * @param filesKey S3 key of {@code manifest-files.json}
 */
public record Manifest(String bucket, String filesKey, List<DataFile> files) {
  public Manifest {
    files = List.copyOf(files);
  }

  /**
   * One data file.
   *
   * @param key its S3 key
   * @param items how many items it holds
   * @param md5 MD5 of its bytes as they are in S3, Base64
   */
  public record DataFile(String key, long items, String md5) {}
}
