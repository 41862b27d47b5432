#!/usr/bin/env bash
# A class of Kafka in this process.
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} -Dlog4j2.configurationFile="${KAFKA_LOG_CONFIG:-/etc/kafka/docker/tools-log4j2.yaml}" \
  ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' "$@"
