package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.AwsErrorKind;
import io.github.dynamokc.aws.InvalidSettingException;
import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.CredentialsConfig;
import io.github.dynamokc.config.RoleConfig;
import org.jspecify.annotations.Nullable;

/**
 * Whether there are credentials, and the clients that ask with them. Finding a region or
 * credentials may take long, so it may be that the clients come only when nobody waits for them any
 * more: then they are closed at once.
 */
final class CredentialsCheck implements CheckRun.Questions, AutoCloseable {
  private static final int RETRIES = 1;

  private final PreflightContext settings;
  private @Nullable SdkAwsClients clients;
  private boolean closed;

  CredentialsCheck(PreflightContext settings) {
    this.settings = settings;
  }

  @Override
  public void ask(CheckRun probe) throws InterruptedException {
    SdkAwsClients aws;
    try {
      aws =
          SdkAwsClients.create(
              settings.aws().withTighterLimits(settings.callTimeout(), RETRIES),
              settings.config().region());
    } catch (InvalidSettingException e) {
      probe.found(e.key(), "invalid", e.reason());
      return;
    }
    opened(aws);
    String key = settings.credentialsKey(Service.STS);
    try {
      aws.findCredentials();
    } catch (RuntimeException e) {
      // The provider may be a class of the user's, which throws what it likes and may say secrets.
      if (AwsErrorKind.of(e) == AwsErrorKind.INTERRUPTED) {
        throw new InterruptedException();
      }
      probe.found(key, "no credentials", noCredentials(e));
      return;
    }
    RoleConfig role = settings.aws().role();
    if (role != null) {
      probe.ask(
          AccessCheck.decisive(Service.STS, "sts:AssumeRole", role.arn(), RoleConfig.ROLE_ARN),
          () -> {
            aws.assumeRole();
            return true;
          });
    }
  }

  private String noCredentials(RuntimeException failure) {
    if (settings.aws().credentials() instanceof CredentialsConfig.ProviderClass provider) {
      return "gave no credentials: "
          + provider.className()
          + " failed with "
          + failure.getClass().getName();
    }
    return "is not set, and the AWS SDK's default chain found no credentials on this worker:"
        + " environment, profile, container or instance role. Give it some, or set "
        + CredentialsConfig.ACCESS_KEY_ID
        + " and "
        + CredentialsConfig.SECRET_ACCESS_KEY;
  }

  private synchronized void opened(SdkAwsClients aws) {
    clients = aws;
    if (closed) {
      aws.close();
    }
  }

  /** Null until there are any. */
  synchronized @Nullable SdkAwsClients clients() {
    return clients;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (clients != null) {
      clients.close();
    }
  }
}
