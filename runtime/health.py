"""``/healthz`` (the process answers), ``/readyz`` (it does its work) and ``/metrics``, on one small HTTP server."""

import contextlib
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import make_wsgi_app

import runtime.metrics  # noqa: F401 - registers what /metrics shows
from runtime.settings import HttpSettings
from schemas.errors import SettingsError

# Seconds that a connection may say nothing.
_SILENT_SECONDS = 10.0


class Health:
    """What a service says of itself: ready once it does its work, with a word that says what it waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits_for: str | None = "starting"

    def ready(self) -> None:
        with self._lock:
            self._waits_for = None

    def waiting(self, what: str) -> None:
        with self._lock:
            self._waits_for = what

    @property
    def waits_for(self) -> str | None:
        with self._lock:
            return self._waits_for


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection: one that says nothing must not keep a probe from its answer, nor us from ending."""

    daemon_threads = True
    block_on_close = False


class _QuietHandler(WSGIRequestHandler):
    timeout = _SILENT_SECONDS

    def handle(self) -> None:
        # Who says nothing or hangs up is not worth a traceback.
        with contextlib.suppress(TimeoutError, ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Scrapes are not worth a line each."""


@contextlib.contextmanager
def serve(settings: HttpSettings, health: Health) -> Iterator[int | None]:
    """Serves while the context lasts; gives the bound port, or None where the port is set to 0."""
    if not settings.port:
        yield None
        return
    metrics = make_wsgi_app()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            return list(metrics(environ, start_response))
        waits_for = health.waits_for
        if path == "/healthz":
            status, body = "200 OK", "ok\n"
        elif path == "/readyz":
            status, body = ("200 OK", "ready\n") if waits_for is None else ("503 Service Unavailable", f"{waits_for}\n")
        else:
            status, body = "404 Not Found", "known: /healthz /readyz /metrics\n"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [body.encode()]

    try:
        server = make_server(settings.host, settings.port, app, _Server, _QuietHandler)
    except OSError as error:
        raise SettingsError(f"http: cannot bind {settings.host}:{settings.port} ({error.strerror})") from error
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
