"""What the project does not do: unpickle, run a shell, read entities, follow links out of a folder, open bombs."""

import ast
import gzip
import io
import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.docker.secure import KEYS
from deploy.security.acls import OPERATOR, acls, stages, user_of
from ingest.body import MAX_BYTES
from ingest.fetch.web.guard import is_public
from ingest.imports import import_paths
from ingest.warc import read_pages
from runtime.settings import PipelineSettings, Settings
from schemas import RawArticle
from schemas.errors import InputError
from schemas.index import names
from schemas.index.pipeline import pipeline_template
from schemas.topics import FILLS, READS, TOPICS, dlq_name
from tests.unit.deploy.test_deploy import DOCKER

ROOT = Path(__file__).parents[3]
PACKAGES = ("schemas", "runtime", "ingest", "processors", "console", "deploy")
TREES = {
    file: ast.parse(file.read_text(encoding="utf-8")) for package in PACKAGES for file in (ROOT / package).rglob("*.py")
}
FORBIDDEN = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "marshal",
    "shelve",
    "xml.sax",
    "xml.dom",
    "telnetlib",
}


# Others that read pickles, by the last part of the name that is called.
UNPICKLING = {"read_pickle", "Unpickler", "import_module", "__import__"}


def unpickling(tree: ast.AST) -> Iterator[str]:
    """What in a module reads pickles, or may. numpy does only where told, torch and pandas unasked."""
    for node in ast.walk(tree):
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from FORBIDDEN & {name for one in named for name in (one, one.partition(".")[0])}
        if isinstance(node, ast.Constant) and node.value in {"pickle", "yaml_unsafe"}:
            yield f"a serializer: {node.value}"
        if isinstance(node, ast.keyword) and node.arg in {"key_serializer", "value_serializer"}:
            raw = isinstance(node.value, ast.Constant) and node.value.value == "raw"
            if not raw:
                yield "Faust's serializers read what comes before we look at it"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            yield "allow_pickle"
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "torch.load" or called.rpartition(".")[2] in UNPICKLING:
                yield called
            if called.rpartition(".")[2] == "load" and len(node.args) > 2 and called.startswith(("np.", "numpy.")):
                yield "allow_pickle, by its place"


def test_nothing_is_unpickled() -> None:
    """multiprocessing pickles between a process of ours and its own children, over a pipe that nobody else has."""
    found = {str(file): what for file, tree in TREES.items() if (what := sorted(unpickling(tree)))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    ["import pickle", "from joblib import load", "from xml.sax import parse", "app.topic(value_serializer='json')",
     "codec = 'pickle'", "np.load(file, allow_pickle=True)", "np.load(file, allow_pickle=told)",
     "np.load(file, None, True)", "pandas.read_pickle(file)", "torch.load(file)",
     "importlib.import_module(name).loads(value)", "__import__(name)"],
)  # fmt: skip
def test_all_ways_to_unpickle_would_be_seen(text: str) -> None:
    assert list(unpickling(ast.parse(text)))


def test_no_shell_no_eval_and_yaml_only_as_data() -> None:
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            assert called not in {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"}, file
            assert not any(k.arg == "shell" and ast.unparse(k.value) != "False" for k in node.keywords), file
            assert not any(k.arg == "verify" and ast.unparse(k.value) == "False" for k in node.keywords), file


def test_xml_is_read_only_by_parsers_that_refuse_entities() -> None:
    readers = {
        str(file.relative_to(ROOT))
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"XMLParser", "iterparse", "XML"}
    }
    assert readers == set()


class Kept:
    def __init__(self) -> None:
        self.raw: list[RawArticle] = []

    async def publish(self, raw: RawArticle) -> bool:
        self.raw.append(raw)
        return True


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.html.gz", "a.txt.gz", "a.jsonl", "a.html", "a.txt"])
@pytest.mark.parametrize("start", [b"", b"\xff\xfe", b'[{"'])
def test_a_file_that_opens_to_more_than_a_page_is_named_and_the_next_is_read(
    name: str, start: bytes, tmp_path: Path
) -> None:
    end = b'"}]' if start == b'[{"' else b""
    (tmp_path / name).write_bytes(gzip.compress(start + b"a" * (3 * MAX_BYTES) + end))
    (tmp_path / "z.txt").write_text("The ferries will sail on Monday. " * 9)
    kept = Kept()
    totals = import_paths([tmp_path], kept)  # type: ignore[arg-type]
    assert len(totals.problems) == 1
    assert str(MAX_BYTES) in totals.problems[0]
    assert len(kept.raw) == 1


