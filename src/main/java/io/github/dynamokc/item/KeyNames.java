package io.github.dynamokc.item;

import io.github.dynamokc.json.JsonCursor;
import io.github.dynamokc.json.JsonText;
import io.github.dynamokc.json.MalformedJsonException;
import io.github.dynamokc.json.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The key attributes of a table, and how they are found in an item. */
public final class KeyNames {
  private final String partitionKey;
  private final @Nullable String sortKey;
  private final byte[] partitionKeyBytes;
  private final byte @Nullable [] sortKeyBytes;
  private final String partitionMember;
  private final String sortMember;

  public KeyNames(String partitionKey, @Nullable String sortKey) {
    this.partitionKey = partitionKey;
    this.sortKey = sortKey;
    this.partitionKeyBytes = partitionKey.getBytes(StandardCharsets.UTF_8);
    this.sortKeyBytes = sortKey == null ? null : sortKey.getBytes(StandardCharsets.UTF_8);
    this.partitionMember = '{' + JsonText.quoted(partitionKey) + ':';
    this.sortMember = sortKey == null ? "" : ',' + JsonText.quoted(sortKey) + ':';
  }

  public String partitionKey() {
    return partitionKey;
  }

  /** Null for a table without one. */
  public @Nullable String sortKey() {
    return sortKey;
  }

  /** What stands before the partition key's value in the JSON of a key. */
  public String partitionMember() {
    return partitionMember;
  }

  /** What stands between the two values in the JSON of a key that has a sort key. */
  public String sortMember() {
    return sortMember;
  }

  /** Whether the string the cursor read last names the partition key. */
  public boolean isPartitionKey(JsonCursor in, boolean plain) {
    return plain ? in.tokenIs(partitionKeyBytes) : partitionKey.equals(in.tokenText());
  }

  public boolean isSortKey(JsonCursor in, boolean plain) {
    if (sortKeyBytes == null) {
      return false;
    }
    return plain ? in.tokenIs(sortKeyBytes) : in.tokenText().equals(sortKey);
  }

  /**
   * Reads the keys of a DynamoDB JSON object that has them among its attributes. Of what else is in
   * it only the grammar is looked at: who reads the item sees to the rest.
   */
  public ItemKey read(Slice attributes) {
    return read(new JsonCursor().reset(attributes));
  }

  /**
   * The same.
   *
   * @param in a cursor over such an object and nothing else, which it steps over
   */
  public ItemKey read(JsonCursor in) {
    KeyValue partition = null;
    KeyValue sort = null;
    for (boolean more = in.beginObject(); more; more = in.nextMember()) {
      boolean plain = in.readName();
      boolean isPartitionKey = isPartitionKey(in, plain);
      boolean isSortKey = isSortKey(in, plain);
      if (isPartitionKey) {
        partition = KeyValue.read(in);
      } else if (isSortKey) {
        sort = KeyValue.read(in);
      } else {
        in.passValue();
      }
    }
    in.expectEnd();
    return key(partition, sort);
  }

  /** Fails unless the keys that a table has were found in an item. */
  public void requireFound(boolean partition, boolean sort) {
    if (!partition) {
      throw new MalformedJsonException("the partition key '" + partitionKey + "' is missing");
    }
    if (sortKey != null && !sort) {
      throw new MalformedJsonException("the sort key '" + sortKey + "' is missing");
    }
  }

  /** The key made of two values that were found, or not. */
  public ItemKey key(@Nullable KeyValue partition, @Nullable KeyValue sort) {
    requireFound(partition != null, sort != null);
    return new ItemKey(this, Objects.requireNonNull(partition), sort);
  }
}
