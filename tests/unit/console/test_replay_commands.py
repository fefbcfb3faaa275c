"""What a plan tells to start, and what the list and the comparison show."""

import contextlib
import datetime
import io
import json
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from rich.console import Console

from console.commands import replay as commands
from console.commands.replay import done_lines, lost_line, plan_of
from console.commands.run import every_spec, fetch_specs, stage_specs
from console.generations import lineage, registry, replay, trial
from console.generations.compare import Comparison, Difference
from console.generations.lineage import follow
from console.generations.overview import Overview, comparison_tables, generation_table
from console.generations.registry import settings_of
from console.supervisor import Spec
from runtime.lifecycle import Stop
from runtime.settings import Settings
from runtime.topics import names
from schemas import Generation
from schemas.errors import InputError, KafkaUnavailable, SettingsError
from schemas.topics import REPORTS, STAGES
from tests.cli import remarkwire
from tests.fakes import record

NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
FIRST = Generation(generation=1, made=NOW, state="ready", start="raw", stages=list(STAGES))


def shown(*parts: object, width: int = 160) -> str:
    console = Console(width=width, record=True, highlight=False, file=io.StringIO())
    for part in parts:
        console.print(part)
    return console.export_text()


def test_a_plan_has_what_each_machine_must_know() -> None:
    one = follow(2, FIRST, "annotated", NOW)
    lines = plan_of(settings_of(Settings(), one), one).splitlines()
    assert lines[0].startswith("# generation 2, from annotated; reads articles.annotated.g1, remarks.g2, reports.g2")
    assert "export REMARKWIRE_PIPELINE__GENERATION='2'" in lines
    assert """export REMARKWIRE_PIPELINE__STAGES='["dispatch", "group", "index"]'""" in lines
    assert any("PIPELINE__INPUTS" in line and '"articles.annotated": 1' in line for line in lines)
    assert [line.split()[1] for line in lines if line.startswith("remarkwire")] == ["annotate", "group", "index"]
    assert not any("SASL" in line or "API_KEY" in line for line in lines)


def test_of_a_trial_it_is_not_said_that_it_is_fed() -> None:
    trial = follow(3, FIRST, "annotated", NOW, since=NOW)
    assert trial.trial
    said = "\n".join(done_lines(trial, "remarkwire"))
    assert "remarkwire run" not in said
    assert "remarkwire-stories-g3" in said
    assert "prune 3" in said
    said = "\n".join(done_lines(follow(2, FIRST, "annotated", NOW), "remarkwire"))
    assert "fed by `remarkwire run`" in said
    assert "promote 2" in said


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--since", "7d", "--until", "8d"], "is not before --until"),
        (["--since", "2026-01-01", "--until", "2026-01-01"], "is not before --until"),
        (["--since", "2999-01-01"], "is yet to come"),
    ],
)
def test_a_trial_of_a_time_without_articles_is_refused(options: list[str], why: str) -> None:
    result = remarkwire(Settings(), "replay", "--from", "reports", *options)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())


def test_a_trial_begins_at_the_minute_that_is_given_whatever_letter_its_zone_has() -> None:
    begin = datetime.datetime(2026, 6, 3, 11, 30, tzinfo=datetime.UTC)
    assert commands._time("2026-06-03T11:30Z") == commands._time("2026-06-03T11:30+00:00") == begin
    ago = commands._time(" 90m ")
    assert ago is not None
    assert (ago.minute, ago.second, ago.microsecond) == (0, 0, 0)


def test_of_a_topic_without_retention_it_is_not_said_that_something_will_be_missing() -> None:
    assert "(retention); what only they had will be missing" in lost_line("reports.g1", 3, for_ever=False)
    raw = lost_line("articles.raw", 3, for_ever=True)
    assert "the first 3 records are gone" in raw
    assert "forget --purge" in raw
    assert "retention" not in raw


@pytest.mark.parametrize("ago", ["9999999d", "99999999999w", "9" * 5000 + "m"])
def test_longer_ago_than_there_are_years_is_refused(ago: str) -> None:
    result = remarkwire(Settings(), "dlq", "list", "--since", ago)
    assert result.exit_code == 2
    assert "lies before the year 1" in " ".join(result.stderr.replace("│", " ").split())


