package io.github.dynamokc.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Random secrets that are told by their text wherever they turn up. */
public final class Secrets {
  private final Map<String, String> names = new TreeMap<>();

  /**
   * Makes a secret.
   *
   * @param name says whose it is
   */
  public String make(String name) {
    String secret = "S3cr3t" + UUID.randomUUID().toString().replace("-", "");
    names.put(secret, name);
    return secret;
  }

  /** Watches another text that gives a secret away, such as one that is encoded. */
  public void alsoWatch(String name, String text) {
    names.put(text, name);
  }

  /** Watches how a proxy gets to know user and password. */
  public void alsoWatchBasic(String name, String user, String password) {
    String pair = user + ":" + password;
    alsoWatch(name + " in Base64", Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }

  /**
   * What of the secrets is in the text, by name, each with what is around it; the secret itself is
   * left out.
   */
  public List<String> in(String text) {
    List<String> found = new ArrayList<>();
    names.forEach(
        (secret, name) -> {
          int at = text.indexOf(secret);
          if (at >= 0) {
            found.add(name + " behind: " + text.substring(Math.max(0, at - 300), at));
          }
        });
    return found;
  }
}
