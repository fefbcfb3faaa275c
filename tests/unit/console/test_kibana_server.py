"""Import and export against a small server that answers as Kibana does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from console.kibana import compiled, load
from console.kibana.server import Kibana, KibanaRefused, KibanaUnavailable
from console.main import app
from runtime.settings import KibanaSettings
from schemas.errors import InputError, SettingsError
from tests.fakes import serving

OBJECTS = compiled(load())


@dataclass
class FakeKibana:
    """``objects`` are those imported; ``refuse`` ids that it does not take; ``levels`` what its state is, in turn."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    levels: list[str] = field(default_factory=lambda: ["available"])
    key: str | None = None
    page: bytes | None = None
    status: int = 200
    location: str = "/login"
    url: str = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.requests.append((method, path, headers))
        if self.page is not None:
            return self.status, self.page
        if self.key is not None and headers.get("authorization") != f"ApiKey {self.key}":
            return 401, _json({"statusCode": 401, "error": "Unauthorized", "message": "no credentials"})
        if path == "/api/status":
            level = self.levels.pop(0) if len(self.levels) > 1 else self.levels[0]
            return 200, _json({"status": {"overall": {"level": level}}})
        if method == "POST" and "kbn-xsrf" not in headers:
            return 400, _json({"statusCode": 400, "message": "Request must contain a kbn-xsrf header."})
        if path == "/api/saved_objects/_import?overwrite=true":
            return 200, _json(self._import(headers, body))
        if path == "/api/saved_objects/_export":
            return self._export(json.loads(body))
        return 404, _json({"statusCode": 404, "message": "Not Found"})

    def _import(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
        [part] = BytesParser().parsebytes(head + body).get_payload()  # type: ignore[misc]
        assert part.get_filename().endswith(".ndjson")  # type: ignore[union-attr]
        found = [json.loads(line) for line in part.get_payload(decode=True).splitlines()]  # type: ignore[union-attr]
        errors = [
            {
                "id": one["id"],
                "type": one["type"],
                "error": {"type": "missing_references", "references": one["references"]},
            }
            for one in found
            if one["id"] in self.refuse
        ]
        self.objects |= {one["id"]: one for one in found if one["id"] not in self.refuse}
        answer = {"success": not errors, "successCount": len(found) - len(errors), "warnings": []}
        return answer | ({"errors": errors} if errors else {})

    def _export(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        ids = [one["id"] for one in asked["objects"]]
        if missing := [one for one in ids if one not in self.objects]:
            return 400, _json({"statusCode": 400, "message": f"Error fetching objects to export: {missing}"})
        return 200, b"\n".join(_json(self.objects[one]) for one in ids)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def kibana() -> Iterator[FakeKibana]:
    fake = FakeKibana()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {key.lower(): value for key, value in self.headers.items()}
            status, answer = fake.answer(self.command, self.path, headers, body)
            self.send_response(status)
            if status == 302 and fake.location:
                self.send_header("location", fake.location)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = _any  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    with serving(Handler) as fake.url:
        yield fake


def connected(fake: FakeKibana, **settings: Any) -> Kibana:
    return Kibana(KibanaSettings(url=fake.url, **settings))


def test_all_objects_arrive_as_they_are(kibana: FakeKibana) -> None:
    with connected(kibana) as client:
        assert client.load(OBJECTS).count == len(OBJECTS)
    assert kibana.objects == {one["id"]: one for one in OBJECTS}


def test_an_import_of_which_kibana_does_not_report_success_fails_and_says_what(kibana: FakeKibana) -> None:
    kibana.refuse = {"remarkwire-search-why"}
    with connected(kibana) as client, pytest.raises(KibanaRefused, match=r"search remarkwire-search-why: missing_ref"):
        client.load(OBJECTS)


def test_success_with_fewer_objects_than_were_sent_is_none(kibana: FakeKibana) -> None:
    kibana.page = b'{"success": true, "successCount": 1}'
    with connected(kibana) as client, pytest.raises(KibanaRefused, match=f"imported 1 of {len(OBJECTS)}"):
        client.load(OBJECTS)


def test_what_is_no_kibana_is_refused(kibana: FakeKibana) -> None:
    kibana.page = b"<html>a proxy"
    with connected(kibana) as client, pytest.raises(KibanaRefused, match="is this a Kibana"):
        client.load(OBJECTS)


@pytest.mark.parametrize(
    "page",
    [b"<html>log in", b"[]", b"", b'{"success": false}', b'{"type": "search", "id": "x"}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_saved_object_is_not_exported(
    page: bytes, kibana: FakeKibana, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kibana.page = page
    done = CliRunner().invoke(app, ["kibana", "export", "--url", kibana.url, "--output", "there.ndjson"])
    assert isinstance(done.exception, KibanaRefused)
    assert "answers 200, no saved objects: is this a Kibana?" in str(done.exception)
    assert not (tmp_path / "there.ndjson").exists()


def test_an_export_that_lacks_objects_is_none(kibana: FakeKibana) -> None:
    kibana.page = _json(OBJECTS[0])
    with connected(kibana) as client, pytest.raises(KibanaRefused, match=f"without {OBJECTS[1]['type']} .*more"):
        client.saved(OBJECTS)


@pytest.mark.parametrize(
    ("status", "page", "kind", "said"),
    [
        (302, b"{}", KibanaRefused, "302, to /login"),
        (404, b"{}", KibanaRefused, "404"),
        (413, b'{"message": "too large"}', KibanaRefused, "413: too large"),
        (200, b'{"name": "something else"}', KibanaRefused, "answers 200, .*is this a Kibana"),
        (200, b'{"success": false, "errors": null}', KibanaRefused, "imported 0 of .*no reason given"),
        (503, b"Kibana server is not ready yet", KibanaUnavailable, "503: Kibana server is not ready yet; .*--wait"),
    ],
)
def test_an_import_that_is_refused_says_with_which_status(
    status: int, page: bytes, kind: type[Exception], said: str, kibana: FakeKibana
) -> None:
    kibana.status, kibana.page = status, page
    with connected(kibana) as client, pytest.raises(kind, match=said):
        client.load(OBJECTS)


def test_a_state_that_is_somebody_elses_is_none(kibana: FakeKibana) -> None:
    kibana.page = b'{"status": "ok"}'
    with connected(kibana) as client, pytest.raises(KibanaUnavailable, match="its state is None"):
        client.wait(0)


def test_a_file_without_objects_is_no_sound_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.ndjson").write_text("\n")
    done = CliRunner().invoke(app, ["kibana", "check", "empty.ndjson"])
    assert isinstance(done.exception, InputError)


def test_a_wait_that_is_less_than_none_is_refused() -> None:
    assert CliRunner().invoke(app, ["kibana", "import", "--wait", "-1"]).exit_code == 2


def test_a_wrong_key_ends_the_wait_at_once(kibana: FakeKibana) -> None:
    kibana.key = "right"
    with connected(kibana, api_key="wrong") as client, pytest.raises(KibanaRefused, match="REMARKWIRE_KIBANA__API_KEY"):
        client.wait(60)


@pytest.mark.parametrize(
    ("location", "said"), [("/kibana/api/status", "302, to /kibana/api/status;.*set kibana.url"), ("", "not name")]
)
def test_a_redirect_ends_the_wait_at_once_and_says_where_it_leads(location: str, said: str, kibana: FakeKibana) -> None:
    kibana.status, kibana.page, kibana.location = 302, b"", location
    waited: list[float] = []
    with connected(kibana) as client, pytest.raises(KibanaRefused, match=said):
        client.wait(60, clock=lambda: sum(waited), pause=waited.append)
    assert not waited


def test_a_kibana_that_starts_is_waited_for(kibana: FakeKibana) -> None:
    kibana.levels = ["unavailable", "degraded", "available"]
    waited: list[float] = []
    with connected(kibana) as client:
        client.wait(60, clock=lambda: sum(waited), pause=waited.append)
    assert len(waited) == 2


def test_a_kibana_that_does_not_come_is_named(kibana: FakeKibana) -> None:
    kibana.levels = ["unavailable"]
    waited: list[float] = []
    with (
        connected(kibana) as client,
        pytest.raises(KibanaUnavailable, match="its state is unavailable; waited for 10 s"),
    ):
        client.wait(10, clock=lambda: sum(waited), pause=waited.append)


def test_nobody_there_is_unavailable() -> None:
    with Kibana(KibanaSettings(url="http://127.0.0.1:9")) as client, pytest.raises(KibanaUnavailable):
        client.load(OBJECTS)


def test_settings_that_no_kibana_can_be_reached_by_are_named(tmp_path: Path) -> None:
    none = tmp_path / "ca.pem"
    none.write_text("no certificate")
    for file in (tmp_path / "missing.pem", none):
        with pytest.raises(SettingsError, match=r"kibana\.ca_certs.*pem cannot be read, or is no PEM"):
            Kibana(KibanaSettings(url="https://kibana.example", ca_certs=file))
    with pytest.raises(SettingsError, match=r"kibana\.url"):
        Kibana(KibanaSettings(url="http://kibana.example:port"))


def test_a_space_is_in_the_path(kibana: FakeKibana) -> None:
    with connected(kibana, space="news") as client, pytest.raises(KibanaRefused):
        client.load(OBJECTS)  # the fake knows no spaces
    assert kibana.requests[-1][1].startswith("/s/news/api/saved_objects/_import")


def test_import_export_and_check_by_the_command_line(
    kibana: FakeKibana, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REMARKWIRE_KIBANA__API_KEY", "secret-key")
    kibana.key = "secret-key"
    runner = CliRunner()
    done = runner.invoke(app, ["kibana", "import", "--url", kibana.url, "--wait", "5"])
    assert done.exit_code == 0, done.output
    assert "secret-key" not in done.output
    assert len(kibana.objects) == len(OBJECTS)
    done = runner.invoke(app, ["kibana", "export", "--url", kibana.url, "--output", "there.ndjson"])
    assert done.exit_code == 0, done.output
    done = runner.invoke(app, ["kibana", "check", "there.ndjson"])
    assert done.exit_code == 0, done.output
    (tmp_path / "broken.ndjson").write_text((tmp_path / "there.ndjson").read_text().replace('"10.2.0"', '"99.0.0"'))
    done = runner.invoke(app, ["kibana", "check", "broken.ndjson"])
    assert done.exit_code == 3
    assert "versions must be" in done.output


def test_a_failed_import_is_a_failed_command(
    kibana: FakeKibana, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kibana.refuse = {"remarkwire-dashboard-outlets"}
    done = CliRunner().invoke(app, ["kibana", "import", "--url", kibana.url])
    assert done.exit_code != 0
    assert isinstance(done.exception, KibanaRefused)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--url", "https://elastic:hunter2@kibana:5601", "kibana.url: has a user"), ("--space", "Ä", "kibana.space: ")],
)
def test_what_is_given_is_refused_as_what_is_set(option: str, value: str, said: str) -> None:
    error = CliRunner().invoke(app, ["kibana", "import", option, value]).exception
    assert isinstance(error, SettingsError)
    assert said in str(error)
    assert "hunter2" not in str(error)
