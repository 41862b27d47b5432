package io.github.dynamokc.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** A schema registry that answers at once and refuses nothing, but to be waited for. */
final class FakeRegistry implements ColumnRegistry {
  private final FakeSubject claims = new FakeSubject("orders-columns");
  private final FakeSubject values = new FakeSubject("orders-value");

  @Override
  public FakeSubject claims() {
    return claims;
  }

  @Override
  public FakeSubject values() {
    return values;
  }

  @Override
  public Patience patience() {
    return new Patience() {
      @Override
      public void afterRefusal(String description) {
        throw new ConnectException(description);
      }

      @Override
      public void whileInvisible(String description) {
        throw new ConnectException(description);
      }
    };
  }

  /** How often it was asked which columns there are. */
  int asked() {
    return claims.asked();
  }

  /** One subject, whose versions begin with 1. */
  static final class FakeSubject implements SchemaSubject {
    private final String name;
    private final List<Version> versions = new ArrayList<>();
    private int asked;

    FakeSubject(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public synchronized List<Integer> versions() {
      asked++;
      return IntStream.rangeClosed(1, versions.size()).boxed().toList();
    }

    @Override
    public synchronized Version version(int number) {
      return versions.get(number - 1);
    }

    @Override
    public Registration register(String avro) {
      add(new Version.Avro(avro));
      return new Registration.Accepted();
    }

    void register(Schema schema) {
      register(ConnectAsAvro.json(schema));
    }

    /** What is there already is not added again. */
    synchronized void add(Version version) {
      if (!versions.contains(version)) {
        versions.add(version);
      }
    }

    synchronized int asked() {
      return asked;
    }

    synchronized List<String> schemas() {
      return versions.stream().map(version -> ((Version.Avro) version).schema()).toList();
    }
  }
}
