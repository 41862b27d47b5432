package io.github.dynamokc.aws;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Hears of each request that goes out for a call, also of those that the SDK repeats by itself. It
 * is given to a call with {@link #of}. Called on the calling thread.
 */
public interface RequestListener {
  void sent();

  /**
   * @param status of HTTP; a request that gets no answer is only sent
   */
  void answered(int status);

  /** For a request's {@code overrideConfiguration}. */
  static Consumer<AwsRequestOverrideConfiguration.Builder> of(RequestListener listener) {
    return builder -> builder.putExecutionAttribute(Interceptor.ATTRIBUTE, listener);
  }

  /** The listener of a request that was given one. */
  static @Nullable RequestListener in(ExecutionAttributes attributes) {
    return attributes.getAttribute(Interceptor.ATTRIBUTE);
  }

  /** To be registered with every client whose requests may have a listener. */
  final class Interceptor implements ExecutionInterceptor {
    private static final ExecutionAttribute<RequestListener> ATTRIBUTE =
        new ExecutionAttribute<>("DynamoKcRequestListener");

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      RequestListener listener = attributes.getAttribute(ATTRIBUTE);
      if (listener != null) {
        listener.sent();
      }
    }

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      RequestListener listener = attributes.getAttribute(ATTRIBUTE);
      if (listener != null) {
        listener.answered(context.httpResponse().statusCode());
      }
    }
  }
}