class Nothing(frozenset[str]):
    """The ids of what was forgotten: none."""

    def close(self) -> None: ...


def reported(speaker: str, fetched: datetime.datetime) -> SimpleNamespace:
    headers = [("ce_time", fetched.isoformat().encode()), ("ce_subject", b"article")]
    return record(key=speaker.encode(), headers=headers)


def test_of_a_trial_that_finds_nothing_no_generation_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Generation] = []
    monkeypatch.setattr(registry, "read", lambda _: {1: FIRST})
    monkeypatch.setattr(registry, "write", lambda _, one: noted.append(one))
    monkeypatch.setattr(trial, "records", lambda *_: [reported("Q1", NOW)])
    monkeypatch.setattr(trial, "ForgottenIds", lambda _: Nothing())

    def begin(since: datetime.datetime, speaker: str) -> None:
        replay.begin(
            Settings(), 1, lambda number, base: follow(number, base, "reports", NOW, since=since, speakers=[speaker])
        )

    for since, speaker in ((NOW, "Q2"), (NOW + datetime.timedelta(seconds=1), "Q1")):
        with pytest.raises(InputError, match=r"no record of reports\.g1 fits"):
            begin(since, speaker)
    assert noted == []
    begin(NOW, "Q1")
    assert [one.generation for one in noted] == [2]


