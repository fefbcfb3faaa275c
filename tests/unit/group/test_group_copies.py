"""Who copied whom."""

import datetime
import itertools
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.annotate.features import words
from processors.group.copies import verbatim
from processors.group.copies.verbatim import CopyIndex, Match, best_original, common, compare, precedes
from processors.group.decision.originals import copy_evidence
from processors.group.grouper import Grouper
from processors.group.model import Copies, default_model
from processors.group.overrides import Overrides
from processors.group.report.facts import DAY_MS, Facts
from schemas import GroupedReport, Outlet, Override, Part, epoch_ms
from tests.builders import BRIDGE, QUAY, START, empty, report, source

MODEL = default_model().copies
BACKGROUND = " ".join(f"background{i}" for i in range(120))


def test_a_shortened_text_is_a_copy_and_says_how_much_of_it_is() -> None:
    original, copy = report("a", *QUAY), report("b", *QUAY[:2], minute=10)
    match = compare(Facts(copy), Facts(original), MODEL)
    assert match is not None
    assert match.overlap > 0.9
    assert compare(Facts(original), Facts(copy), MODEL) is not None  # containment in the shorter


def test_the_same_background_under_other_remarks_is_no_copy() -> None:
    one = report("a", *QUAY[:1], body=QUAY[0] + " " + BACKGROUND)
    other = report("b", *BRIDGE[:1], body=BRIDGE[0] + " " + BACKGROUND, minute=10)
    assert compare(Facts(other), Facts(one), MODEL) is None


def test_background_alone_is_no_copy_where_nothing_of_his_is_found() -> None:
    """Another's answer to him, with a paragraph from the report that it answers."""
    one = report("a", *QUAY, body=" ".join(QUAY) + " " + BACKGROUND)
    answer = report("b", body=" ".join(BRIDGE) + " " + BACKGROUND, minute=10)
    shared, least = common(Facts(one).shingles, Facts(answer).shingles), len(Facts(answer).shingles)
    assert 0.5 * least < shared < MODEL.unquoted * least
    assert compare(Facts(answer), Facts(one), MODEL) is None
    part = report("c", body=" ".join(BRIDGE) + " " + " ".join(BACKGROUND.split()[:20]), minute=10)
    assert compare(Facts(part), Facts(one), MODEL) is None


def test_where_nothing_of_his_is_found_his_words_of_the_original_or_nearly_all_of_the_text_make_a_copy() -> None:
    one = Facts(report("a", *QUAY, body=" ".join(QUAY) + " " + BACKGROUND))
    beginning = " ".join(BACKGROUND.split()[:60])
    led = report("b", body=" ".join(QUAY) + " " + " ".join(BRIDGE) + " " + beginning, minute=10)
    whole = report("c", body=BACKGROUND + " " + BRIDGE[1], minute=10)
    for other in (Facts(led), Facts(whole)):
        match = compare(other, one, MODEL)
        assert match is not None
        assert match.said is None
        told = copy_evidence(match).value
        assert told == f"{match.overlap:.0%} of its wording stands there; none of his words were found in it"


def test_a_shared_stock_phrase_is_no_copy() -> None:
    one = report("a", *QUAY, "We are open to talks if the other side shows good will")
    other = report("b", *BRIDGE, "We are open to talks if the other side shows good will")
    assert compare(Facts(other), Facts(one), MODEL) is None


def test_candidates_are_found_whole_and_in_part_whatever_the_order_of_adding() -> None:
    whole, part = report("a", *QUAY), report("b", *QUAY, body=" ".join(QUAY) + " " + BACKGROUND)
    other = report("c", *BRIDGE)
    asked = Facts(report("d", *QUAY))
    answers = set()
    for order in ((whole, part, other), (other, part, whole)):
        index = CopyIndex(MODEL)
        for one in order:
            index.add(Facts(one))
        answers.add(tuple(index.candidates(asked)))
    assert len(answers) == 1
    assert set(answers.pop()) == {"a-Q1", "b-Q1"}


def test_what_is_removed_is_not_found() -> None:
    index = CopyIndex(MODEL)
    facts = Facts(report("a", *QUAY))
    index.add(facts)
    index.remove(facts)
    assert index.candidates(Facts(report("b", *QUAY))) == []


