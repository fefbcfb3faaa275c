"""What keeps grouping fast in a full window answers as a plain look through everything would."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.group.consequences import remarks_anew
from processors.group.copies.postings import Postings, ranked
from processors.group.copies.verbatim import common
from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.remarks.likeness import Placed
from processors.group.remarks.wordings import compared, quotations
from processors.group.report.facts import Facts
from processors.group.report.media import Namesakes, same_medium
from processors.group.report.occasions import Features
from processors.group.report.rarity import Rarity
from processors.group.stories.gathering import Gathering
from processors.group.stories.profile import Profile
from processors.group.stories.score import Likeness, Scorer
from processors.group.stories.spans import Spans
from processors.group.vectors.priors import prior_means
from processors.group.vectors.sketches import Sketches, sketch
from processors.group.vectors.store import Vectors
from schemas import Part, RemarkUse
from tests.builders import QUAY, empty, measured, report, source

Vector = npt.NDArray[np.int8]
documents = st.dictionaries(st.integers(0, 30), st.sets(st.integers(0, 12), min_size=1), max_size=20)


@given(documents, st.sets(st.integers(0, 30)), st.sets(st.integers(0, 14)), st.integers(1, 5), st.booleans())
def test_postings_count_as_a_look_through_all_documents(
    keys: dict[int, set[int]], gone: set[int], asked: set[int], first: int, pass_over: bool
) -> None:
    def order(number: int) -> tuple[int, int, str]:
        return (number * 7 % 31, number, "")

    postings = Postings(None if pass_over else order)
    for number, having in keys.items():
        postings.add(having, number)
    for number in gone & keys.keys():
        postings.remove(keys[number], number)
    expected: Counter[int] = Counter()
    for key in asked:
        having = sorted((n for n, found in keys.items() if key in found and n not in gone), key=order)
        if len(having) <= first or not pass_over:
            expected.update(having[:first])
    assert postings.count(asked, first) == expected


def vector(seed: int) -> Vector:
    made = np.random.default_rng(seed).normal(size=384)
    return np.rint(prior_means()["en"] + 45 * made / np.linalg.norm(made)).astype(np.int8)


def near(one: Vector, seed: int) -> Vector:
    """A vector with a centred cosine of about .7 to another."""
    mean = prior_means()["en"]
    noise = np.random.default_rng(seed).normal(size=384)
    own = (one - mean) / np.linalg.norm(one - mean)
    mixed = 0.7 * own + 0.714 * noise / np.linalg.norm(noise)
    return np.rint(mean + 45 * mixed).astype(np.int8)


def test_sketches_differ_in_few_bits_where_vectors_are_alike() -> None:
    mean = prior_means()["en"]
    bits = [
        int(np.bitwise_count(sketch(vector(n), mean) ^ sketch(near(vector(n), n + 500), mean)).sum()) for n in range(40)
    ]
    others = [int(np.bitwise_count(sketch(vector(n), mean) ^ sketch(vector(n + 900), mean)).sum()) for n in range(40)]
    assert max(bits) < 50 < sum(others) / len(others)


def test_sketches_find_what_is_alike_whatever_was_added_and_removed() -> None:
    mean = prior_means()["en"]
    answers = set()
    for seed in range(3):
        rows = list(range(300))
        random.Random(seed).shuffle(rows)
        store = Sketches()
        for row in rows:
            store.add(row, vector(row), mean)
        for row in rows:
            if row % 3 == 0:
                store.remove(row)
        found = set(store.near([near(vector(100), 7005)], mean).tolist())
        assert 100 in found
        assert not any(row % 3 == 0 for row in found)
        answers.add(frozenset(found))
    assert len(answers) == 1


def test_of_very_many_equal_ones_all_or_none_are_found() -> None:
    store = Sketches()
    for row in range(400):
        store.add(row, vector(1), prior_means()["en"])
    assert len(store.near([vector(1)], prior_means()["en"])) == 400


def test_cosines_of_many_are_those_of_each() -> None:
    """They are worked out so many rows at a time."""
    store = Vectors(prior=24)
    for n in range(300):
        said = measured(f"s{n}", vector(n).tobytes())
        store.add(said, ("en", "ru")[n % 2])
    ours = measured("q", vector(5).tobytes())
    similar = store.similar([ours], "en")
    whole = similar.to(np.arange(300))
    assert all((similar.to(np.array([row])) == whole[:, [row]]).all() for row in range(300))


def test_what_most_members_say_follows_those_who_come_and_go() -> None:
    story, days = Profile(), {"a": "2026-01-12", "b": "2026-01-13", "c": "2026-01-13"}
    told = []
    for name, day in days.items():
        story.add(name, Features(moment_ms=0, statements=(), dates=frozenset({day})))
        told.append(story.top("dates"))
    assert told == ["2026-01-12", "2026-01-12", "2026-01-13"]
    story.remove("b")
    story.remove("c")
    assert (story.top("dates"), story.first_day) == ("2026-01-12", "1970-01-01")


@pytest.mark.parametrize("all_compared", [1000, 10])
def test_beyond_the_limit_first_wordings_alone_are_compared_and_as_exactly(all_compared: int) -> None:
    store = Vectors(prior=24, all_compared=all_compared)
    statements = [measured(f"s{n}", vector(n).tobytes()) for n in range(60)]
    for one in statements:
        store.add(one, "en")
    for n in range(0, 60, 2):
        store.represent(f"s{n}")
    alike = measured("q", near(vector(20), 7003).tobytes())
    similar = store.similar([alike], "en")
    rows, table = similar.near()
    ids = [store.statement(int(row)) for row in rows]
    assert "s20" in ids
    assert len(ids) == 60 if all_compared == 1000 else set(ids) <= {f"s{n}" for n in range(0, 60, 2)}
    whole = store.similar([alike], "en").to(np.arange(store.used))
    assert (table == whole[:, rows]).all()
    assert ids[int(table[0].argmax())] == "s20"


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["direct", "mixed", "indirect"]), st.sampled_from(["en", "ru"])),
        min_size=1,
        max_size=9,
    )
)
def test_what_a_quotation_is_compared_with_is_found_without_going_through_all(made: list[tuple[int, str, str]]) -> None:
    wordings = []
    for n, (more, kind, lang) in enumerate(made):
        one = report(f"a{n}", "A synthetic wording" + " indeed" * more, minute=n % 3, lang=lang)
        one = replace(one, statements=[replace(one.statements[0], kind=kind)])
        (statement_id,) = (s.statement_id for s in one.statements)
        use = RemarkUse(statement_id=statement_id, remark_id="r", start=0, end=1)
        wordings.append(Placed(Facts(one), Part(story_id="s", role="report"), use))

    def plain(own: Placed) -> Placed | None:
        lang = own.facts.report.lang
        quotes = [w for w in wordings if w.statement.kind == "direct" and w.facts.report.lang == lang]
        quotes.sort(key=lambda w: (-len(w.statement.text), w.facts.order, w.use.start))
        return quotes[0] if own.statement.kind != "indirect" and quotes and quotes[0] is not own else None

    for own in wordings:
        assert compared(own, quotations(wordings)) is plain(own)
        others = [w for w in wordings if w is not own]
        assert compared(own, quotations(others)) is plain(own)  # as where it is not placed yet


def test_what_takes_back_a_report_with_many_copies_goes_through_their_wordings_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    def counted(wordings: Iterable[Placed]) -> Mapping[str | None, Placed]:
        there = list(wordings)
        looked.append(len(there))
        return quotations(there)

    grouper, copies = Grouper("Q1"), 30
    for n in range(copies + 1):
        grouper.decide(report(f"a{n:02}", *QUAY, minute=n), source(n))
    monkeypatch.setattr(remarks_anew, "quotations", counted)
    outcome = grouper.decide(empty("a00", minute=99), source(99))
    assert outcome.entry is not None
    assert len(outcome.entry.changes) == copies
    assert looked == [copies] * len(QUAY)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=12), st.randoms())
@settings(deadline=None)
def test_a_story_is_the_same_in_whatever_order_its_members_come_and_go(
    members: list[tuple[int, bool]], chosen: random.Random
) -> None:
    made = []
    for n, (remark, told) in enumerate(members):
        facts = Facts(report(f"a{n}", f"Synthetic wording number {n} of a remark {'x' * n}", minute=n))
        (statement_id,) = facts.statements
        use = RemarkUse(statement_id=statement_id, remark_id=f"r{remark}", start=0, end=1)
        made.append((facts, Part(story_id="s", role="report" if told else "reaction", remarks=[use])))

    def story(order: list[int], gone: int) -> Gathering:
        found = Gathering()
        for n in order:
            found.add(made[n][0], 0, made[n][1])
        for n in order[:gone]:
            found.remove(made[n][0], 0, made[n][1])
        for n in order[:gone]:
            found.add(made[n][0], 0, made[n][1])
        return found

    order = list(range(len(made)))
    one = story(order, 0)
    chosen.shuffle(order)
    other = story(order, chosen.randint(0, len(made)))
    assert (one.told, one.roles, one.outlets, one.arrivals) == (other.told, other.roles, other.outlets, other.arrivals)
    assert one.remark_ids() == other.remark_ids()
    for remark_id in one.remark_ids():
        ours, theirs = one.remarks[remark_id], other.remarks[remark_id]
        assert ours.chief.wordings == theirs.chief.wordings
        assert ours.canonical == theirs.canonical


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_hashes_in_common_are_counted_as_sets_count_them(one: set[int], other: set[int]) -> None:
    a, b = (np.array(sorted(values), dtype=np.uint32) for values in (one, other))
    assert common(a, b) == len(one & other)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 6)), st.integers(1, 6))
def test_keys_are_ranked_by_votes_however_few_are_put_in_order_at_once(votes: dict[str, int], first: int) -> None:
    assert list(ranked(votes, first)) == sorted(votes, key=lambda key: (-votes[key], key))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30), st.integers(0, 9), st.booleans()), max_size=20))
def test_stories_of_other_times_are_those_that_a_look_at_all_finds(steps: list[tuple[int, int, int, bool]]) -> None:
    spans = Spans()
    known: dict[str, tuple[int, int]] = {}
    for number, first, length, gone in steps:
        story_id, now = f"s{number}", None if gone else (first, first + length)
        spans.change(story_id, known.pop(story_id, None), now)
        if now is not None:
            known[story_id] = now
    assert spans.apart(10, 20) == {s for s, (first, last) in known.items() if last < 10 or first > 20}


def test_outlets_are_known_as_a_medium_whenever_they_come() -> None:
    media, outlets = ["Panorama TV", "Golden Harbour Radio"], ["panorama", "GHR", "Meridian", "Панорама"]
    namesakes = Namesakes()
    for outlet in outlets[:2]:
        namesakes.add(outlet)
    namesakes.of(media)
    for outlet in outlets[2:]:
        namesakes.add(outlet)
    assert namesakes.of(media) == {o for o in outlets for m in media if same_medium(o, m)}
    assert "Meridian" not in namesakes.of(media) >= {"panorama"}


few = st.frozensets(st.sampled_from("abcdef"), max_size=3)
told = st.builds(
    Features,
    moment_ms=st.integers(0, 3).map(lambda day: day * 86_400_000),
    statements=st.just(()),
    dates=st.frozensets(st.sampled_from(["1970-01-01", "1970-01-03"]), max_size=1),
    places=few,
    counterparts=few,
    media=few,
    kinds=st.frozensets(st.sampled_from(["interview", "talks", "briefing"]), max_size=2),
    numbers=few,
    names=few,
    days=few,
    words=few,
)


@given(told, st.lists(told, min_size=1, max_size=4), st.floats(-12, 8))
def test_a_story_is_left_out_only_where_its_score_is_less(
    ours: Features, members: list[Features], least: float
) -> None:
    profile = Profile()
    for number, member in enumerate(members):
        profile.add(f"r{number}", member)
    scorer = Scorer(ours, Rarity(30, {}), default_model().stories)
    whole = scorer.score(profile, Likeness(), "s")
    found = scorer.without_similarity(profile, "s", least)
    assert (found is None) == (whole.total < least)
    assert found is None or found.total == whole.total
