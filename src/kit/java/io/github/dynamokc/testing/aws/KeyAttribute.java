package io.github.dynamokc.testing.aws;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A key attribute of a table to create. */
public record KeyAttribute(String name, ScalarAttributeType type) {
  public static KeyAttribute string(String name) {
    return new KeyAttribute(name, ScalarAttributeType.S);
  }

  public static KeyAttribute number(String name) {
    return new KeyAttribute(name, ScalarAttributeType.N);
  }

  public static KeyAttribute binary(String name) {
    return new KeyAttribute(name, ScalarAttributeType.B);
  }

  AttributeDefinition definition() {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }
}
