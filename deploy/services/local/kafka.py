"""Apache Kafka as one process that is broker and controller (KRaft)."""

from collections.abc import Mapping
from pathlib import Path

from deploy.services.health import kafka_problem
from deploy.services.kinds import KAFKA, Service
from deploy.services.local.artifacts import Artifacts
from deploy.services.local.jdk import Jdk
from deploy.services.local.jvm import LOGGING, command

CONTROLLER = "kafka_controller"
PORTS = (KAFKA, CONTROLLER)

_CLUSTER_ID = "cmVtYXJrd2lyZS1sb2NhbA"  # 16 bytes in base64, as Kafka wants it: "remarkwire-local"


def service(artifacts: Artifacts, jdk: Jdk, ports: Mapping[str, int], data: Path, logs: Path) -> Service:
    folder = data / KAFKA
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text(as_properties(settings(ports, folder / "log")), encoding="ascii")
    return Service(
        name=KAFKA,
        label=f"Kafka {artifacts.versions.kafka}",
        argv=command(
            jdk,
            folder,
            (
                "-Xms128m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                f"-Dlog4j2.configurationFile={LOGGING.as_uri()}",
            ),
            ("-cp", artifacts.kafka_classpath, "KafkaLauncher", str(properties), _CLUSTER_ID),
        ),
        log=logs / "kafka.log",
        port=ports[KAFKA],
        problem=kafka_problem,
    )


def settings(ports: Mapping[str, int], log_dir: Path) -> dict[str, str]:
    """Of one small node: every internal topic is small and has one replica, groups form at once."""
    one_replica = {
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
    }
    return one_replica | {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{ports[CONTROLLER]}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{ports[KAFKA]},CONTROLLER://127.0.0.1:{ports[CONTROLLER]}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{ports[KAFKA]}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(log_dir),
        "auto.create.topics.enable": "false",
        "num.partitions": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.num.partitions": "1",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # After a SIGKILL the broker is let in again only when the session of its former self has expired.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "500",
        "message.max.bytes": str(16 * 1024 * 1024),
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),  # the default takes a third of this heap
    }


def as_properties(pairs: Mapping[str, str]) -> str:
    """In Java's format: backslashes doubled, what is not ASCII by its UTF-16 code units."""
    return "".join(f"{key}={_escape(value)}\n" for key, value in pairs.items())


def _escape(value: str) -> str:
    units = memoryview(value.replace("\\", "\\\\").encode("utf-16-le")).cast("H")
    return "".join(chr(unit) if unit < 128 else f"\\u{unit:04x}" for unit in units)
