"""What prepares the secured Elasticsearch of docker-compose.yml, against a small server that answers as it does."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from deploy.docker.secure import FILE, KEYS, Secrets, secure
from schemas.errors import ElasticsearchUnavailable
from tests.fakes import serving

SECRETS = Secrets("elastic-password", "kibana-password")


@dataclass
class FakeElasticsearch:
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    kibana_password: str = ""
    url: str = ""

    def answer(self, path: str, sent: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if path == "/_security/_authenticate":
            encoded = sent.removeprefix("ApiKey ")
            return (200, {"api_key": {"id": f"id-{encoded}"}}) if encoded in self.keys else (401, {})
        if sent != "Basic " + base64.b64encode(b"elastic:elastic-password").decode():
            return 401, {"error": {"type": "security_exception"}}
        asked = json.loads(body)
        if path == "/_security/user/kibana_system/_password":
            self.kibana_password = asked["password"]
            return 200, {}
        if path == "/_security/api_key":
            encoded = f"key{len(self.keys)}"
            self.keys[encoded] = asked
            return 200, {"id": f"id-{encoded}", "encoded": encoded}
        if path.startswith("/_security/api_key/"):
            self.keys[path.rpartition("/id-")[2]].update(asked)
            return 200, {"updated": True}
        return 404, {}


@pytest.fixture
def elastic() -> Iterator[FakeElasticsearch]:
    fake = FakeElasticsearch()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, answer = fake.answer(self.path, self.headers.get("authorization", ""), body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    with serving(Handler) as fake.url:
        yield fake


def test_keys_are_made_once_and_are_for_nobody_else_to_read(elastic: FakeElasticsearch, tmp_path: Path) -> None:
    assert secure(elastic.url, SECRETS, tmp_path) == ["elasticsearch", "index", "monitor", "kibana"]
    assert elastic.kibana_password == "kibana-password"
    assert {one["name"] for one in elastic.keys.values()} == {f"remarkwire-{name}" for name in KEYS}
    for name in KEYS:
        file = tmp_path / name / FILE
        assert file.stat().st_mode & 0o777 == 0o600
        assert elastic.keys[file.read_text()]["role_descriptors"] == {name: KEYS[name]}
    assert secure(elastic.url, SECRETS, tmp_path) == []
    assert len(elastic.keys) == 4


def test_a_key_of_an_earlier_version_gets_the_rights_of_this_one(elastic: FakeElasticsearch, tmp_path: Path) -> None:
    secure(elastic.url, SECRETS, tmp_path)
    key = elastic.keys[(tmp_path / "elasticsearch" / FILE).read_text()]
    key["role_descriptors"] = {"elasticsearch": {"cluster": ["monitor"]}}
    assert secure(elastic.url, SECRETS, tmp_path) == []
    assert key["role_descriptors"] == {"elasticsearch": KEYS["elasticsearch"]}


def test_a_key_that_is_no_longer_good_is_made_anew(elastic: FakeElasticsearch, tmp_path: Path) -> None:
    secure(elastic.url, SECRETS, tmp_path)
    (tmp_path / "kibana" / FILE).write_text("of another cluster")
    assert secure(elastic.url, SECRETS, tmp_path) == ["kibana"]


def test_a_wrong_password_is_said_and_not_shown(elastic: FakeElasticsearch, tmp_path: Path) -> None:
    with pytest.raises(ElasticsearchUnavailable, match="401") as error:
        secure(elastic.url, Secrets("wrong-one", "kibana-password"), tmp_path)
    assert "wrong-one" not in str(error.value)
    assert "kibana-password" not in str(error.value)


def test_workers_may_touch_only_their_own_indices_and_only_the_operator_may_do_all() -> None:
    assert KEYS["elasticsearch"]["indices"] == [{"names": ["remarkwire-*"], "privileges": ["all"]}]
    for name in ("index", "monitor"):
        for one in KEYS[name]["indices"]:
            assert all(pattern.startswith("remarkwire-") for pattern in one["names"])
            assert "all" not in one["privileges"]
        assert KEYS[name]["cluster"] == ["monitor"]
    assert "indices" not in KEYS["kibana"]
