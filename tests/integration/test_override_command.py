"""``remarkwire override`` from the command line to the index."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.services import Services
from runtime import elastic
from runtime.settings import Settings, as_environment
from schemas.index import alias_of
from tests.builders import BRIDGE, QUAY, SPEAKER, report
from tests.integration.test_group_worker import grouping, send
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.integration


def override(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "console.main", "override", *arguments]
    environment = {**os.environ, **as_environment(settings), "COLUMNS": "160"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_merge_split_role_undo_and_list(services: Services, unique: str, tmp_path: Path) -> None:
    reports = [report(name, *QUAY, minute=n * 9, date="2026-01-12") for n, name in enumerate("ab")]
    reports += [report(name, *BRIDGE, minute=2880 + n * 9, date="2026-01-14") for n, name in enumerate("cd")]

    with prepared(services, unique, tmp_path) as settings, workers(settings, tmp_path, "group", "index") as supervisor:
        client = elastic.client(settings)
        alias = alias_of("reports", settings.pipeline.index_prefix)

        def indexed(article: str) -> dict[str, object]:
            client.indices.refresh(index=alias)
            hits = client.search(index=alias, query={"term": {"report_id": f"{article}-{SPEAKER}"}})["hits"]["hits"]
            return dict(hits[0]["_source"]) if hits else {}

        send(settings, reports)
        eventually(lambda: all(map(indexed, "abcd")), "all indexed", tmp_path, supervisor)
        before = grouping(settings)
        assert before["a"][0] == {"a", "b"}

        merged = override(settings, "merge", f"a-{SPEAKER}", str(indexed("c")["story_id"]), "--note", "one evening")
        assert merged.returncode == 0, merged.stderr
        assert "4 reports are one story" in merged.stdout
        eventually(
            lambda: len({str(indexed(a)["story_id"]) for a in "abcd"}) == 1, "merged", tmp_path, supervisor
        )  # fmt: skip

        listed = override(settings, "list").stdout
        assert "one evening" in listed
        override_id = re.search(r"o-[0-9a-f]{10}", listed)
        assert override_id is not None
        assert override(settings, "undo", override_id[0]).returncode == 0
        eventually(lambda: grouping(settings) == before, "taken back", tmp_path, supervisor)
        assert "no overrides" in override(settings, "list").stdout

        assert override(settings, "split", f"b-{SPEAKER}").returncode == 0
        assert override(settings, "role", f"d-{SPEAKER}", "background").returncode == 0
        eventually(lambda: grouping(settings)["b"][0] == {"b"}, "split", tmp_path, supervisor)
        eventually(lambda: indexed("d")["role"] == "background", "a role", tmp_path, supervisor)
        assert "override" in str(indexed("d"))
        client.close()


def test_what_is_unknown_is_named(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path) as settings:
        for arguments in (["merge", "s-1", "s-2"], ["split", "x-Q1"], ["role", "x-Q1", "copy"], ["undo", "o-1"]):
            done = override(settings, *arguments)
            assert done.returncode == 1
            assert arguments[1] in done.stderr
        done = override(settings, "role", "x-Q1", "hero")
        assert done.returncode == 2
        assert "background" in done.stderr
