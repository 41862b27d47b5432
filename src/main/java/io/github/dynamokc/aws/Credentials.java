package io.github.dynamokc.aws;

import io.github.dynamokc.concurrent.PluginClassLoader;
import io.github.dynamokc.config.CredentialsConfig;
import io.github.dynamokc.config.RoleConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes the provider of the credentials that the connector calls AWS with, before a role is
 * assumed.
 */
final class Credentials {
  private static final String DEFAULT_SESSION_NAME = "dynamokc";

  private Credentials() {}

  /**
   * The provider as configured.
   *
   * @throws InvalidSettingException if the configured class cannot be used
   */
  static AwsCredentialsProvider create(CredentialsConfig config) {
    if (config instanceof CredentialsConfig.StaticKeys keys) {
      return staticKeys(keys);
    } else if (config instanceof CredentialsConfig.ProviderClass provider) {
      return instantiate(provider.className());
    } else if (config instanceof CredentialsConfig.DefaultChain) {
      return DefaultCredentialsProvider.builder().build();
    }
    throw new IllegalStateException("Unknown credentials " + config.getClass());
  }

  /**
   * The credentials of a role. They renew themselves before they expire, on a thread that ends when
   * the provider is closed.
   */
  static StsAssumeRoleCredentialsProvider assume(RoleConfig role, StsClient sts) {
    String session = role.sessionName();
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .asyncCredentialUpdateEnabled(true)
        .refreshRequest(
            request ->
                request
                    .roleArn(role.arn())
                    .externalId(role.externalId())
                    .roleSessionName(session == null ? DEFAULT_SESSION_NAME : session)
                    .overrideConfiguration(o -> role.headerOverrides().forEach(o::putHeader)))
        .build();
  }

  private static AwsCredentialsProvider staticKeys(CredentialsConfig.StaticKeys keys) {
    String secret = keys.secretAccessKey().value();
    Password token = keys.sessionToken();
    return StaticCredentialsProvider.create(
        token == null
            ? AwsBasicCredentials.create(keys.accessKeyId(), secret)
            : AwsSessionCredentials.create(keys.accessKeyId(), secret, token.value()));
  }

  private static AwsCredentialsProvider instantiate(String className) {
    try {
      Class<?> type = Class.forName(className, true, PluginClassLoader.get());
      if (!AwsCredentialsProvider.class.isAssignableFrom(type)) {
        throw invalid(className, "does not implement " + AwsCredentialsProvider.class.getName());
      }
      Method create = createMethod(type);
      Object provider = create == null ? type.getConstructor().newInstance() : create.invoke(null);
      if (provider instanceof AwsCredentialsProvider credentials) {
        return credentials;
      }
      throw invalid(className, "has a create() that returns no credentials provider");
    } catch (ClassNotFoundException e) {
      throw invalid(
          className, "is not on the plugin's class path; put its jar beside the connector's");
    } catch (InvocationTargetException e) {
      throw invalid(
          className, "failed to start with " + e.getTargetException().getClass().getName());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw invalid(
          className,
          "has neither a public static create() nor a public constructor without parameters");
    }
  }

  private static @Nullable Method createMethod(Class<?> type) {
    try {
      Method create = type.getMethod("create");
      return Modifier.isStatic(create.getModifiers()) ? create : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static InvalidSettingException invalid(String className, String problem) {
    return new InvalidSettingException(CredentialsConfig.PROVIDER_CLASS, className, problem);
  }
}
