"""Whether Kafka and Elasticsearch let us in, asked once before the work begins, and said in words that help.

A client that is refused tries again for ever, and its errors name no cause; so commands and services ask here first. A
cluster that is only not there yet is no refusal: whoever needs it waits for it.
"""

import socket
import ssl
from urllib.parse import urlsplit

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    TransportError,
)
from elasticsearch import ConnectionError as NoConnection

from runtime import elastic
from runtime.kafka import connection, made
from runtime.settings import Settings
from schemas.errors import AccessRefused

_LOOK_SECONDS = 3.0
_AUTHENTICATION = frozenset({
    KafkaError._AUTHENTICATION,  # noqa: SLF001 - librdkafka's names
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.ILLEGAL_SASL_STATE,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
})  # fmt: skip
_TLS = KafkaError._SSL  # noqa: SLF001
# The broker ends a handshake that we thought was over; in TLS 1.3 it looks at our certificate only then.
_ALERT = "SSL alert"


def check_kafka(settings: Settings) -> None:
    """Raises ``AccessRefused`` where a broker answers and lets us not in, ``SettingsError`` where a file is wrong."""
    seen: list[KafkaError] = []
    config = connection(settings.kafka) | {"log_level": 0, "error_cb": seen.append, "reconnect.backoff.max.ms": 200}
    client = made(AdminClient, config)
    try:
        client.list_topics(timeout=_LOOK_SECONDS)
    except KafkaException as error:
        client.poll(0)
        for one in (*seen, error.args[0]):
            if (why := _why(one, settings)) is not None:
                raise AccessRefused(f"Kafka at {settings.kafka.bootstrap_servers} {why}") from error
        # librdkafka says only that the connection broke; whether it meets TLS is not hard to see.
        if "SSL" not in settings.kafka.security_protocol:
            for server in settings.kafka.bootstrap_servers.split(","):
                host, _, port = server.strip().rpartition(":")
                if _speaks_tls(host.strip("[]"), port):
                    raise AccessRefused(
                        f"Kafka at {server.strip()} speaks TLS, and kafka.security_protocol is "
                        f"{settings.kafka.security_protocol}; set kafka.security_protocol to SASL_SSL or SSL"
                    ) from error


def _why(error: KafkaError, settings: Settings) -> str | None:
    kafka = settings.kafka
    if error.code() in _AUTHENTICATION:
        return (
            f"does not accept user {kafka.sasl_username!r} by {kafka.sasl_mechanism}; check kafka.sasl_username, "
            f"kafka.sasl_mechanism and REMARKWIRE_KAFKA__SASL_PASSWORD ({error.str()})"
        )
    if _ALERT in error.str():
        return (
            "does not accept this client's certificate; check kafka.ssl_certificate and kafka.ssl_key, and that the "
            f"broker trusts who signed it ({error.str()})"
        )
    if error.code() == _TLS:
        return (
            "cannot be trusted or does not speak TLS; check kafka.ssl_ca, the names in the broker's certificate and "
            f"kafka.security_protocol ({error.str()})"
        )
    return None


def check_elasticsearch(settings: Settings) -> None:
    """Raises ``AccessRefused`` where Elasticsearch answers and lets us not in."""
    client = elastic.client(settings)
    address = settings.elasticsearch.url
    try:
        client.options(request_timeout=_LOOK_SECONDS).cluster.health()
    except AuthenticationException as error:
        raise AccessRefused(
            f"Elasticsearch at {address} does not accept the key or password; check "
            "REMARKWIRE_ELASTICSEARCH__API_KEY (or elasticsearch.username and REMARKWIRE_ELASTICSEARCH__PASSWORD)"
        ) from error
    except AuthorizationException as error:
        raise AccessRefused(
            f"Elasticsearch at {address} does not let this key or user see the cluster's health; give it a role of "
            "deploy/security/elasticsearch-roles.json"
        ) from error
    except NoConnection as error:
        if "TLS" in type(error).__name__.upper():
            raise AccessRefused(
                f"Elasticsearch at {address} cannot be trusted or does not speak TLS; check elasticsearch.ca_certs and "
                f"that elasticsearch.url has a name of its certificate ({str(next(iter(error.errors), error))[:300]})"
            ) from error
        parts = urlsplit(address)
        if parts.scheme == "http" and _speaks_tls(parts.hostname or "", str(parts.port or 9200)):
            raise AccessRefused(
                f"Elasticsearch at {address} speaks TLS; write https:// in elasticsearch.url"
            ) from error
    except (ApiError, TransportError):
        return
    finally:
        client.close()


def _speaks_tls(host: str, port: str) -> bool:
    """Whether there is an answer to the first message of a TLS handshake. Nothing is sent over the connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # whose certificate it is does not matter here
    try:
        with (
            socket.create_connection((host, int(port)), timeout=_LOOK_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host or None),
        ):
            return True
    except (OSError, ValueError):
        return False
