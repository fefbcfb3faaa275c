"""The bulk request against a real HTTP server that answers what the test says. All content is synthetic."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from processors.index.elastic import ElasticBulk
from processors.index.outcome import ItemAnswer, RequestRefused
from processors.index.records import Document, Record
from schemas.dlq import Origin
from schemas.errors import ElasticsearchUnavailable

DOCUMENTS = [
    Document(
        Record(Origin("stories.g1", 0, number, 0), None, b"{}", []),
        "stories",
        f"s{number}",
        0,
        (b'{"index":{"_id":"s"}}', b'{"title":"synthetic"}'),
    )
    for number in range(2)
]


class Server(ThreadingHTTPServer):
    """Answers every request with ``status``, ``body`` and ``headers``; keeps the last request. None: hangs up."""

    status: int | None = 200
    body: bytes = b"{}"
    headers: dict[str, str]
    path = ""
    received = b""

    def answers(self, status: int | None, body: Any, **headers: str) -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_PUT(self) -> None:
        self.server.path = self.path
        self.server.received = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status is None:
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_PUT  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def bulk(server: Server) -> Iterator[ElasticBulk]:
    client = Elasticsearch(f"http://127.0.0.1:{server.server_port}", max_retries=0, request_timeout=5)
    yield ElasticBulk(client)
    client.close()


def items(*answers: dict[str, Any]) -> dict[str, Any]:
    return {"errors": any("error" in one for one in answers), "items": [{"index": one} for one in answers]}


def test_two_lines_a_document_to_an_alias_that_must_be_there(server: Server, bulk: ElasticBulk) -> None:
    server.answers(200, items({"status": 201}, {"status": 200}))
    assert [answer.status for answer in bulk(DOCUMENTS)] == [200, 200]
    assert "require_alias=true" in server.path
    assert server.received == b'{"index":{"_id":"s"}}\n{"title":"synthetic"}\n' * 2


def test_answers_come_in_order_with_their_reasons(server: Server, bulk: ElasticBulk) -> None:
    error = {"type": "es_rejected_execution_exception", "reason": "queue full"}
    server.answers(200, items({"status": 201}, {"status": 429, "error": error}))
    assert bulk(DOCUMENTS) == [ItemAnswer(201), ItemAnswer(429, "es_rejected_execution_exception", "queue full")]


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (429, {"error": {"type": "circuit_breaking_exception", "reason": "synthetic"}}, {}),
        (503, {"error": {"type": "cluster_block_exception", "reason": "synthetic"}}, {}),
        (502, b"<html>Bad Gateway</html>", {"Content_Type": "text/html"}),
        (401, {"error": {"type": "security_exception", "reason": "synthetic"}}, {}),
        (400, b"plain HTTP to an HTTPS port", {"Content_Type": "text/html"}),
        (200, b"not json", {}),
        (200, {"took": 1}, {}),
        (200, items({"status": 201}), {}),
        (200, items({"status": 201}, {"status": 201}), {"X_Elastic_Product": "Proxy"}),
        (None, b"", {}),
    ],
)
def test_whatever_is_not_about_the_documents_is_waited_for(
    server: Server, bulk: ElasticBulk, status: int | None, body: Any, headers: dict[str, str]
) -> None:
    server.answers(status, body, **headers)
    with pytest.raises(ElasticsearchUnavailable):
        bulk(DOCUMENTS)


def test_a_port_where_nobody_listens_is_waited_for(server: Server, bulk: ElasticBulk) -> None:
    server.server_close()
    with pytest.raises(ElasticsearchUnavailable):
        bulk(DOCUMENTS)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (413, b""),
        (400, {"error": {"type": "action_request_validation_exception", "reason": "id too long"}, "status": 400}),
    ],
)
def test_what_is_about_the_documents_is_refused(server: Server, bulk: ElasticBulk, status: int, body: Any) -> None:
    server.answers(status, body)
    with pytest.raises(RequestRefused, match=str(status)):
        bulk(DOCUMENTS)
