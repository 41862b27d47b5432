package io.github.dynamokc;

/** The version in the manifest of the plugin's jar. */
public final class PluginVersion {
  private PluginVersion() {}

  /** The version, or {@code unknown} when the classes do not come from the plugin's jar. */
  public static String get() {
    String version = PluginVersion.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
