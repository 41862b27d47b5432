package io.github.dynamokc.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only DynamoDB itself, acting as a service, removes items whose time to live is over. */
class UserIdentityTest {
  @ParameterizedTest
  @CsvSource({
    "dynamodb.amazonaws.com, Service, true",
    "lambda.amazonaws.com, Service, false",
    "dynamodb.amazonaws.com, User, false",
    "DYNAMODB.AMAZONAWS.COM, Service, false",
    "dynamodb.amazonaws.com, service, false",
    "'', '', false",
  })
  void onlyTheDynamoDbServiceMeansTimeToLive(String principalId, String type, boolean expected) {
    assertThat(new UserIdentity(principalId, type).isTimeToLive()).isEqualTo(expected);
  }
}
