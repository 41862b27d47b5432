package io.github.dynamokc.testing.aws;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What stands between DynamoDB Local and its storage. By reflection, as DynamoDB Local is not on
 * the class path of the kit.
 */
abstract class StorageLayer implements InvocationHandler {
  private final Object storage;

  /**
   * @param storage a LocalDBAccess
   */
  StorageLayer(Object storage) {
    this.storage = storage;
  }

  /**
   * Another storage, all calls of which go through this layer.
   *
   * @param type LocalDBAccess
   */
  final Object as(Class<?> type) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
  }

  @Override
  public final @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    return call(method, arguments == null ? new Object[0] : arguments);
  }

  /** Answers a call. */
  abstract @Nullable Object call(Method method, Object[] arguments) throws Throwable;

  final @Nullable Object passedOn(Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(storage, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