def test_a_replay_ends_where_its_generation_is_pruned_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    one = follow(2, FIRST, "reports", NOW)
    noted = {1: FIRST, 2: one}
    looks: list[float] = []
    pruned_at = 0

    def read(_: Settings) -> dict[int, Generation]:
        if len(looks) == 1:
            raise KafkaUnavailable("not now")
        return noted

    def rounds(*_: Any, pause: Callable[[float], bool], **__: Any) -> bool:
        while len(looks) < 3:
            if pause(1.0):
                return False
        return True

    def pause(_: float) -> bool:
        looks.append(clock.now)
        clock.now += 6.0
        if len(looks) == pruned_at:
            noted[2] = lineage.pruned(one, [])
        return False

    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(replay.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(registry, "read", read)
    monkeypatch.setattr(registry, "write", lambda _, one: noted.update({one.generation: one}))
    monkeypatch.setattr(replay, "prepare", lambda _: ([], []))
    monkeypatch.setattr(replay.fill, "rounds", rounds)

    def fill(when: int) -> bool:
        nonlocal pruned_at
        pruned_at = when
        noted[2] = one
        looks.clear()
        return replay.fill_generation(
            Settings(), one, lambda _: contextlib.nullcontext(), say=lambda _: None, advance=lambda *_: None,
            pause=pause,
        )  # fmt: skip

    for when, seen in ((1, 2), (3, 3)):
        with pytest.raises(SettingsError, match="generation 2 was pruned meanwhile"):
            fill(when)
        assert len(looks) == seen
        assert noted[2].state == "pruned", "it is not noted as ready"
    assert fill(0)
    assert noted[2].state == "ready"


def test_a_trial_of_speakers_is_told_of_them() -> None:
    one = follow(2, FIRST, "raw", NOW, speakers=["Q2"])
    assert settings_of(Settings(), one).pipeline.speakers == ["Q2"]
    assert "PIPELINE__SPEAKERS='[\"Q2\"]'" in plan_of(settings_of(Settings(), one), one)


def test_only_the_stages_of_a_generation_run() -> None:
    one = msgspec.structs.replace(follow(2, FIRST, "reports", NOW), state="ready")
    specs = stage_specs(settings_of(Settings(), one), group=2, fetch=False, suffix="-g2")
    assert [spec.name for spec in specs] == ["group-1-g2", "group-2-g2", "index-g2"]
    assert ports(specs) == ["0", "0", "0"]
    assert specs[0].environment["REMARKWIRE_PIPELINE__GENERATION"] == "2"


def test_several_fetchers_share_the_sites() -> None:
    assert fetch_specs(Settings(), 0) == []
    (alone,) = fetch_specs(Settings(), 1)
    assert (alone.name, alone.command[-1]) == ("fetch", "fetch")
    two = fetch_specs(Settings(http={"port": 9300}), 2)  # type: ignore[arg-type]
    assert [(spec.name, *spec.command[-3:]) for spec in two] == [
        ("fetch-1", "fetch", "--shard", "1/2"), ("fetch-2", "fetch", "--shard", "2/2"),
    ]  # fmt: skip
    assert ports(two) == ["9300", "9301"]


def test_the_fetcher_of_run_reads_the_reports_of_what_was_promoted_last(monkeypatch: pytest.MonkeyPatch) -> None:
    second = msgspec.structs.replace(follow(2, FIRST, "raw", NOW), state="ready")
    third = msgspec.structs.replace(follow(3, second, "reports", NOW), state="ready")
    live = msgspec.structs.replace(third, promoted=NOW)
    settings = Settings(http={"port": 9300})  # type: ignore[arg-type]

    def fetcher(*known: Generation) -> tuple[str, str, str]:
        monkeypatch.setattr(registry, "read", lambda _: {one.generation: one for one in known})
        told = every_spec(settings)[0].environment
        of = Settings(pipeline={  # type: ignore[arg-type]
            "generation": told["REMARKWIRE_PIPELINE__GENERATION"],
            "inputs": json.loads(told["REMARKWIRE_PIPELINE__INPUTS"]),
        })  # fmt: skip
        return every_spec(settings)[0].name, names(of, REPORTS), told["REMARKWIRE_HTTP__PORT"]

    assert fetcher() == ("fetch", "reports.g1", "9300")
    assert fetcher(FIRST, second) == ("fetch", "reports.g1", "9300")
    gone = lineage.pruned(FIRST, [])
    assert fetcher(gone, msgspec.structs.replace(second, promoted=NOW)) == ("fetch", "reports.g2", "9300")
    assert fetcher(gone, lineage.pruned(second, ["clean", "annotate", "dispatch"]), live)[1] == "reports.g2"


def ports(specs: list[Spec]) -> list[str]:
    return [spec.environment["REMARKWIRE_HTTP__PORT"] for spec in specs]


def test_each_service_has_a_port_of_its_own_that_does_not_move_when_a_generation_comes_or_goes() -> None:
    settings = Settings(http={"port": 9300})  # type: ignore[arg-type]
    first = fetch_specs(settings, 2) + stage_specs(settings, annotate=2, fetch=False, first=2)
    assert ports(first) == [str(port) for port in range(9300, 9307)]
    one = msgspec.structs.replace(follow(2, FIRST, "reports", NOW), state="ready")
    assert ports(stage_specs(settings_of(settings, one), fetch=False, suffix="-g2")) == ["9400", "9401"]


def test_too_few_ports_are_refused_before_anything_starts() -> None:
    settings = Settings(http={"port": 65_533})  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="65533 to 65536"):
        stage_specs(settings, fetch=False)
    with pytest.raises(SettingsError, match="a generation has 100"):
        stage_specs(Settings(http={"port": 9300}), annotate=99, fetch=False)  # type: ignore[arg-type]


def test_the_list_of_generations_fits_into_80_columns() -> None:
    documents = {"articles": 123_456, "reports": 65_432, "remarks": 98_765, "stories": 43_210}
    made = NOW - datetime.timedelta(hours=23, minutes=59)
    one = Overview(12, "feeding", "annotated", ("group",), (1, 11), made, documents, 12_345_600_000, 123_456)
    text = shown(generation_table([one], NOW), width=80)
    assert "…" not in text
    for whole in ("no.", "feeding", "annotated", "of 1, 11", "23 h", *documents, *map(str, documents.values())):
        assert whole in text
    for whole in ("size", "12345.6 MB", "behind", "123456"):
        assert whole in text


