package io.github.dynamokc.preflight;

/**
 * A request to AWS that shows whether something will work.
 *
 * @param action the IAM action that it needs
 * @param resource what it is asked of, for messages
 * @param key the key to blame if AWS refuses it
 * @param decisive whether any refusal counts; otherwise only a missing permission does, because
 *     what is asked for may well not be there
 */
record Question(Service service, String action, String resource, String key, boolean decisive) {

  /** Asks for what must be there. */
  static Question decisive(Service service, String action, String resource, String key) {
    return new Question(service, action, resource, key, true);
  }

  /** Asks whether it may be asked. */
  static Question ofPermission(Service service, String action, String resource, String key) {
    return new Question(service, action, resource, key, false);
  }
}
