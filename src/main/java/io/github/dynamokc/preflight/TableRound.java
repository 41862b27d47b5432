package io.github.dynamokc.preflight;

import io.github.dynamokc.aws.SdkAwsClients;
import io.github.dynamokc.config.ConnectorConfig;
import io.github.dynamokc.config.SnapshotConfig;
import io.github.dynamokc.config.TableConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The questions about tables and buckets, once there are credentials. */
final class TableRound {
  private static final Logger LOG = LoggerFactory.getLogger(TableRound.class);

  /** As a table may be called. */
  private static final String ANY = "any";

  private final PreflightContext settings;
  private final ConnectorConfig config;
  private final SdkAwsClients aws;
  private final Runner runner;
  private final Notes reasons = new Notes();
  private final Map<String, List<String>> notes = new HashMap<>();

  /** Has questions asked side by side, as long as there is time. */
  interface Runner {
    /** Returns when all have been asked or the time is up. */
    void run(List<CheckRun> probes) throws InterruptedException;
  }

  TableRound(PreflightContext settings, SdkAwsClients aws, Runner runner) {
    this.settings = settings;
    this.config = settings.config();
    this.aws = aws;
    this.runner = runner;
  }

  /** Asks; what else there is to say is in {@link #notes} afterwards. */
  List<CheckFailure> findings() throws InterruptedException {
    List<CheckFailure> all = new ArrayList<>();
    List<TableConfig> discovered = config.selection().discovers() ? discovered(all) : List.of();
    List<CheckRun> probes = new ArrayList<>(bucketProbes(discovered));
    Sample ofNamed = new Sample(config.tables().size());
    for (int place = 0; place < ofNamed.all(); place++) {
      TableConfig table = config.tables().get(place);
      probes.add(probe(table, TableChecks.ofNamed(settings, aws, table, ofNamed.has(place))));
    }
    Sample ofDiscovered = new Sample(discovered.size());
    for (int place = 0; place < ofDiscovered.all(); place++) {
      TableConfig table = discovered.get(place);
      probes.add(
          probe(
              table,
              TableChecks.ofDiscovered(settings, aws, table, ofDiscovered.has(place), reasons)));
    }
    runner.run(probes);
    probes.forEach(probe -> all.addAll(probe.findings()));
    warnOfUnanswered(probes);
    if (ofNamed.leavesOut()) {
      note(TableConfig.TABLES, List.of(inDetail(ofNamed)));
    }
    if (ofDiscovered.leavesOut()) {
      note(DiscoveryCheck.key(config.selection()), List.of(inDetail(ofDiscovered)));
    }
    if (config.selection().discovers()) {
      note(DiscoveryCheck.key(config.selection()), reasons.all());
    }
    return all;
  }

  /** What a user may want to know beside what would not work, by key. */
  Map<String, List<String>> notes() {
    return notes;
  }

  private void note(String key, List<String> more) {
    if (!more.isEmpty()) {
      notes.computeIfAbsent(key, absent -> new ArrayList<>()).addAll(more);
    }
    more.forEach(each -> LOG.info("{}: {}", key, each));
  }

  private static String inDetail(Sample sample) {
    return "%d of %d tables were looked at in detail".formatted(sample.size(), sample.all());
  }

  /**
   * The tables that match now and whose settings are good; none if AWS does not say, or there are
   * more than may be.
   */
  private List<TableConfig> discovered(List<CheckFailure> failures) throws InterruptedException {
    DiscoveryCheck discovery = new DiscoveryCheck(config.selection(), aws);
    CheckRun probe = new CheckRun(settings, "the tables that match", discovery);
    runner.run(List.of(probe));
    failures.addAll(probe.findings());
    List<String> names = discovery.found();
    if (names == null) {
      return List.of();
    }
    note(
        DiscoveryCheck.key(config.selection()),
        List.of(
            switch (names.size()) {
              case 0 -> "no table matches now";
              case 1 -> "1 table matches now";
              default -> names.size() + " tables match now";
            }));
    return names.size() > config.selection().max() ? List.of() : good(names);
  }

  private List<TableConfig> good(List<String> names) {
    List<TableConfig> good = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    config.tables().forEach(table -> taken.add(table.table().name()));
    for (String name : names) {
      try {
        String conflict = config.topicConflict(name, taken);
        if (conflict == null) {
          good.add(config.table(name));
          taken.add(name);
        } else {
          reasons.add(name, conflict);
        }
      } catch (ConfigException e) {
        reasons.add(name, String.valueOf(e.getMessage()));
      }
    }
    return good;
  }

  private CheckRun probe(TableConfig table, CheckRun.Questions questions) {
    return new CheckRun(settings, "table " + table.table().name(), questions);
  }

  /** One for each place that exports will be written to. */
  private List<CheckRun> bucketProbes(List<TableConfig> discovered) {
    Set<List<String>> seen = new HashSet<>();
    List<CheckRun> probes = new ArrayList<>();
    List<TableConfig> tables = new ArrayList<>(config.tables());
    tables.addAll(discovered);
    if (config.selection().discovers() && discovered.isEmpty()) {
      addAny(tables);
    }
    for (TableConfig table : tables) {
      SnapshotConfig snapshot = table.snapshot();
      List<String> place =
          Arrays.asList(
              snapshot.bucket(), snapshot.prefix(), snapshot.s3Region(), snapshot.bucketOwner());
      if (table.startsExports() && seen.add(place)) {
        probes.add(
            new CheckRun(
                settings, "bucket " + snapshot.bucket(), new BucketChecks(settings, aws, table)));
      }
    }
    return probes;
  }

  /** The bucket of tables to come; each table may have another, but then one cannot know which. */
  private void addAny(List<TableConfig> tables) {
    try {
      tables.add(config.table(ANY));
    } catch (ConfigException e) {
      LOG.debug("Which bucket tables will be exported to depends on their names", e);
    }
  }

  private void warnOfUnanswered(List<CheckRun> probes) {
    long open = probes.stream().filter(p -> !p.finished() && p.findings().isEmpty()).count();
    if (open > 0) {
      LOG.warn(
          "{} of {} tables and buckets could not be asked for within {} ms; they are not checked",
          open,
          probes.size(),
          settings.limit().toMillis());
    }
  }
}
