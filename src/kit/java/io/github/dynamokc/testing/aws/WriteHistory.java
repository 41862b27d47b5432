package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** All changes of tables that point-in-time recovery knows, whether a stream has them or not. */
interface WriteHistory {
  /**
   * All changes of the table since it was made, oldest first.
   *
   * @param keySchema as DescribeTable gives it
   */
  List<ItemWrite> writes(String table, JsonNode keySchema) throws IOException;
}
