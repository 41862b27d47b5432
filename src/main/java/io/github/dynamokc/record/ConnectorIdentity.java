package io.github.dynamokc.record;

/**
 * Who writes the records, as envelopes say it.
 *
 * @param version of the plugin
 * @param name of the connector
 */
public record ConnectorIdentity(String version, String name) {
  /** What kind of connector it is. */
  static final String KIND = "dynamodb";
}
