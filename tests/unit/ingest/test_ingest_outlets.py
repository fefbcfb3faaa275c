"""Memories of outlets: what recurs, versions that follow from the order of articles alone. All texts are synthetic."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import service
from ingest.clean.profiles.memory import learnt, profile_of
from ingest.clean.profiles.outlets import Outlets
from ingest.clean.profiles.profile import NO_PROFILE, Profile, hashes_of, line_hash
from runtime.settings import Settings
from schemas.outlet_profile import OutletProfile
from tests.unit.ingest.test_ingest_clean import PARAGRAPHS, cleaned

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
TICKER = "The invented weather office expects fog over the green river in the evening and rain after midnight."


def article(n: int) -> set[str]:
    """A page with furniture of the outlet and a line of its own."""
    return {"furniture one", "furniture two", f"own line {n}"}


def after(count: int, start: int = 0) -> OutletProfile:
    state = None
    for n in range(start, start + count):
        state = learnt(state, "example.org", f"a{n}", article(n), AT)
    assert state is not None
    return state


def test_a_version_is_made_at_checkpoints_of_what_recurs() -> None:
    assert profile_of(after(2)) == NO_PROFILE
    third = after(3)
    assert (third.version, third.pages, third.lines) == (1, 3, {"furniture one": 3, "furniture two": 3})
    assert after(4).lines == third.lines
    assert (after(5).version, after(5).pages) == (2, 5)
    assert profile_of(third) == Profile(3, third.lines, 1)


def test_an_article_that_comes_again_teaches_nothing() -> None:
    state = after(4)
    assert learnt(state, "example.org", "a3", article(3), AT) is state
    assert learnt(state, "example.org", "a9", (), AT) is state


def test_memory_is_bounded_and_forgets() -> None:
    state = None
    for n in range(2500):
        own = {f"line {n} {k}" for k in range(60)}
        old = {"old furniture"} if n < 600 else {"new furniture"}
        state = learnt(state, "example.org", f"a{n}", own | old, AT)
    assert state is not None
    assert state.learned < 1000
    assert len(state.waiting) <= 3000
    assert len(state.recent) <= 128
    assert "new furniture" in state.lines
    assert state.lines.get("old furniture", 0) < state.lines["new furniture"]
    assert len(state.encode()) < 200_000


def test_a_state_comes_back_from_its_message() -> None:
    state = OutletProfile.decode(after(4).encode())
    again = learnt(state, "example.org", "a4", article(4), AT)
    assert again == after(5)


@given(st.integers(1, 12), st.lists(st.booleans(), min_size=60, max_size=200))
def test_the_same_versions_whatever_is_at_work_at_once(most: int, ends: list[bool]) -> None:
    """Articles one by one, and many at once with their ends at arbitrary times, are cleaned with the same versions."""
    one_by_one = Outlets()
    expected = []
    for n in range(40):
        assert one_by_one.may_begin("example.org")
        expected.append(one_by_one.begin("example.org").version)
        one_by_one.end("example.org", f"a{n}", article(n), AT)

    outlets, used, at_work = Outlets(), list[int | None](), list[int]()
    choices = iter(ends)
    while len(used) < 40:
        if len(at_work) < most and outlets.may_begin("example.org") and next(choices, True):
            at_work.append(len(used))
            used.append(outlets.begin("example.org").version)
        elif at_work:
            n = at_work.pop(0)
            outlets.end("example.org", f"a{n}", article(n), AT)
    assert used == expected


def test_what_changed_is_told_once() -> None:
    outlets = Outlets()
    outlets.begin("example.org")
    outlets.end("example.org", "a", article(1), AT)
    outlets.begin("dead.example")
    outlets.end("dead.example")
    assert [state.outlet for state in outlets.changed()] == ["example.org"]
    assert outlets.changed() == []


def test_without_a_name_there_is_no_memory() -> None:
    outlets = Outlets()
    assert outlets.begin("") == NO_PROFILE
    outlets.end("", "a", article(1), AT)
    assert outlets.changed() == []


def test_figures_and_marks_do_not_make_another_line() -> None:
    assert line_hash("Comments (12)") == line_hash("comments: 7")
    assert hashes_of(["12:30", "—", "One", "one!"]) == (line_hash("one"),)


def test_a_page_is_not_counted_against_itself() -> None:
    lines = {line_hash("Menu"): 4, line_hash("Text"): 1}
    assert Profile(4, lines, own=True).shares(["Menu", "Text", "Other"]) == [1.0, 0.0, 0.0]
    assert Profile(4, lines).shares(["Menu", "Text"]) == [1.0, 0.25]
    assert Profile(2, lines, own=True).shares(["Menu"]) == [0.0]


def test_a_line_that_recurs_over_the_outlets_pages_is_no_part_of_its_articles() -> None:
    from ingest.clean import clean_page
    from schemas import CleanArticle
    from tests.unit.ingest.test_ingest_clean import raw

    ticker = f"<div class='x1'><p>{TICKER}</p></div>"
    html = "<html><body><div>" + ticker + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</div></body></html>"
    assert TICKER in cleaned(html).text
    known = Profile(20, {line_hash(TICKER): 20}, version=6)
    found = clean_page(raw(html), profile=known)
    assert isinstance(found, CleanArticle)
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.profile_version == 6


def test_a_profile_that_cannot_be_read_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = OutletProfile(outlet="press.example", version=1, pages=3, made=AT, lines={"a": 3})
    values = [b"{", None, fine.encode(), b'{"outlet": 1}']
    kept = [SimpleNamespace(key=lambda: b"k", value=lambda v=value: v, headers=lambda: None) for value in values]
    monkeypatch.setattr(service, "records", lambda *_: kept)
    cleaner = object.__new__(service._Cleaner)
    cleaner._outlets, cleaner._settings, cleaner._profiles = None, Settings(), "outlets.profile"
    assert cleaner._memories().begin("press.example").version == 1
