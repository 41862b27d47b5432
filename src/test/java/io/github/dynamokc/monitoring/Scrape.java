package io.github.dynamokc.monitoring;

import io.github.dynamokc.testing.EmbeddedJars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the exporter's agent answers to Prometheus, once.
 *
 * @param types of the metrics, by name
 */
record Scrape(List<Sample> samples, Map<String, String> types) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? ([^ ]+)( \\d+)?");

  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** One number, of one set of labels. */
  record Sample(String metric, Map<String, String> labels, double value) {}

  /** Starts the agent in a JVM, with the rules that ship, on a port of loopback. */
  static String agent(int port) {
    return "-javaagent:%s=127.0.0.1:%d:%s".formatted(jar(), port, MonitoringFiles.EXPORTER);
  }

  private static Path jar() {
    try (Stream<Path> jars = Files.list(EmbeddedJars.directory("jmx-exporter"))) {
      return jars.collect(Collectors.collectingAndThen(Collectors.toList(), Scrape::only));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path only(List<Path> jars) {
    if (jars.size() != 1) {
      throw new IllegalStateException("One jar was expected: " + jars);
    }
    return jars.get(0);
  }

  static Scrape of(int port) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    try {
      HttpResponse<Stream<String>> answer =
          CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(uri + " answers " + answer.statusCode());
      }
      return read(answer.body().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(uri.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Scrape read(List<String> lines) {
    List<Sample> samples = new ArrayList<>();
    Map<String, String> types = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
      } else if (!line.startsWith("#")) {
        samples.add(sample(line));
      }
    }
    return new Scrape(samples, types);
  }

  private static Sample sample(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new IllegalStateException("No sample: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    if (sample.group(2) != null) {
      Matcher label = LABEL.matcher(sample.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    String value = sample.group(3).replace("Inf", "Infinity");
    return new Sample(sample.group(1), labels, Double.parseDouble(value));
  }

  Set<String> metrics() {
    return samples.stream().map(Sample::metric).collect(Collectors.toSet());
  }

  /** The samples of a metric that have these labels, and perhaps others. */
  List<Sample> of(String metric, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.metric().equals(metric))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** The sum of a metric over what is not in the labels, such as tasks. */
  double sum(String metric, Map<String, String> labels) {
    return of(metric, labels).stream().mapToDouble(Sample::value).sum();
  }
}
