"""Health and metrics over HTTP."""

import socket
import urllib.error
import urllib.request

import pytest

from runtime.health import Health, serve
from runtime.settings import HttpSettings
from schemas.errors import SettingsError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_ready_only_when_the_service_says_so() -> None:
    health = Health()
    with serve(HttpSettings(port=free_port()), health) as port:
        assert port is not None
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/readyz") == (503, "starting\n")
        health.ready()
        assert get(port, "/readyz") == (200, "ready\n")
        health.waiting("Elasticsearch is away")
        assert get(port, "/readyz") == (503, "Elasticsearch is away\n")
        status, text = get(port, "/metrics")
        assert status == 200
        assert "remarkwire_records" in text
        assert get(port, "/")[0] == 404


def test_port_zero_binds_nothing() -> None:
    with serve(HttpSettings(), Health()) as port:
        assert port is None


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)), serve(HttpSettings(port=port), Health()):
            pass


def test_a_connection_that_says_nothing_holds_up_neither_probes_nor_the_end() -> None:
    health = Health()
    health.ready()
    with serve(HttpSettings(port=free_port()), health) as port:
        assert port is not None
        silent = socket.create_connection(("127.0.0.1", port))
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/readyz") == (200, "ready\n")
        assert get(port, "/metrics")[0] == 200
    with silent:
        pass  # the server has ended before its last connection did


def test_a_connection_that_goes_on_saying_nothing_is_closed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("runtime.health._QuietHandler.timeout", 0.05)
    with serve(HttpSettings(port=free_port()), Health()) as port:
        assert port is not None
        with socket.create_connection(("127.0.0.1", port), timeout=5) as silent:
            assert silent.recv(1) == b""
    assert capfd.readouterr().err == ""
