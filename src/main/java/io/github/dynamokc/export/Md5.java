package io.github.dynamokc.export;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The checksum that manifests have of data files, and that lies beside the manifests. */
final class Md5 {
  private Md5() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
