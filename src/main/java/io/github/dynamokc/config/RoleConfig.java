package io.github.dynamokc.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * A role that is assumed through STS on top of the credentials.
 *
 * @param arn the role
 * @param externalId what the role's trust policy asks for, null for none
 * @param sessionName the name of the session in AWS's logs, null for ours
 * @param headerOverrides headers that are put on the AssumeRole request, in the order given
 */
public record RoleConfig(
    String arn,
    @Nullable String externalId,
    @Nullable String sessionName,
    Map<String, String> headerOverrides) {
  public static final String ROLE_ARN = "aws.sts.role.arn";
  public static final String EXTERNAL_ID = "aws.sts.external.id";
  public static final String SESSION_NAME = "aws.sts.session.name";
  public static final String HEADER_OVERRIDES = "aws.sts.header.overrides";

  static void define(ConfigGroup group) {
    group
        .add(
            ConfigKey.of(
                    ROLE_ARN,
                    "Role to assume",
                    "ARN of an IAM role. The connector assumes it with its credentials and uses it for everything.")
                .check(
                    Validators.matches(
                        "arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+",
                        "must be a role's ARN (arn:aws:iam::<account>:role/<name>)"))
                .wide()
                .dependents(EXTERNAL_ID, SESSION_NAME, HEADER_OVERRIDES, EndpointsConfig.STS))
        .add(
            ConfigKey.of(
                    EXTERNAL_ID,
                    "External id",
                    "The external id that the role's trust policy asks for, if it does.")
                .check(
                    Validators.matches(
                        "[\\w+=,.@:/-]{2,1224}",
                        "must be 2 to 1224 of letters, digits and +=,.@:/-"))
                .shownWhen(VisibleWhen.whenSet(ROLE_ARN)))
        .add(
            ConfigKey.of(
                    SESSION_NAME,
                    "Session name",
                    "Name of the role's session, as it appears in CloudTrail. Without it, 'dynamokc'.")
                .check(
                    Validators.matches(
                        "[\\w+=,.@-]{2,64}", "must be 2 to 64 of letters, digits and +=,.@-"))
                .importance(Importance.LOW)
                .shownWhen(VisibleWhen.whenSet(ROLE_ARN)))
        .add(
            ConfigKey.of(
                    HEADER_OVERRIDES,
                    "Header overrides",
                    "Headers to put on the AssumeRole request, as 'name:value,name:value', at most 5. Some role"
                        + " policies ask for them, such as x-amz-source-arn.")
                .check(Validators.confidential(HeaderOverrides::problem))
                .importance(Importance.LOW)
                .wide()
                .shownWhen(VisibleWhen.whenSet(ROLE_ARN)));
  }

  static @Nullable RoleConfig from(AbstractConfig config) {
    String arn = ConfigValues.optionalText(config, ROLE_ARN);
    if (arn == null) {
      return null;
    }
    String overrides = ConfigValues.optionalText(config, HEADER_OVERRIDES);
    return new RoleConfig(
        arn,
        ConfigValues.optionalText(config, EXTERNAL_ID),
        ConfigValues.optionalText(config, SESSION_NAME),
        overrides == null ? Map.of() : HeaderOverrides.parse(overrides));
  }

  /** The problems between these keys. */
  static List<ConfigProblem> problems(RawConfig props) {
    if (props.has(ROLE_ARN)) {
      return List.of();
    }
    return Stream.of(EXTERNAL_ID, SESSION_NAME, HEADER_OVERRIDES)
        .filter(props::has)
        .map(
            key ->
                new ConfigProblem(key, "must be written beside " + ROLE_ARN + ", which is not set"))
        .toList();
  }
}
