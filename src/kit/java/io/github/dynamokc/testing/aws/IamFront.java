package io.github.dynamokc.testing.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Stands in front of DynamoDB, its streams and S3, and lets through what a policy allows; the rest
 * is refused as AWS refuses it. DynamoDB writes an export with the permissions of the caller, so an
 * export fails if the policy does not allow what DynamoDB has to do in the bucket.
 */
public final class IamFront implements AutoCloseable {
  private static final String USER = "arn:aws:iam::000000000000:user/connector";

  /** What the caller of ExportTableToPointInTime must be allowed, as AWS documents it. */
  private static final List<String> OF_THE_EXPORT =
      List.of("s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl");

  /** These are allowed for all resources or not at all. */
  private static final Set<String> OF_NO_RESOURCE =
      Set.of("dynamodb:ListTables", "tag:GetResources");

  private final PitrFront behind;
  private final DynamoDbBackend backend;
  private final S3Client objects;
  private final AwsJsonServer dynamoDb;
  private final S3Front s3;
  private final Map<String, String> streams = new ConcurrentHashMap<>();
  private final Set<String> used = new ConcurrentSkipListSet<>();
  private volatile IamPolicy policy;

  public IamFront(EmbeddedAws aws, IamPolicy policy) {
    this.behind = aws.front();
    this.backend = new DynamoDbBackend(behind.endpoint());
    this.objects = aws.s3();
    this.policy = policy;
    this.dynamoDb =
        new AwsJsonServer("iam-front", Listeners.onLoopback(), aws.time(), this::handle);
    this.s3 = new S3Front(aws.s3Endpoint());
    s3.onRequest(this::check);
  }

  /** From now on this policy holds. */
  public void attach(IamPolicy next) {
    policy = next;
  }

  /** Serves DynamoDB, DynamoDB Streams and the tagging API. */
  public URI dynamoDbEndpoint() {
    return dynamoDb.endpoint();
  }

  /** Path style only. */
  public URI s3Endpoint() {
    return s3.endpoint();
  }

  /** The actions that were asked for and allowed since the front began, or since it forgot. */
  public Set<String> used() {
    return Set.copyOf(used);
  }

  public void forgetUsed() {
    used.clear();
  }

  private AwsResponse handle(AwsRequest request) throws IOException, InterruptedException {
    JsonNode body = request.json();
    boolean ofTags = request.target().startsWith(DiscoveryOperations.TAGGING);
    String action = (ofTags ? "tag:" : "dynamodb:") + request.action();
    String resource = OF_NO_RESOURCE.contains(action) ? "*" : resource(body);
    if (!allows(action, resource)) {
      return AwsResponse.error(400, "AccessDeniedException", refusal(action, resource));
    }
    if (request.action().equals("ExportTableToPointInTime")) {
      checkWrites(body);
    }
    AwsResponse.Reply reply = backend.forward(request);
    remember(body, AwsJson.MAPPER.readTree(reply.body()));
    return reply;
  }

  private String resource(JsonNode body) {
    if (body.has("ShardIterator")) {
      return streams.getOrDefault(body.path("ShardIterator").asText(), "unknown");
    }
    for (String name : List.of("StreamArn", "ExportArn", "TableArn", "ResourceArn")) {
      if (body.has(name)) {
        return body.path(name).asText();
      }
    }
    String table = body.path("TableName").asText();
    return table.startsWith("arn:") ? table : Tables.ARN + table;
  }

  /** An iterator need not tell of which stream it is. */
  private void remember(JsonNode request, JsonNode answer) {
    String stream = resource(request);
    for (String name : List.of("ShardIterator", "NextShardIterator")) {
      if (answer.has(name)) {
        streams.put(answer.path(name).asText(), stream);
      }
    }
  }

  private void checkWrites(JsonNode export) {
    String folder = export.path("S3Prefix").asText("");
    String resource =
        object(
            export.path("S3Bucket").asText(),
            (folder.isEmpty() ? "" : folder + "/") + "AWSDynamoDB/01/_started");
    for (String action : OF_THE_EXPORT) {
      if (!allows(action, resource)) {
        behind.failNextExports(1, "S3AccessDenied", refusal(action, resource));
      }
    }
  }

  private Optional<S3Fault> check(S3Request request) {
    String bucket = "arn:aws:s3:::" + request.bucket();
    boolean ofBucket = request.key().isEmpty();
    String action =
        switch (request.method()) {
          case "HEAD" -> ofBucket ? "s3:ListBucket" : "s3:GetObject";
          case "GET" -> ofBucket ? "s3:ListBucket" : "s3:GetObject";
          default -> "s3:" + request.method();
        };
    String resource = ofBucket ? bucket : object(request.bucket(), request.key());
    boolean allowed = allows(action, resource);
    // Who may not list a bucket does not get to know either that an object is not there.
    if (allowed
        && !ofBucket
        && !policy.allows("s3:ListBucket", bucket)
        && !exists(request.bucket(), request.key())) {
      allowed = false;
    }
    return allowed
        ? Optional.empty()
        : Optional.of(new S3Fault.Refusal(403, "AccessDenied", refusal(action, resource)));
  }

  private boolean exists(String bucket, String key) {
    try {
      objects.headObject(r -> r.bucket(bucket).key(key));
      return true;
    } catch (S3Exception e) {
      return false;
    }
  }

  private static String object(String bucket, String key) {
    return "arn:aws:s3:::" + bucket + "/" + key;
  }

  private boolean allows(String action, String resource) {
    boolean allowed = policy.allows(action, resource);
    if (allowed) {
      used.add(action);
    }
    return allowed;
  }

  private static String refusal(String action, String resource) {
    return "User: "
        + USER
        + " is not authorized to perform: "
        + action
        + " on resource: "
        + resource
        + " because no identity-based policy allows the "
        + action
        + " action";
  }

  @Override
  public void close() {
    dynamoDb.close();
    s3.close();
  }
}
