package io.github.dynamokc.preflight;

import io.github.dynamokc.config.AwsConfig;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.CredentialsConfig;
import io.github.dynamokc.config.RoleConfig;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.TableConfig;
import io.github.dynamokc.config.TableRef;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that is good by itself, the keys as the user wrote them, and the time that there
 * is for all that is asked.
 */
record PreflightContext(Map<String, String> props, ConnectorConfig config, Duration limit) {

  /** For one call, so that it can be repeated once. */
  Duration callTimeout() {
    return limit.dividedBy(2);
  }

  /** After this long, a question that has no answer yet will have none. */
  Duration unansweredAfter() {
    return limit.dividedBy(4);
  }

  AwsConfig aws() {
    return config.aws();
  }

  /** The key that is to blame for a table's setting: its own, or that of all tables. */
  String key(TableRef table, String key) {
    return ConnectorConfig.keyOf(props, table, key);
  }

  /** The key of the region of a table's bucket, null if that is the table's. */
  @Nullable String regionKey(TableConfig table) {
    return table.snapshot().s3Region() == null
        ? null
        : key(table.table(), SnapshotConfig.S3_REGION);
  }

  /** The key that is to blame if a service does not know the caller. */
  String credentialsKey(Service asked) {
    if (aws().role() != null && asked != Service.STS) {
      return RoleConfig.ROLE_ARN;
    }
    return aws().credentials() instanceof CredentialsConfig.ProviderClass
        ? CredentialsConfig.PROVIDER_CLASS
        : CredentialsConfig.ACCESS_KEY_ID;
  }
}
