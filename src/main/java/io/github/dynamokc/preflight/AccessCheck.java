package io.github.dynamokc.preflight;

import io.github.dynamokc.config.EndpointsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A request to AWS that shows whether something will work.
 *
 * @param action the IAM action that it needs
 * @param resource what it is asked of, for messages
 * @param key the key to blame if AWS refuses it
 * @param decisive whether any refusal counts; otherwise only a missing permission does, because
 *     what is asked for may well not be there
 * @param regionKey the key of the region that is asked, null for that of the tables
 */
record AccessCheck(
    Service service,
    String action,
    String resource,
    String key,
    boolean decisive,
    @Nullable String regionKey) {

  /** Asks for what must be there. */
  static AccessCheck decisive(Service service, String action, String resource, String key) {
    return new AccessCheck(service, action, resource, key, true, null);
  }

  /** Asks whether it may be asked. */
  static AccessCheck ofPermission(Service service, String action, String resource, String key) {
    return new AccessCheck(service, action, resource, key, false, null);
  }

  /** The same, in a region of its own if the key of one is given. */
  AccessCheck in(@Nullable String otherRegionKey) {
    return new AccessCheck(service, action, resource, key, decisive, otherRegionKey);
  }

  /** The key to blame if there is no answer. */
  String keyOfService(EndpointsConfig endpoints) {
    return service.key(endpoints, regionKey);
  }
}