wordings = st.sampled_from([QUAY, QUAY[:2], BRIDGE, (*QUAY, BACKGROUND)])
written = st.tuples(st.sampled_from("abcd"), wordings, st.integers(0, 30))


@given(st.lists(st.one_of(written, st.sampled_from("abcd")), max_size=14))
def test_what_is_remembered_of_pairs_is_what_comparing_them_says(
    steps: list[tuple[str, tuple[str, ...], int] | str],
) -> None:
    """Reports come, go, and come again with other words or at another time; after each step all pairs are asked for."""
    index, here = CopyIndex(MODEL), dict[str, Facts]()
    for step in steps:
        name = step if isinstance(step, str) else step[0]
        if name in here:
            index.remove(here.pop(name))
        if not isinstance(step, str):
            here[name] = Facts(report(name, *step[1], minute=step[2]))
            index.add(here[name])
        for ours, theirs in itertools.permutations(here.values(), 2):
            expected = compare(ours, theirs, MODEL) if precedes(theirs, ours) else None
            assert index.original(ours, theirs) == expected


def test_credit_goes_before_time() -> None:
    agency = report("a", *QUAY, minute=10, outlet="agency.example")
    paper = report("b", *QUAY, minute=5, credited="Agency.example")
    assert precedes(Facts(agency), Facts(paper))
    assert not precedes(Facts(paper), Facts(agency))
    assert precedes(Facts(report("c", *QUAY)), Facts(paper))


@pytest.mark.parametrize(
    "outlet",
    [Outlet(id="tass.ru"), Outlet(id="tass.com", name="TASS (English)"), Outlet(id="mirror.example", name="ТАСС")],
)
def test_a_credit_goes_before_time_however_the_agency_is_called(outlet: Outlet) -> None:
    agency = Facts(replace(report("a", *QUAY, minute=10), outlet=outlet))
    paper = Facts(report("b", *QUAY, minute=5, credited="TASS"))
    assert precedes(agency, paper)
    assert not precedes(paper, agency)
    other = Facts(report("c", *QUAY, minute=5, credited="Interfax"))
    assert precedes(other, agency)


def test_another_site_of_the_same_agency_is_no_credit() -> None:
    first, later = (report(name, *QUAY, minute=at, credited="TASS") for name, at in (("a", 0), ("b", 10)))
    russian, english = replace(first, outlet=Outlet(id="tass.ru")), replace(later, outlet=Outlet(id="tass.com"))
    assert precedes(Facts(russian), Facts(english))
    assert not precedes(Facts(english), Facts(russian))


def test_who_is_known_to_the_day_does_not_precede_who_is_known_to_the_minute() -> None:
    agency = report("a", *QUAY, minute=60)
    assert agency.published is not None
    midnight = agency.published.replace(hour=0, minute=0)
    seq, fetched = replace(agency.seq, ms=agency.seq.ms + 1), agency.fetched + datetime.timedelta(milliseconds=1)
    paper = replace(report("b", *QUAY), published=midnight, seq=seq, fetched=fetched)
    assert precedes(Facts(agency), Facts(paper))
    assert not precedes(Facts(paper), Facts(agency))
    assert Facts(paper).moment_ms == seq.ms
    days_later = replace(
        paper, seq=replace(seq, ms=seq.ms + 3 * DAY_MS), fetched=fetched + datetime.timedelta(days=3)
    )  # fmt: skip
    assert Facts(days_later).moment_ms == epoch_ms(midnight) + DAY_MS - 1


def test_a_canonical_address_is_a_credit() -> None:
    one = report("a", *QUAY, minute=10)
    other = replace(report("b", *QUAY), canonical_url=one.url)
    assert precedes(Facts(one), Facts(other))


