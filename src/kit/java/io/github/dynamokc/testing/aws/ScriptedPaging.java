package io.github.dynamokc.testing.aws;

/** How a {@link ScriptedStream} cuts what it gives into pages. */
public final class ScriptedPaging {
  /** What AWS gives at most in one page. */
  static final int MAX_RECORDS = 1000;

  private static final long MAX_BYTES = 1 << 20;

  private volatile int pageSize = MAX_RECORDS;
  private volatile long pageBytes = MAX_BYTES;
  private volatile int emptyPages;
  private volatile boolean endsWithLastRecords = true;
  private volatile boolean endsPastLastRecord;
  private int omittedIterators;

  ScriptedPaging() {}

  /** At most so many records in a page of GetRecords. */
  public ScriptedPaging pageSize(int records) {
    pageSize = records;
    return this;
  }

  /** At most so many bytes in a page of GetRecords, if it has more than one record. */
  public ScriptedPaging pageBytes(long bytes) {
    pageBytes = bytes;
    return this;
  }

  /** So many empty pages at the start of a shard and after each page with records. */
  public ScriptedPaging emptyPages(int pages) {
    emptyPages = pages;
    return this;
  }

  /**
   * Whether the page with the last records of a closed shard has no next iterator already (the
   * default), or an empty page follows that has none.
   */
  public ScriptedPaging endsWithLastRecords(boolean withRecords) {
    endsWithLastRecords = withRecords;
    return this;
  }

  /** Whether shards that get closed end at a number that no record has; off at first. */
  public ScriptedPaging endsPastLastRecord(boolean pastLastRecord) {
    endsPastLastRecord = pastLastRecord;
    return this;
  }

  /** The next so many pages of open shards come without a next iterator, as AWS sometimes does. */
  public synchronized ScriptedPaging omitNextIterators(int pages) {
    omittedIterators = pages;
    return this;
  }

  /** Whether the page of an open shard comes without one; counts it. */
  synchronized boolean omitsNextIterator() {
    if (omittedIterators > 0) {
      omittedIterators--;
      return true;
    }
    return false;
  }

  int pageSize() {
    return pageSize;
  }

  long pageBytes() {
    return pageBytes;
  }

  int emptyPages() {
    return emptyPages;
  }

  boolean endsWithLastRecords() {
    return endsWithLastRecords;
  }

  boolean endsPastLastRecord() {
    return endsPastLastRecord;
  }
}
