package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dynamokc.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;
import software.amazon.awssdk.services.dynamodb.model.ExportType;
import software.amazon.awssdk.services.dynamodb.model.ExportViewType;

/** Incremental exports to one bucket of an embedded AWS, as a client takes and reads them. */
record Exports(EmbeddedAws aws, String bucket) {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Waits for the export of the window and gives its description. */
  ExportDescription take(String tableArn, Instant from, Instant to, ExportViewType view) {
    return ended(
        aws.dynamoDb()
            .exportTableToPointInTime(
                request ->
                    request
                        .tableArn(tableArn)
                        .s3Bucket(bucket)
                        .exportType(ExportType.INCREMENTAL_EXPORT)
                        .incrementalExportSpecification(
                            window ->
                                window.exportFromTime(from).exportToTime(to).exportViewType(view)))
            .exportDescription()
            .exportArn());
  }

  ExportDescription ended(String arn) {
    return Eventually.within(LONGEST, "the end of export " + arn)
        .until(() -> describe(arn), export -> export.exportStatus() != ExportStatus.IN_PROGRESS);
  }

  ExportDescription describe(String arn) {
    return aws.dynamoDb().describeExport(request -> request.exportArn(arn)).exportDescription();
  }

  JsonNode summary(ExportDescription export) {
    return json(text(export.exportManifest()));
  }

  /** What the manifest says of each data file. */
  List<JsonNode> files(ExportDescription export) {
    return text(summary(export).path("manifestFilesS3Key").asText())
        .lines()
        .map(Exports::json)
        .toList();
  }

  /** All lines of all data files. */
  List<JsonNode> lines(ExportDescription export) {
    List<JsonNode> lines = new ArrayList<>();
    for (JsonNode file : files(export)) {
      byte[] gzip = aws.buckets().object(bucket, file.path("dataFileS3Key").asText());
      gunzip(gzip).lines().map(Exports::json).forEach(lines::add);
    }
    return lines;
  }

  private String text(String key) {
    return new String(aws.buckets().object(bucket, key), StandardCharsets.UTF_8);
  }

  static String gunzip(byte[] gzip) {
    try {
      return new String(
          new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return AwsJson.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
