"""``remarkwire stories`` over the index."""

import json
from pathlib import Path

import pytest

from deploy.services import Services
from runtime import elastic
from schemas import Context
from schemas.errors import ElasticsearchUnavailable, InputError
from schemas.index import alias_of
from tests.builders import BRIDGE, QUAY, SPEAKER, report
from tests.cli import done, remarkwire
from tests.integration.test_group_worker import send
from tests.pipeline import eventually, prepared, settings_for, workers

pytestmark = pytest.mark.integration


def test_the_latest_and_one_whole(services: Services, unique: str, tmp_path: Path) -> None:
    reports = [report(name, *QUAY, minute=n * 9, date="2026-01-12") for n, name in enumerate("ab")]
    reports += [report("c", *BRIDGE, minute=2880, date="2026-01-14")]
    answers = Context(mentions=1, in_title=False, other_statements=3, other_in_lead=3, leader="Q9", lead_answers=True)
    reports += [report("x", context=answers, minute=2900, body="The mayor answers.")]
    with prepared(services, unique, tmp_path) as settings, workers(settings, tmp_path, "group", "index") as supervisor:
        assert "no stories" in remarkwire(settings, "stories").stderr
        client = elastic.client(settings)
        alias = alias_of("reports", settings.pipeline.index_prefix)

        def indexed() -> int:
            client.indices.refresh(index=alias)
            return int(client.count(index=alias)["count"])

        send(settings, reports)
        eventually(lambda: indexed() == len(reports), "all indexed", tmp_path, supervisor)

        def found(*arguments: str) -> dict[str, dict[str, list[dict[str, str]]]]:
            lines = done(settings, "stories", "--json", *arguments).splitlines()
            return {one["story"]["story_id"]: one for one in map(json.loads, lines)}

        eventually(lambda: len(found()) == 2, "two stories", tmp_path, supervisor)
        members = {
            frozenset(doc["report_id"].removesuffix(f"-{SPEAKER}") for doc in one["reports"]): story_id
            for story_id, one in found().items()
        }
        assert set(members) == {frozenset("ab"), frozenset("c")}
        assert all(doc["story_id"] == one for one, all_of in found().items() for doc in all_of["remarks"])
        assert list(found("--limit", "1")) == [members[frozenset("c")]], "what something came to last"
        assert found("--speaker", "Q58217") == {}
        last = members[frozenset("c")]
        eventually(lambda: found("--since", "2026-01-13") == found(last), "one since", tmp_path, supervisor)
        assert all(one["articles"] == [] for one in found().values()), "only reports were sent"
        shown = done(settings, "stories", members[frozenset("ab")])
        assert f"a-{SPEAKER}  " in shown
        assert f"c-{SPEAKER}" not in shown
        hint = "In no story: 1 reaction, 0 background pieces; `remarkwire stories --apart`"
        assert hint in done(settings, "stories", "--limit", "1")
        assert "In no story" not in done(settings, "stories", "--since", "2026-01-15")
        assert f"x-{SPEAKER}  reaction, {SPEAKER}, x.example, " in done(settings, "stories", "--apart")
        assert json.loads(done(settings, "stories", "--apart", "--json"))["report_id"] == f"x-{SPEAKER}"
        assert "every reaction" in remarkwire(settings, "stories", "--apart", "--speaker", "Q58217").stderr
        assert remarkwire(settings, "stories", members[frozenset("c")], "--apart").exit_code == 2
        send(settings, [report("a", *QUAY[:2], minute=0, fetched=3000, date="2026-01-12", revision="2", visit=2)])
        kept = members[frozenset("ab")]
        eventually(lambda: len(found(kept)[kept]["retracted"]) == 1, "a wording taken back", tmp_path, supervisor)
        shown = done(settings, "stories", kept)
        assert "changed: a.example: 1 wording taken back" in shown
        assert "still in b.example" in shown
        client.close()


def test_what_is_not_there_is_named(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path) as settings:
        unknown = remarkwire(settings, "stories", "s-1").exception
        assert isinstance(unknown, InputError)
        assert str(unknown).startswith("s-1: no story")
        assert remarkwire(settings, "stories", "s-1", "--since", "1d").exit_code == 2
    unmade = remarkwire(settings_for(services, f"{unique}-unmade", tmp_path), "stories").exception
    assert isinstance(unmade, ElasticsearchUnavailable)
    assert "remarkwire setup" in str(unmade)
