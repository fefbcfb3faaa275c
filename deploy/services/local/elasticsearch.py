"""Elasticsearch as one node, without the modules that are not published (see docs/services.md)."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.services.health import elasticsearch_problem
from deploy.services.kinds import ELASTICSEARCH, Service
from deploy.services.local.artifacts import Artifacts
from deploy.services.local.jdk import Jdk
from deploy.services.local.jvm import LOGGING, command

TRANSPORT = "elasticsearch_transport"
PORTS = (ELASTICSEARCH, TRANSPORT)

_OPTIONS = (
    "-Xms768m",
    "-Xmx768m",
    # As in the distribution: with the collector's own defaults a small heap trips the memory circuit breaker.
    "-XX:+UseG1GC",
    "-XX:G1ReservePercent=25",
    "-XX:InitiatingHeapOccupancyPercent=30",
    "-Des.distribution.type=tar",
)


def service(artifacts: Artifacts, jdk: Jdk, ports: Mapping[str, int], data: Path, logs: Path) -> Service:
    folder = data / ELASTICSEARCH
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "elasticsearch.yml").write_text(
        # JSON values are YAML values, and quote whatever a path may hold.
        "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings(artifacts, ports, folder).items()),
        encoding="utf-8",
    )
    shutil.copyfile(LOGGING, config / LOGGING.name)
    home = artifacts.elasticsearch_home
    return Service(
        name=ELASTICSEARCH,
        label=f"Elasticsearch {artifacts.versions.elasticsearch}",
        argv=command(
            jdk,
            folder,
            _OPTIONS,
            (
                "-p",
                str(home / "lib"),
                "--add-modules=org.elasticsearch.server,ALL-MODULE-PATH",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
                "-cp",
                str(home / "launcher.jar"),
                "ElasticsearchLauncher",
                str(config),
            ),
        ),
        log=logs / "elasticsearch.log",
        port=ports[ELASTICSEARCH],
        problem=elasticsearch_problem,
    )


def settings(artifacts: Artifacts, ports: Mapping[str, int], folder: Path) -> dict[str, str | int | bool]:
    return {
        "cluster.name": "remarkwire",
        "node.name": "local",
        "path.home": str(artifacts.elasticsearch_home),
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "network.host": "127.0.0.1",
        "http.port": ports[ELASTICSEARCH],
        "transport.port": ports[TRANSPORT],
        "discovery.type": "single-node",
        "action.auto_create_index": False,
        # A full disk of a developer's machine is not this node's concern.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }
