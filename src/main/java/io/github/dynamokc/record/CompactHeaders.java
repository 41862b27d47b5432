package io.github.dynamokc.record;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one record, which are mostly read once, from the first to the last, and long after
 * the record was made: so each is made when it is read. Whoever wants to change them, which a
 * transform may, makes them what Connect's own are. A record copies any that are not Connect's, so
 * that these are a kind of those. Not thread-safe, as none are.
 */
abstract class CompactHeaders extends ConnectHeaders {
  private boolean unpacked;

  /** How many there are, as long as nobody has changed them. */
  abstract int count();

  /** Makes one of them. */
  abstract Header header(int index);

  /** Others of the same content, as long as nobody has changed these. */
  abstract CompactHeaders copy();

  /** Makes them what Connect's are. */
  private void unpack() {
    if (!unpacked) {
      unpacked = true;
      for (int i = 0; i < count(); i++) {
        super.add(header(i));
      }
    }
  }

  @Override
  public int size() {
    return unpacked ? super.size() : count();
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public Iterator<Header> iterator() {
    return unpacked ? super.iterator() : new Compact();
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
    unpack();
    return super.lastWithName(key);
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
    unpacked = true;
    return super.clear();
  }

  @Override
  public ConnectHeaders duplicate() {
    return unpacked ? super.duplicate() : copy();
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
    List<Header> headers = new ArrayList<>(size());
    iterator().forEachRemaining(headers::add);
    return "CompactHeaders(headers=" + headers + ")";
  }

  private Iterator<Header> unpackedFrom(int next) {
    unpack();
    Iterator<Header> rest = super.iterator();
    for (int i = 0; i < next; i++) {
      rest.next();
    }
    return rest;
  }

  private final class Compact implements Iterator<Header> {
    private int next;

    /** Connect's, since a header was removed. */
    private @Nullable Iterator<Header> rest;

    @Override
    public boolean hasNext() {
      return rest == null ? next < count() : rest.hasNext();
    }

    @Override
    public Header next() {
      if (rest != null) {
        return rest.next();
      }
      if (next == count()) {
        throw new NoSuchElementException();
      }
      return header(next++);
    }

    @Override
    public void remove() {
      if (rest == null) {
        rest = unpackedFrom(next);
      }
      rest.remove();
    }
  }
}
