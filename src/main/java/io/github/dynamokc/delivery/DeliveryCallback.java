package io.github.dynamokc.delivery;

/**
 * Told once what became of a record that was handed to Connect, from one of Connect's threads.
 * Implementations return at once and do not throw.
 */
public interface DeliveryCallback {
  /** For a record whose fate changes nothing. */
  DeliveryCallback NO_OP =
      new DeliveryCallback() {
        @Override
        public void acknowledged() {}

        @Override
        public void dropped() {}
      };

  /** Kafka has acknowledged the record. */
  void acknowledged();

  /** A transform left the record out, or Connect tolerated an error with it: it is not in Kafka. */
  void dropped();
}
