"""A broker with TLS, SCRAM users and ACLs; TLS with an API key before Elasticsearch; certificates made for the test.

Kafka's second listener, in the clear and for loopback alone, is there to make users and rights. Elasticsearch's own
security is a module that is not published: so a small proxy speaks TLS and looks at the key in its place.
"""

import contextlib
import datetime
import http.client
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from confluent_kafka.admin import AdminClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.services import processes
from deploy.services.launch import launch, wait_until_healthy
from deploy.services.local import kafka, prepare
from deploy.services.ports import choose
from runtime.settings import KafkaSettings

PASSWORD = "canary-of-{}"
API_KEY = "Y2FuYXJ5OmtleQ=="


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test: its own certificate, and a way to sign those of servers."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def file(self) -> Path:
        path = self.folder / f"{self.name}.pem"
        if not path.exists():
            path.write_bytes(_signed(self.name, self, self.key, authority=True))
        return path

    def server(self, host: str = "localhost", valid: datetime.timedelta = datetime.timedelta(days=1)) -> Path:
        """Key and certificate of a server in one file. ``valid``: from now on; negative where it has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self.folder / f"{self.name}-{host}.pem"
        path.write_bytes(private + _signed(host, self, key, valid=valid))
        return path

    def client(self, user: str, password: str) -> tuple[Path, Path]:
        """Certificate of a user, and its key, which the password opens."""
        key = ec.generate_private_key(ec.SECP256R1())
        locked = serialization.BestAvailableEncryption(password.encode())
        paths = self.folder / f"{self.name}-{user}.crt", self.folder / f"{self.name}-{user}.key"
        paths[0].write_bytes(_signed(user, self, key))
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked))
        return paths


def _signed(
    name: str,
    by: Authority,
    key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    valid: datetime.timedelta = datetime.timedelta(days=1),
) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    hosts: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        hosts.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by.name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + valid)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(by.key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Broker:
    """``secured`` is the address for users with passwords, ``mutual`` that for users with certificates, ``inside`` that
    of the administrator of the test.
    """

    secured: str
    mutual: str
    inside: str
    authority: Authority

    def settings(self, user: str, **changes: object) -> KafkaSettings:
        return KafkaSettings.model_validate(
            {
                "bootstrap_servers": self.secured, "security_protocol": "SASL_SSL", "sasl_username": user,
                "sasl_password": PASSWORD.format(user), "ssl_ca": self.authority.file, "session_timeout_ms": 6000,
                **changes,
            }
        )  # fmt: skip

    def certified(self, user: str, **changes: object) -> KafkaSettings:
        """Of a user who shows a certificate and says no password."""
        certificate, key = self.authority.client(user, PASSWORD.format(user))
        return KafkaSettings.model_validate(
            {
                "bootstrap_servers": self.mutual, "security_protocol": "SSL", "ssl_ca": self.authority.file,
                "ssl_certificate": certificate, "ssl_key": key, "ssl_key_password": PASSWORD.format(user),
                "session_timeout_ms": 6000, **changes,
            }
        )  # fmt: skip

    @property
    def admin(self) -> AdminClient:
        return AdminClient({"bootstrap.servers": self.inside, "broker.address.family": "v4"})


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """Apache Kafka with listeners for SASL_SSL and for TLS with certificates on both sides, and the authorizer that
    ACLs need.
    """
    authority = Authority(folder, "authority")
    recipe = prepare(None, folder, print)
    ports = choose([*kafka.PORTS, "secured", "mutual"], {})
    service = kafka.service(recipe._artifacts, recipe._jdk, ports, folder, folder)
    properties = kafka.settings(ports, folder / "kafka" / "log")
    added = f",SECURED://127.0.0.1:{ports['secured']},MUTUAL://127.0.0.1:{ports['mutual']}"
    properties["listeners"] += added
    properties["advertised.listeners"] += added
    properties["listener.security.protocol.map"] += ",SECURED:SASL_SSL,MUTUAL:SSL"
    properties |= {
        "inter.broker.listener.name": "PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.secured.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority.server()),
        "listener.name.mutual.ssl.client.auth": "required",
        "listener.name.mutual.ssl.truststore.type": "PEM",
        "listener.name.mutual.ssl.truststore.location": str(authority.file),
        # The user is the common name of the certificate, so that ACLs are the same for both.
        "ssl.principal.mapping.rules": "RULE:^CN=(.*)$/$1/",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "allow.everyone.if.no.acl.found": "false",
    }
    (folder / "kafka" / "server.properties").write_text(kafka.as_properties(properties), encoding="ascii")
    launched = launch(service, folder, detached=False)
    try:
        wait_until_healthy(launched, print)
        yield Broker(*(f"127.0.0.1:{ports[name]}" for name in ("secured", "mutual", "kafka")), authority=authority)
    finally:
        processes.end([launched.identity], 20)
        if launched.child is not None:
            launched.child.wait()


@contextlib.contextmanager
def tls_before(url: str, authority: Authority) -> Iterator[str]:
    """The address of a proxy that speaks TLS, asks for the API key, and hands on what has it."""
    upstream = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") != f"ApiKey {API_KEY}":
                status, kind, answer = (
                    401,
                    "application/json",
                    b'{"error": {"type": "security_exception"}, "status": 401}',
                )
            else:
                assert upstream.hostname is not None
                onward = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=60)
                passed = {k: v for k, v in self.headers.items() if k.lower() in {"content-type", "accept"}}
                onward.request(self.command, self.path, body or None, passed)
                got = onward.getresponse()
                status, kind, answer = got.status, got.headers.get("content-type", ""), got.read()
                onward.close()
            self.send_response(status)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _any  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that does not trust us hangs up: that is what is tested."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server())
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
