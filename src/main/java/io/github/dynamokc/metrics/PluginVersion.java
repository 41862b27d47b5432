package io.github.dynamokc.metrics;

/** The version in the manifest of the plugin's jar. */
public final class PluginVersion {
  /** What it is called where metrics are seen. */
  public static final String ATTRIBUTE = "version";

  static final String DESCRIPTION = "The version of the connector that shows this";

  private PluginVersion() {}

  /** The version, or {@code unknown} when the classes do not come from the plugin's jar. */
  public static String get() {
    String version = PluginVersion.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
