"""Kafka and Elasticsearch for one machine: the demo, first steps, tests.

    with start(Kind.EMBEDDED, data=folder, progress=print) as running:
        ...  # running.bootstrap_servers, running.elasticsearch_url, running.logs

``up``, ``down`` and ``status`` are for services that outlive their starter; docs/services.md says the rest.
"""

from deploy.services.kinds import ELASTICSEARCH, KAFKA, Kind, Progress
from deploy.services.overview import ServiceStatus, Status, status
from deploy.services.running import Services, attach, down, start, up
from schemas.errors import ServiceError

__all__ = [
    "ELASTICSEARCH",
    "KAFKA",
    "Kind",
    "Progress",
    "ServiceError",
    "ServiceStatus",
    "Services",
    "Status",
    "attach",
    "down",
    "start",
    "status",
    "up",
]