@pytest.mark.parametrize(
    ("name", "start", "row"), [("a.jsonl.gz", b"", "line"), ("a.jsonl", b"", "line"), ("a.json", b'[{"', "element")]
)
def test_a_row_without_end_ends_clean_and_batch_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, start: bytes, row: str
) -> None:
    from console import batch_files
    from ingest.clean import files
    from ingest.rows import bounded_rows

    for module in (files, batch_files):
        monkeypatch.setattr(module, "bounded_rows", lambda file: bounded_rows(file, 1_000_000))
    bomb = tmp_path / name
    bomb.write_bytes(gzip.compress(start + b"a" * 30_000_000))
    with pytest.raises(InputError, match=rf"{name}: .*{row} 1 is longer than 1000000 bytes"):
        files.clean_file(bomb, tmp_path / "out.jsonl", workers=1)
    with pytest.raises(InputError, match=rf"{name}: .*{row} 1 is longer than 1000000 bytes"):
        list(batch_files._read(bomb))


def test_a_page_of_an_archive_that_is_a_bomb_is_an_error_of_that_page() -> None:
    inner = gzip.compress(b"a" * (4 * MAX_BYTES))
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + inner
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/a\r\n"
        b"WARC-Date: 2026-06-01T10:00:00Z\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(body), body)
    )
    [found] = read_pages(io.BytesIO(gzip.compress(record)))
    assert isinstance(found, InputError)
    assert "opens to more than" in str(found)


def test_links_that_lead_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.txt").write_text("The password is a canary. " * 9)
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "up.txt").symlink_to(Path("..") / "outside" / "secret.txt")
    kept = Kept()
    assert import_paths([inside], kept).files == 0  # type: ignore[arg-type]


def test_a_name_with_dots_in_an_archive_is_an_address_and_no_path(tmp_path: Path) -> None:
    row = {"id": "../../etc/passwd", "url": "https://paper.example/../../etc/passwd", "text": "The ferries sail. " * 9}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    kept = Kept()
    import_paths([tmp_path / "a.jsonl"], kept)  # type: ignore[arg-type]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.jsonl"]
    assert len(kept.raw[0].article_id) == 32


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "::ffff:127.0.0.1",
     "::ffff:a00:1",
     "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::1", "::127.0.0.1",
     "::ffff:0:127.0.0.1", "ff02::1", "2001:db8::1", "100::1"],
)  # fmt: skip
def test_no_address_of_a_private_network_is_public_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_addresses_of_the_internet_are_public() -> None:
    for address in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"):
        assert is_public(ipaddress.ip_address(address)), address


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost", "[::ffff:7f00:1]"]
)
async def test_a_host_that_is_written_otherwise_is_judged_by_what_it_resolves_to(host: str) -> None:
    from ingest.fetch.web.guard import GuardedBackend
    from schemas.errors import FetchFailed, FetchRefused

    with pytest.raises((FetchRefused, FetchFailed)):
        await GuardedBackend().connect_tcp(host.strip("[]"), 9, timeout=5)


# Rights


def test_the_rights_in_kafka_are_what_the_code_uses() -> None:
    """A topic that a stage begins to read or fill must be added to kafka-acls.yaml, and what it no longer uses go."""
    found = stages()
    assert set(found) == {"fetch", "clean", "annotate", "group", "index", "monitor"}
    monitor = found.pop("monitor")
    consumed = {stage: {topic.name for topic in topics} for stage, topics in READS.items()}
    filled = {stage: {topic.name for topic in topics} for stage, topics in FILLS.items()}
    for both in (consumed, filled):
        both["annotate"] |= both.pop("dispatch")
    # Ticks and overrides are put among the reports by who reads them.
    filled["group"].add("reports")
    for stage, rights in found.items():
        assert set(rights["consumes"]) == consumed.get(stage, set()), stage
        assert set(rights["writes"]) == filled.get(stage, {"articles.raw"}), stage
    looked_at = {topic for topics in consumed.values() for topic in topics}
    assert (monitor["consumes"], monitor["writes"]) == (["articles.skipped"], [])
    assert set(monitor["groups"]) == set(consumed)
    assert set(monitor["looks"]) == looked_at
    assert set(monitor["letters"]) == {topic.name for topic in TOPICS if topic.dlq}


def test_topics_that_a_stage_names_in_its_code_are_in_its_rights() -> None:
    folders = {
        "fetch": ("ingest/fetch",), "clean": ("ingest/clean",),
        "annotate": ("processors/annotate", "processors/context.py", "processors/dispatch.py"),
        "group": ("processors/group",), "index": ("processors/index",),
        "monitor": ("console/monitor.py", "console/generations/registry.py", "console/commands/monitor.py"),
    }  # fmt: skip
    import schemas.topics

    constants = {name: topic.name for name, topic in vars(schemas.topics).items() if topic in TOPICS}
    for stage, places in folders.items():
        rights = stages()[stage]
        allowed = {*rights["consumes"], *rights["reads"], *rights["writes"]}
        for file, tree in TREES.items():
            if not any(str(file.relative_to(ROOT)).startswith(place) for place in places):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module == "schemas.topics":
                    used = {constants[alias.name] for alias in node.names if alias.name in constants}
                    assert used <= allowed, f"{file}: {used - allowed}"
                if isinstance(node, ast.ImportFrom) and node.module == "runtime.forgotten":
                    assert "forgotten" in allowed, file


