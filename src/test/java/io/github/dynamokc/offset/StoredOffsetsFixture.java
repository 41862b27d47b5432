package io.github.dynamokc.offset;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Generated offsets: every kind of partition, every kind of offset that fits it. */
final class StoredOffsetsFixture {
  /** A partition with an offset of its kind. */
  record Offset(SourcePartition partition, SourceOffset offset) {}

  private StoredOffsetsFixture() {}

  static Arbitrary<Offset> any() {
    return Arbitraries.oneOf(
        Combinators.combine(text().map(SourcePartition.OfTable::new), tableOffsets())
            .as(Offset::new),
        Combinators.combine(
                Combinators.combine(text(), text(), text()).as(SourcePartition.OfFile::new),
                fileOffsets())
            .as(Offset::new),
        Combinators.combine(
                Combinators.combine(text(), text(), text()).as(SourcePartition.OfShard::new),
                shardOffsets())
            .as(Offset::new),
        Combinators.combine(
                Combinators.combine(text(), numbers().map(String::valueOf))
                    .as(SourcePartition.OfShards::new),
                shards())
            .as(Offset::new),
        Combinators.combine(
                Combinators.combine(text(), numbers().map(String::valueOf))
                    .as(SourcePartition.OfCounts::new),
                counts())
            .as(Offset::new),
        Combinators.combine(
                numbers().map(String::valueOf).map(SourcePartition.OfAssignment::new),
                Combinators.combine(text(), numbers(), text()).as(AssignmentOffset::new))
            .as(Offset::new),
        Combinators.combine(text().map(SourcePartition.OfTrouble::new), troubles()).as(Offset::new),
        Combinators.combine(Arbitraries.of(new SourcePartition.OfTables()), tables())
            .as(Offset::new));
  }

  private static Arbitrary<TroubleOffset> troubles() {
    Arbitrary<String> reasons =
        Arbitraries.oneOf(
            text(), Arbitraries.of("", "a" + "\uD83D\uDE00".repeat(3_000), "x".repeat(5_000)));
    return Combinators.combine(Arbitraries.of(true, false), reasons, numbers())
        .as(TroubleOffset::new);
  }

  private static Arbitrary<TablesOffset> tables() {
    return Arbitraries.strings()
        .withChars("abcXYZ019_.-")
        .ofMinLength(3)
        .ofMaxLength(9)
        .set()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(TablesOffset::of);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "orders", "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/a", "é\" 😀"),
        Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(20));
  }

  private static Arbitrary<Long> numbers() {
    return Arbitraries.longs().greaterOrEqual(0);
  }

  private record Repeated(long versionFloor, @Nullable Repaired repaired) {}

  private static Arbitrary<Repair> repairs() {
    Arbitrary<ExportWindow> windows =
        Combinators.combine(
                Arbitraries.longs().between(0, 2_000_000_000),
                Arbitraries.integers().between(900, 86_400))
            .as((from, length) -> new ExportWindow(from * 1000, (from + length) * 1000));
    Arbitrary<String> arns =
        Arbitraries.strings().alpha().numeric().withChars(":/-").ofMinLength(1);
    Arbitrary<Repair.WindowExport> exports =
        Combinators.combine(windows, numbers(), arns.injectNull(0.3)).as(Repair.WindowExport::new);
    return Combinators.combine(
            numbers(), exports.list().ofMinSize(1).ofMaxSize(4), text().injectNull(0.5))
        .as(Repair::new);
  }

  private static Arbitrary<TableOffset> tableOffsets() {
    Arbitrary<Registration> registrations =
        Combinators.combine(
                text(),
                text(),
                text().injectNull(0.3),
                text(),
                text().injectNull(0.3),
                Combinators.combine(
                        Arbitraries.of(true, false), numbers(), Arbitraries.of(true, false))
                    .as(Registration.Start::new),
                numbers().injectNull(0.5),
                Combinators.combine(
                        numbers(),
                        Combinators.combine(numbers(), numbers()).as(Repaired::new).injectNull(0.5))
                    .as(Repeated::new))
            .as(
                (id, arn, stream, key, sort, start, since, repeated) ->
                    new Registration(
                        id,
                        arn,
                        stream,
                        key,
                        sort,
                        start,
                        since,
                        repeated.versionFloor(),
                        repeated.repaired()));
    Arbitrary<TableOffset.Export> exports =
        Combinators.combine(text(), numbers(), text(), numbers()).as(TableOffset.Export::new);
    return Arbitraries.oneOf(
        registrations.map(TableOffset.Registered::new),
        Combinators.combine(registrations, numbers(), numbers()).as(TableOffset.Held::new),
        Combinators.combine(
                registrations,
                exports.injectNull(0.3),
                numbers(),
                numbers().list().ofMaxSize(3),
                Arbitraries.of(true, false))
            .as(TableOffset.GapFound::new),
        Combinators.combine(registrations, exports.injectNull(0.3), numbers(), repairs())
            .as(TableOffset.Repairing::new),
        Combinators.combine(registrations, exports).as(TableOffset.ExportSubmitted::new),
        Combinators.combine(registrations, exports).as(TableOffset.ExportLoaded::new));
  }

  private static Arbitrary<FileOffset> fileOffsets() {
    return Combinators.combine(
            numbers(), Arbitraries.of(true, false), numbers(), text().injectNull(0.5))
        .as(FileOffset::new);
  }

  private static Arbitrary<ShardsOffset> shards() {
    Arbitrary<String> ids = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(9);
    return Arbitraries.maps(
            ids.map(id -> "arn:aws:dynamodb:" + id), ids.set().ofMinSize(1).ofMaxSize(5))
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(ShardsOffset::of);
  }

  private static Arbitrary<CountsOffset> counts() {
    return Arbitraries.maps(Arbitraries.of(CountsOffset.NAMES), numbers()).map(CountsOffset::of);
  }

  private static Arbitrary<ShardOffset> shardOffsets() {
    Arbitrary<String> sequences = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(40);
    Arbitrary<String> lineages = text().injectNull(0.3);
    return Arbitraries.oneOf(
        Combinators.combine(numbers(), numbers(), lineages).as(ShardOffset.Started::new),
        Combinators.combine(sequences, numbers(), numbers(), lineages).as(ShardOffset.Read::new),
        Combinators.combine(sequences.injectNull(0.3), numbers(), numbers(), numbers(), lineages)
            .as(ShardOffset.Finished::new),
        Combinators.combine(
                sequences.injectNull(0.3),
                numbers(),
                numbers(),
                numbers().injectNull(0.3),
                numbers().injectNull(0.3),
                lineages)
            .as(ShardOffset.Skipped::new));
  }
}
