"""A certificate of our own authority that is another host's, or has expired, is refused as one of a stranger's is."""

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.faust_app import _credentials
from runtime.access import AccessRefused, check_elasticsearch, check_kafka
from runtime.settings import Settings
from tests.integration.secured import Authority

EXPIRED = datetime.timedelta(minutes=-5)


@contextlib.contextmanager
def listening(certificate: Path) -> Iterator[tuple[str, list[bool]]]:
    """A server that shakes hands and says no more; its address, and of each handshake whether the client took it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    shaken: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            # The end of the test closes the socket.
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    try:
                        with context.wrap_socket(client, server_side=True) as channel:
                            # In TLS 1.3 a refusal comes with the first read.
                            shaken.append(bool(channel.recv(1)))
                    except OSError:
                        shaken.append(False)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"localhost:{server.getsockname()[1]}", shaken
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def settings(address: str, authority: Authority) -> Settings:
    return Settings.model_validate(
        {
            "kafka": {"bootstrap_servers": address, "security_protocol": "SSL", "ssl_ca": authority.file},
            "elasticsearch": {"url": f"https://{address}", "ca_certs": authority.file},
        }
    )


@pytest.mark.parametrize("case", ["of another host", "expired"])
def test_a_certificate_that_is_not_the_servers_or_no_longer_good_is_refused(case: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "ours")
    shown = authority.server("elsewhere.example") if case == "of another host" else authority.server(valid=EXPIRED)
    with listening(shown) as (address, shaken):
        with pytest.raises(AccessRefused, match=r"kafka\.ssl_ca"):
            check_kafka(settings(address, authority))
        with pytest.raises(AccessRefused, match=r"elasticsearch\.ca_certs"):
            check_elasticsearch(settings(address, authority))
    assert not any(shaken), "nothing was said to it"


def test_the_client_of_faust_asks_the_same(tmp_path: Path) -> None:
    credentials = _credentials(settings("localhost:1", Authority(tmp_path, "ours")).kafka)
    assert credentials is not None
    assert credentials.context.check_hostname
    assert credentials.context.verify_mode == ssl.CERT_REQUIRED


def test_the_right_one_is_taken(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "ours")
    with listening(authority.server()) as (address, shaken):
        check_elasticsearch(settings(address, authority))
    assert all(shaken)
    assert shaken
