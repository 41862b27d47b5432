package io.github.dynamokc.record;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record in an array, as they are mostly read once, from the first to the last.
 * Whoever wants to change them, which a transform may, makes them what Connect's own are. A record
 * copies any that are not Connect's, so that these are a kind of those. Not thread-safe, as none
 * are.
 */
final class CompactHeaders extends ConnectHeaders {
  /** Never changed. Null since the headers were: then they are where Connect's are. */
  private Header @Nullable [] compact;

  /**
   * @param headers taken over
   */
  CompactHeaders(Header... headers) {
    this.compact = headers;
  }

  /** Makes them what Connect's are. */
  private void unpack() {
    Header[] headers = compact;
    if (headers != null) {
      compact = null;
      for (Header header : headers) {
        super.add(header);
      }
    }
  }

  @Override
  public int size() {
    return compact == null ? super.size() : compact.length;
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Iterator<Header> iterator() {
    Header[] headers = compact;
    return headers == null ? super.iterator() : new Compact(headers);
  }

  @Override
  public Headers add(Header header) {
    unpack();
    return super.add(header);
  }

  @Override
  public Iterator<Header> allWithName(String key) {
    unpack();
    return super.allWithName(key);
  }

  @Override
  public @Nullable Header lastWithName(String key) {
    Header[] headers = compact;
    if (headers == null) {
      return super.lastWithName(key);
    }
    for (int i = headers.length - 1; i >= 0; i--) {
      if (headers[i].key().equals(key)) {
        return headers[i];
      }
    }
    return null;
  }

  @Override
  public Headers remove(String key) {
    unpack();
    return super.remove(key);
  }

  @Override
  public Headers retainLatest(String key) {
    unpack();
    return super.retainLatest(key);
  }

  @Override
  public Headers retainLatest() {
    unpack();
    return super.retainLatest();
  }

  @Override
  public Headers clear() {
    compact = null;
    return super.clear();
  }

  @Override
  public ConnectHeaders duplicate() {
    Header[] headers = compact;
    return headers == null ? super.duplicate() : new CompactHeaders(headers);
  }

  @Override
  public Headers apply(HeaderTransform transform) {
    unpack();
    return super.apply(transform);
  }

  @Override
  public Headers apply(String key, HeaderTransform transform) {
    unpack();
    return super.apply(key, transform);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    unpack();
    return super.equals(other);
  }

  @Override
  public int hashCode() {
    unpack();
    return super.hashCode();
  }

  @Override
  public String toString() {
    Header[] headers = compact;
    return headers == null
        ? super.toString()
        : "CompactHeaders(headers=" + Arrays.toString(headers) + ")";
  }

  private final class Compact implements Iterator<Header> {
    private Header[] headers;
    private int next;
    private boolean removable;

    private Compact(Header[] headers) {
      this.headers = headers;
    }

    @Override
    public boolean hasNext() {
      return next < headers.length;
    }

    @Override
    public Header next() {
      if (next == headers.length) {
        throw new NoSuchElementException();
      }
      removable = true;
      return headers[next++];
    }

    @Override
    public void remove() {
      if (!removable) {
        throw new IllegalStateException("There is no header to remove");
      }
      removable = false;
      next--;
      Header[] rest = Arrays.copyOf(headers, headers.length - 1);
      System.arraycopy(headers, next + 1, rest, next, rest.length - next);
      headers = rest;
      compact = rest;
    }
  }
}