def test_the_list_and_the_comparison_are_readable() -> None:
    row = Overview(
        2, "live", "reports", ("group",), (1,), NOW - datetime.timedelta(days=3), {"stories": 7}, 2_500_000, 4
    )
    text = shown(generation_table([row], NOW))
    assert "3 d" in text
    assert "2.5 MB" in text
    found = Comparison(
        counts={"articles": (3, 3), "reports": (2, 3), "remarks": (0, 0), "stories": (1, 1)},
        members=(2, 3), stories=(1, 1), new=("r3",), gone=(), regrouped=("r1",), missing=(), compared=4,
        different=(Difference("reports", "r1", ("story_id",)),),
    )  # fmt: skip
    text = shown(*comparison_tables(found, 1, 2))
    assert "+1" in text
    assert text.startswith("regrouped, of 2 reports in stories: 1 (r1)"), "what matters comes first"
    assert "75.00% alike" in text
    assert "other ids of stories and remarks, and nothing else: 1 document" in text
    assert "promote 2 --compare --json" in text


def test_of_many_documents_that_differ_the_first_are_shown() -> None:
    ids = ("evidence", "evidence_against", "remark_ids", "story_id")
    found = Comparison(
        counts=dict.fromkeys(("articles", "reports", "remarks", "stories"), (9, 9)),
        members=(9, 9), stories=(1, 1), new=(), gone=(), regrouped=(), missing=(), compared=20,
        different=(
            *(Difference("reports", f"same-{n}", ids) for n in range(8)),
            *(Difference("reports", f"other-{n}", ("evidence", "lag_minutes", "story_id")) for n in range(8)),
        ),
    )  # fmt: skip
    text = shown(*comparison_tables(found, 1, 2))
    assert [f"other-{n}" in text for n in range(8)] == [True] * 5 + [False] * 3
    assert "same-" not in text
    assert "8 documents that differ in more" in text
    assert "nothing else: 8 documents" in text
    assert not Difference("reports", "a", ("evidence", "story_id")).only_ids


def test_promote_moves_nothing_once_somebody_has_asked_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []

    def interrupted(_: Settings, __: Generation, stop: Stop) -> bool:
        stop.set()
        return False

    monkeypatch.setattr(commands, "_catches_up", interrupted)
    monkeypatch.setattr(commands, "_live", lambda *_: 1)
    monkeypatch.setattr(commands, "flip", lambda *_: moved.append("aliases"))
    monkeypatch.setattr(commands, "Snapshot", SimpleNamespace(take=lambda *_: None))
    monkeypatch.setattr(registry, "read", lambda _: {})
    monkeypatch.setattr(registry, "write", lambda *_: moved.append("note"))
    monkeypatch.setattr(lineage, "promotable", lambda *_: FIRST)
    result = remarkwire(Settings(), "promote", "2", "--yes", "--force")
    assert result.exit_code == 130
    assert "nothing was moved" in result.stderr
    assert moved == []


def test_ctrl_c_at_the_question_of_promote_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question is asked with the handler that was there before; the move itself is not cut in two."""
    handlers: dict[str, object] = {}

    def noting(name: str) -> Callable[..., None]:
        return lambda *_, **__: handlers.setdefault(name, signal.getsignal(signal.SIGINT))

    there: Any = SimpleNamespace(as_json=dict, missing=[])
    for place, name, found in (
        (commands.elastic, "client", SimpleNamespace(close=lambda: None)),
        (commands.registry, "read", {1: FIRST}),
        (commands.registry, "live_number", 1),
        (commands.lineage, "promotable", FIRST),
        (commands.Snapshot, "take", None),
        (commands, "_catches_up", True),
        (commands, "compare", there),
    ):
        monkeypatch.setattr(place, name, lambda *_, found=found: found)
    monkeypatch.setattr(commands.registry, "write", noting("write"))
    monkeypatch.setattr(commands, "flip", noting("flip"))
    monkeypatch.setattr(commands.typer, "confirm", noting("confirm"))
    before = signal.getsignal(signal.SIGINT)
    result = remarkwire(Settings(), "promote", "2", "--json")
    assert result.exit_code == 0, result.exception
    assert handlers["confirm"] is before
    assert handlers["write"] is not before
    assert handlers["flip"] is handlers["write"]


def test_there_is_no_way_back_before_the_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "read", lambda _: {})
    monkeypatch.setattr(registry, "live_number", lambda *_: None)
    result = remarkwire(Settings(), "rollback")
    assert isinstance(result.exception, SettingsError)
    assert "nothing is live yet" in str(result.exception)
