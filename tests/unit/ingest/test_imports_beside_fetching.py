"""Import beside a fetcher: what was fetched stays, and outlets are those of the list. All texts are synthetic."""

import datetime
import json
from pathlib import Path

import pytest

from ingest.beforehand import Beforehand, known_in
from ingest.fetch.announced import Announced
from ingest.fetch.memory.state import State
from ingest.imports import ImportTotals, import_paths
from runtime.settings import load
from schemas import RawArticle
from schemas.article import Outlet
from schemas.errors import StateUnavailable
from schemas.message import epoch_ms
from tests.articles import Kept

TEXT = "The invented minister said on Tuesday that the invented bridge would open before the end of the year. " * 2
URL = "https://harbour-post.example/bridge"
FIRST = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)
LAST = FIRST + datetime.timedelta(hours=1)
NOW = FIRST + datetime.timedelta(days=1)
SOURCES = """
sources:
  - {outlet: harbour-post.example, name: Harbour Post, country: GB, lang: en, kind: paper,
     feeds: ["https://harbour-post.example/rss"]}
"""


def row(**fields: object) -> str:
    return json.dumps({"id": "1", "text": TEXT} | fields) + "\n"


def fetched(folder: Path, name: str = "fetch.sqlite", *, visits: int = 2) -> str:
    """A fetcher's state that knows the article from two visits."""
    from ingest.identity import article_id

    minted = article_id(URL)
    with State(folder / name) as state:
        state.stamp(minted, Announced(url=URL, outlet=Outlet(id="harbour-post.example")), epoch_ms(FIRST))
        for visit in range(1, visits + 1):
            state.confirmed(minted, visit=visit, now_ms=epoch_ms(LAST), body_hash="", due_ms=None)
    return minted


def imported(folder: Path, *rows: str, again: bool = False) -> tuple[ImportTotals, list[RawArticle]]:
    file, kept = folder / "rows.jsonl", Kept()
    file.write_text("".join(rows))
    (folder / "sources.yaml").write_text(SOURCES)
    with known_in(folder, folder / "sources.yaml") as known:
        return import_paths([file], kept, again=again, now=NOW, known=known), kept.raw


def test_an_article_that_was_fetched_since_is_passed_over(tmp_path: Path) -> None:
    fetched(tmp_path)
    other = row(id="2", url="https://harbour-post.example/other")
    totals, raws = imported(tmp_path, row(url=URL), row(url=URL, published="2026-06-01T09:30:00Z"), other)
    assert [raw.url for raw in raws] == ["https://harbour-post.example/other"]
    assert str(totals) == (
        "1 article of 1 file, 2 passed over as fetched already and no older there (--again brings them all the same)"
    )


def test_one_that_is_dated_later_than_the_last_visit_comes_as_the_next_visit(tmp_path: Path) -> None:
    minted = fetched(tmp_path, "fetch.1-of-2.sqlite")
    _, (raw,) = imported(tmp_path, row(url=URL, published="2026-06-01T10:30:00Z"))
    assert (raw.article_id, raw.fetched, raw.visit) == (minted, NOW, 3)


def test_brought_again_on_purpose_it_keeps_the_place_of_its_first_fetch(tmp_path: Path) -> None:
    minted = fetched(tmp_path)
    _, (other, raw) = imported(tmp_path, row(id="2"), row(url=URL), again=True)
    assert (other.visit, other.seq.ms) == (2, epoch_ms(NOW))
    assert (raw.article_id, raw.seq.ms, raw.visit) == (minted, epoch_ms(FIRST), 3)
    assert raw.fetched == NOW + datetime.timedelta(milliseconds=1), "the version is that of the import"


def test_what_was_announced_only_is_imported(tmp_path: Path) -> None:
    fetched(tmp_path, visits=0)
    totals, (raw,) = imported(tmp_path, row(url=URL))
    assert (totals.imported, totals.fetched, raw.visit) == (1, 0, 1)


def test_outlets_of_the_list_have_their_names_kinds_and_countries(tmp_path: Path) -> None:
    rows = [
        row(url=URL), row(id="2", outlet="www.Harbour-Post.example"), row(id="3", outlet="harbour post"),
        row(id="4", outlet="Else", url="https://harbour-post.example/x"), row(id="5", url="https://else.example/x"),
    ]  # fmt: skip
    _, raws = imported(tmp_path, *rows)
    listed = Outlet(id="harbour-post.example", name="Harbour Post", country="GB", lang="en", kind="paper")
    assert [raw.outlet for raw in raws] == [listed, listed, listed, Outlet(id="Else"), Outlet(id="else.example")]


def test_without_a_list_and_a_state_nothing_is_known_and_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with known_in(folder, tmp_path / "sources.yaml") as known:
        assert known.visits("a" * 32) is None
        assert known.outlet(Outlet(id="else.example")) == Outlet(id="else.example")
    assert not folder.exists()
    assert Beforehand().outlet(Outlet(id="x")) == Outlet(id="x")
    assert load().fetch.sources.name == "sources.yaml"


def test_a_damaged_state_is_named(tmp_path: Path) -> None:
    fetched(tmp_path)
    state = tmp_path / "fetch.sqlite"
    state.write_bytes(b"no database at all " * 9)
    with pytest.raises(StateUnavailable, match=rf"^{state}: damaged \("):
        imported(tmp_path, row(url=URL))
    assert state.is_file()