def test_rights_are_for_names_and_no_stage_may_more_than_its_own() -> None:
    settings = Settings(pipeline=PipelineSettings(prefix="wire.", generation=3))
    found = acls(settings)
    for acl in found:
        assert acl.name.startswith("wire.") or acl.kind == "cluster", acl
        assert not acl.prefixed or acl.user == user_of(OPERATOR), acl
        assert acl.operation in {"Read", "Describe", "Write"} or acl.user == user_of(OPERATOR), acl
    writes = {(acl.user, acl.name) for acl in found if acl.operation == "Write"}
    assert (user_of("annotate"), "wire.stories.g3") not in writes
    assert (user_of("clean"), "wire.articles.raw.dlq") in writes
    assert (user_of("index"), "wire.stories.g3.dlq") in writes
    assert not any(acl.name == "wire.articles.raw" and acl.operation == "Write" for acl in found if "clean" in acl.user)
    monitors = {(acl.operation, acl.kind, acl.name) for acl in found if acl.user == user_of("monitor")}
    assert not any(operation == "Write" for operation, _, _ in monitors)
    # Of articles and reports it has the offsets alone.
    read = {name for operation, kind, name in monitors if (operation, kind) == ("Read", "topic")}
    letters = {dlq_name(topic.at(3, "wire.")) for topic in TOPICS if topic.dlq}
    assert read == letters | {"wire.generations", "wire.articles.skipped.g3"}
    assert ("Describe", "group", "wire.remarkwire-clean-g3") in monitors
    overriding = {acl.user for acl in found if acl.name == "wire.remarkwire-overrides"}
    assert overriding == {user_of("group")}


def test_the_roles_of_elasticsearch_cover_the_indices_that_there_are_and_no_more() -> None:
    from fnmatch import fnmatch

    text = (ROOT / "deploy/security/elasticsearch-roles.json").read_text(encoding="utf-8")
    roles: dict[str, Any] = json.loads(text)
    ours = [name.index for name in names(7, "remarkwire")]
    [months] = pipeline_template("remarkwire", 0).body["index_patterns"]
    written = [pattern for one in roles["remarkwire-index"]["indices"] for pattern in one["names"]]
    assert all(any(fnmatch(index, pattern) for pattern in written) for index in ours)
    assert all(any(fnmatch(index, pattern) for index in ours) for pattern in written)
    assert any(months in one["names"] for one in roles["remarkwire-monitor"]["indices"])
    for name, role in roles.items():
        for one in role["indices"]:
            assert all(pattern.startswith("remarkwire-") for pattern in one["names"]), name
            assert "all" not in one["privileges"] or name == "remarkwire-operator"
        assert "all" not in role["cluster"]
    assert {name: KEYS[name] for name in ("elasticsearch", "index", "monitor")} == {
        "elasticsearch": roles["remarkwire-operator"],
        "index": roles["remarkwire-index"],
        "monitor": roles["remarkwire-monitor"],
    }
    reading = [p for one in roles["remarkwire-reader"]["indices"] for p in one["privileges"]]
    assert set(reading) == {"read", "view_index_metadata"}


# Containers


def test_kibana_exports_no_formulas() -> None:
    """Titles begin with what a stranger likes. Kibana's default is false in its source, true in its documentation."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    assert compose["kibana"]["environment"]["XPACK_REPORTING_CSV_ESCAPEFORMULAVALUES"] == "true"


def test_the_image_runs_as_nobody_and_writes_only_where_it_may() -> None:
    lines = (DOCKER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = "\n".join(lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :])
    assert "\nUSER 10001" in last
    assert last.index("USER 10001") < last.index("ENTRYPOINT")
    assert not any(word in last for word in ("sudo", "chmod 777", "--privileged", "ADD http"))
    assert "PYTHONDONTWRITEBYTECODE=1" in last, "a read-only root takes no bytecode"
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    for name, one in compose.items():
        assert not one.get("privileged"), name
        assert "no-new-privileges:true" in one["security_opt"], name
        assert "network_mode" not in one, name
        assert not any("docker.sock" in volume for volume in one.get("volumes", [])), name
        if one["image"] == "remarkwire:local":
            assert one["read_only"] or "secrets" in one, name  # Compose cannot have both
            assert one["tmpfs"] == ["/tmp"], name
            writable = [v for v in one.get("volumes", []) if not v.endswith(":ro")]
            assert all(v.split(":")[1].split("/")[1] == ("keys" if name == "secure" else "data") for v in writable), (
                name
            )
