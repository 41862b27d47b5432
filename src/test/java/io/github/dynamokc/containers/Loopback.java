package io.github.dynamokc.containers;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.Arrays;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;

/** Ports of containers that can be reached from this machine only; which ones, Docker chooses. */
final class Loopback {
  private Loopback() {}

  static <C extends GenericContainer<?>> C publish(C container, int... ports) {
    PortBinding[] bindings =
        Arrays.stream(ports)
            .mapToObj(
                port -> new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port)))
            .toArray(PortBinding[]::new);
    for (int port : ports) {
      container.addExposedPort(port);
    }
    container.withCreateContainerCmdModifier(
        create -> hostConfig(create.getHostConfig()).withPortBindings(bindings));
    return container;
  }

  private static HostConfig hostConfig(HostConfig config) {
    return Objects.requireNonNull(config, "Testcontainers sets it");
  }

  /** Where the port is published now; it is another one after each start. */
  static String address(GenericContainer<?> container, int port) {
    Ports.Binding[] bindings =
        container
            .getCurrentContainerInfo()
            .getNetworkSettings()
            .getPorts()
            .getBindings()
            .get(ExposedPort.tcp(port));
    if (bindings == null || bindings.length == 0) {
      throw new IllegalStateException("Port " + port + " is not published");
    }
    return bindings[0].getHostIp() + ":" + bindings[0].getHostPortSpec();
  }
}