AGENCY = (
    "Moscow has never refused to talk about transit, and our colleagues in Kyiv know this very well, he said there",
    "President Volodymyr Zelensky has rejected three proposals since the organization of the first meeting in spring",
    "The neighboring countries should recognize that the labor of our diplomats is no favor but 12 percent of the work",
)
VARIANTS = {
    "spelling": {
        "organization": "organisation", "neighboring": "neighbouring", "recognize": "recognise", "labor": "labour",
        "favor": "favour", "percent": "per cent",
    },
    "transliteration": {"Kyiv": "Kiev", "Volodymyr": "Vladimir", "Zelensky": "Zelenskiy"},
    "headline": {},
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_spelling_transliteration_and_another_headline_leave_a_copy_one(variant: str) -> None:
    texts = AGENCY
    for written, otherwise in VARIANTS[variant].items():
        texts = tuple(text.replace(written, otherwise) for text in texts)
    original = report("a", *AGENCY, title="Moscow ready to talk about transit", outlet="agency.example")
    title = "Three proposals and no answer" if variant == "headline" else original.title
    copy = report("b", *texts, title=title, minute=20)
    grouper = Grouper("Q1")
    last = _grouped(grouper, (0, original), (1, report("c", *BRIDGE, minute=10)), (2, copy))
    assert _originals(last) == {"a": None, "b": "a-Q1", "c": None}


def test_the_original_is_the_earliest_of_the_nearest() -> None:
    copy = Facts(report("c", *QUAY[:2], minute=20))
    first, edited = Facts(report("a", *QUAY)), Facts(report("b", *QUAY[:2], minute=10))
    found = [m for other in (edited, first) if (m := compare(copy, other, MODEL)) is not None]
    original = best_original(copy, found, MODEL)
    assert original is not None
    assert original.other is first


def test_wording_of_its_own_language_comes_before_a_translation() -> None:
    first, foreign, ours = (Facts(report(name, *QUAY, minute=at)) for name, at in (("a", 0), ("b", 10), ("c", 20)))
    worded = Match(other=first, overlap=0.6, said=0.7)
    translated = Match(other=foreign, overlap=0.9, said=0.9, translated=True)
    assert best_original(ours, [translated, worded], MODEL) is worded
    # A few quotations that both share are no wording of its own: who translated the same text has them, too.
    quoting = Match(other=first, overlap=0.3, said=0.7)
    assert best_original(ours, [translated, quoting], MODEL) is translated


def _grouped(grouper: Grouper, *offsets_and_reports: tuple[int, object]) -> dict[str, GroupedReport]:
    last: dict[str, GroupedReport] = {}
    for offset, one in offsets_and_reports:
        for message in grouper.decide(one, source(offset)).outputs:  # type: ignore[arg-type]
            if isinstance(message, GroupedReport):
                last[message.article_id] = message
    return last


def test_copies_that_come_in_any_order_are_each_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of copies is asked anew with each copy that comes late, but no pair of it is compared anew."""
    pairs: Counter[tuple[str, str]] = Counter()

    def counted(ours: Facts, theirs: Facts, model: Copies, stock: frozenset[str]) -> Match | None:
        pairs[ours.report.report_id, theirs.report.report_id] += 1
        return compare(ours, theirs, model, stock)

    monkeypatch.setattr(verbatim, "compare", counted)
    minutes = list(range(24))
    random.Random(3).shuffle(minutes)
    reports = [report(f"r{minute}", *QUAY, minute=minute, outlet=f"o{minute}.example") for minute in minutes]
    last = _grouped(Grouper("Q1"), *enumerate(reports))
    assert len(pairs) > 100
    assert set(pairs.values()) == {1}
    assert {one for one, grouped in last.items() if grouped.decision.parts[0].copy_of is None} == {"r0"}


def test_a_copy_is_in_the_story_of_its_original_and_its_lag_is_told() -> None:
    last = _grouped(Grouper("Q1"), (0, report("a", *QUAY)), (1, report("b", *QUAY, minute=42)))
    (original,), (copy,) = last["a"].decision.parts, last["b"].decision.parts
    assert (original.role, copy.role, copy.copy_of) == ("report", "copy", "a-Q1")
    assert copy.story_id == original.story_id
    assert (last["a"].lag_minutes, last["b"].lag_minutes) == (0, 42)
    assert last["b"].decision.overlap == 1.0
    passages = [e for e in copy.evidence if e.feature == "passage"]
    assert [(e.feature, e.value, e.against) for e in copy.evidence if e not in passages] == [
        ("wording", "100% of its wording and 100% of his words in it stand there", "a-Q1"),
        ("wording", "in the story of its original", original.story_id),
    ]
    # Of what stands there the two longest statements, by what both have, with the statement of the original.
    texts = {use.statement_id: text for use, text in zip(original.remarks, QUAY, strict=True)}
    longest = sorted(QUAY, key=len)[:0:-1]
    assert [texts[e.against or ""] for e in passages] == longest
    for passage in passages:  # "three groups" is the number 3
        shared = {word for word in passage.value.split(", ") if not word.isdigit()}
        assert shared <= set(words(texts[passage.against or ""]))
    assert {(e.other, e.score) for e in passages} == {("a.example", 1.0)}
    assert (last["a"].new_remarks, last["b"].new_remarks) == (3, 0)


def test_an_earlier_publication_that_arrives_later_turns_the_direction() -> None:
    grouper = Grouper("Q1")
    before = _grouped(grouper, (0, report("b", *QUAY, minute=42)))
    assert before["b"].decision.parts[0].role == "report"
    outcome = grouper.decide(report("a", *QUAY, minute=0, fetched=60), source(1), late=True)
    assert outcome.entry is not None
    assert outcome.entry.decision.late
    (changed,) = outcome.entry.changes
    assert changed.report_id == "b-Q1"
    assert (changed.parts[0].role, changed.parts[0].copy_of) == ("copy", "a-Q1")
    assert changed.lag_minutes == 42
    (part,) = outcome.entry.decision.parts
    assert ("wording", "in the story of its copies") in [(e.feature, e.value) for e in part.evidence]
    assert changed.decision_seq == outcome.entry.decision.decision_seq
    assert changed.parts[0].story_id == before["b"].decision.parts[0].story_id
    assert not any(use.new for use in changed.parts[0].remarks)


def test_a_translation_sentence_by_sentence_is_a_copy() -> None:
    vectors = [bytes((i * 37 + j * (i + 3)) % 120 for j in range(384)) for i in range(5)]
    texts = [f"{QUAY[0]} number{i}" for i in range(5)]
    names = {"names": ["Q5", "Q6"]}
    original = report("a", *texts, vectors=vectors)
    original = replace(original, context=replace(original.context, **names))  # type: ignore[arg-type]
    translated = report("b", *[f"Слова {i} о гавани и конце месяца" * 3 for i in range(5)], lang="ru", minute=30,
                        vectors=vectors)  # fmt: skip
    translated = replace(translated, context=replace(translated.context, length=original.context.length, **names))  # type: ignore[arg-type]
    last = _grouped(Grouper("Q1"), (0, original), (1, translated))
    part = last["b"].decision.parts[0]
    assert (part.role, part.copy_of, part.translated) == ("copy", "a-Q1", True)
    # Each names the sentence of the original that has its meaning.
    passages = [e for e in part.evidence if e.feature == "passage"]
    assert len(passages) == 2
    assert {e.against for e in passages} <= {use.statement_id for use in last["a"].decision.parts[0].remarks}
    assert all(e.score == pytest.approx(1, abs=0.05) for e in passages)


def test_a_person_can_say_that_two_are_not_one() -> None:
    apart = Override(
        override_id="o1",
        kind="cannot_link",
        report_ids=["a-Q1", "b-Q1"],
        made=START + datetime.timedelta(days=1),
    )
    grouper = Grouper("Q1", overrides=Overrides.of([apart]))
    last = _grouped(grouper, (0, report("a", *QUAY)), (1, report("b", *QUAY, minute=42)))
    assert last["b"].decision.parts[0].copy_of is None
    assert last["b"].decision.parts[0].story_id != last["a"].decision.parts[0].story_id


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_of_the_likely_originals_it_is_whom_a_report_credits(order: tuple[int, ...]) -> None:
    """Both papers have the agency's text before the agency's own page is dated."""
    agency = replace(report("a", *QUAY, minute=60), outlet=Outlet(id="tass.ru"))
    papers = [report(name, *QUAY, minute=at, credited="TASS") for name, at in (("b", 10), ("c", 30))]
    reports = [agency, *papers]
    last = _grouped(Grouper("Q1"), *enumerate(reports[i] for i in order))
    assert _originals(last) == {"a": None, "b": "a-Q1", "c": "a-Q1"}


@pytest.mark.parametrize("first", [True, False])
def test_evidence_tells_that_a_credit_decided_who_copied(first: bool) -> None:
    agency = replace(report("a", *QUAY, minute=60), outlet=Outlet(id="tass.ru"))
    paper, blog = report("b", *QUAY, minute=10, credited="TASS"), report("c", *QUAY, minute=90, credited="TASS")
    plain = replace(report("d", *QUAY, minute=95), canonical_url=agency.url)
    came = [paper, blog, plain, agency] if first else [agency, plain, blog, paper]
    last = _grouped(Grouper("Q1"), *enumerate(came))
    told = {name: [e for e in _main(last[name]).evidence if e.feature == "credit"] for name in "abcd"}
    assert told["a"] == []
    assert [(e.value, e.other, e.against) for name in "bcd" for e in told[name]] == [
        ("names TASS as its source; so it is the copy, though the earlier one", "tass.ru", "a-Q1"),
        ("names TASS as its source", "tass.ru", "a-Q1"),
        ("gives its address as its own", "tass.ru", "a-Q1"),
    ]


def test_what_a_credit_decided_is_told_no_more_once_the_dates_agree() -> None:
    """The agency's page is dated anew, before the paper; who copied whom stays."""
    agency = replace(report("a", *QUAY, minute=60), outlet=Outlet(id="tass.ru"))
    grouper, paper = Grouper("Q1"), report("b", *QUAY, minute=10, fetched=61, credited="TASS")
    last = _grouped(grouper, (0, agency), (1, paper))
    earlier = report("a", *QUAY, minute=5, fetched=62, visit=2, revision="2")
    last |= _grouped(grouper, (2, replace(earlier, outlet=agency.outlet, seq=agency.seq)))
    (told,) = (e for e in _main(last["b"]).evidence if e.feature == "credit")
    assert (_originals(last), told.value) == ({"a": None, "b": "a-Q1"}, "names TASS as its source")


def test_an_outlet_does_not_credit_itself() -> None:
    own = report("b", *QUAY, minute=10, outlet="agency.example", credited="agency.example")
    own = replace(own, outlet=Outlet(id="agency.example"))
    first = replace(report("a", *QUAY), outlet=Outlet(id="agency.example"))
    assert precedes(Facts(first), Facts(own))


def test_who_copied_a_later_but_credited_text_follows_its_role_too() -> None:
    """Copies are asked in order of publication, and this one is published before its original."""
    role = Override(override_id="o1", kind="role", report_ids=["f-Q1"], made=START, role="background")
    agency = report("a", *QUAY, minute=60, outlet="agency.example")
    paper = report("b", *QUAY[1:], minute=30, credited="agency.example")
    first = report("f", QUAY[0], minute=0, fetched=90)
    last = _grouped(Grouper("Q1", overrides=Overrides.of([role])), (0, agency), (1, paper), (2, first))
    mains = {name: last[name].decision.parts[0] for name in "abf"}
    assert {name: main.copy_of for name, main in mains.items()} == {"a": "f-Q1", "b": "a-Q1", "f": None}
    assert {main.role for main in mains.values()} == {"background"}


def test_a_credited_text_is_copied_once_nothing_stands_between_it_and_who_credits_it() -> None:
    """The agency's text came from a copy of the paper, so the paper could not have it from the agency."""
    paper = report("a", *QUAY, minute=0, credited="agency.example")
    between, agency = report("b", *QUAY, minute=30), report("c", *QUAY, minute=60, outlet="agency.example")
    grouper = Grouper("Q1")
    last = _grouped(grouper, (0, paper), (1, between), (2, agency))
    assert _originals(last) == {"a": None, "b": "a-Q1", "c": "b-Q1"}
    last |= _grouped(grouper, (3, empty("b", minute=90)))
    assert _originals(last) == {"a": "c-Q1", "b": None, "c": None}
    assert [last[name].decision.parts[0].role for name in "ac"] == ["copy", "report"]


def test_a_credit_that_a_revision_adds_turns_the_direction() -> None:
    grouper = Grouper("Q1")
    last = _grouped(grouper, (0, report("a", *QUAY)), (1, report("b", *QUAY, minute=30, outlet="agency.example")))
    assert _originals(last) == {"a": None, "b": "a-Q1"}
    revised = report("a", *QUAY, fetched=60, revision="2", visit=2, credited="agency.example")
    last |= _grouped(grouper, (2, revised))
    assert _originals(last) == {"a": "b-Q1", "b": None}


def _main(grouped: GroupedReport) -> Part:
    return grouped.decision.parts[0]


def _originals(grouped: dict[str, GroupedReport]) -> dict[str, str | None]:
    return {name: one.decision.parts[0].copy_of if one.decision.parts else None for name, one in grouped.items()}
