"""Stock phrases: wording by the distinct days on which it was said, kept for a year."""

import datetime
import random

from msgspec.structs import replace

from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.remarks.stock import KEPT_DAYS, STOCK_DAYS, Stock, grams
from schemas import GroupedReport, Part, Report, Said
from tests.builders import BRIDGE, QUAY, empty, report, source

PHRASE = "The keys of the old lighthouse belong to those who keep its lamp burning every night"
DAY = datetime.date(2026, 1, 12)


def said(stock: Stock, article: str, day: datetime.date, *texts: str) -> Said | None:
    entry = stock.said(report(article, *texts), day, source(0))
    if entry is not None:
        stock.put(entry)
    return entry


def days(count: int) -> list[datetime.date]:
    return [DAY + datetime.timedelta(days=7 * n) for n in range(count)]


def test_what_is_said_on_many_days_is_stock() -> None:
    stock = Stock("Q1")
    for n, day in enumerate(days(STOCK_DAYS)):
        assert not stock.is_stock(PHRASE)
        said(stock, f"a{n}", day, PHRASE, QUAY[n % 3])
    assert stock.days(PHRASE) == STOCK_DAYS
    assert stock.is_stock(PHRASE)
    assert not stock.is_stock(QUAY[0])
    assert not stock.is_stock(BRIDGE[0])


def test_many_reports_of_one_day_are_one_day_and_are_kept_once() -> None:
    stock = Stock("Q1")
    assert said(stock, "a", DAY, PHRASE) is not None
    for n in range(9):
        assert said(stock, f"b{n}", DAY, PHRASE) is None
    assert stock.days(PHRASE) == 1
    assert len(stock) == 1


def test_the_day_in_question_does_not_speak_against_itself() -> None:
    stock = Stock("Q1")
    for n, day in enumerate(days(STOCK_DAYS)):
        said(stock, f"a{n}", day, PHRASE)
    assert stock.days(PHRASE, besides=DAY) == STOCK_DAYS - 1
    assert not stock.is_stock(PHRASE, besides=DAY)


def test_a_phrase_is_known_in_a_longer_sentence_and_by_most_of_its_words() -> None:
    stock = Stock("Q1")
    for n, day in enumerate(days(STOCK_DAYS)):
        said(stock, f"a{n}", day, PHRASE)
    assert stock.is_stock("the keys of the OLD lighthouse belong to those who keep its lamp burning")
    assert not stock.is_stock(f"Nobody asked him there, {' '.join(PHRASE.split()[:6])}, and on it went for him")


def test_too_few_words_are_nothing() -> None:
    stock = Stock("Q1")
    assert grams("three words only") == ()
    assert stock.days("three words only") == 0
    assert said(stock, "a", DAY, "three words only") is None


def test_it_expires_after_a_year_a_bounded_number_at_a_time_the_oldest_first() -> None:
    stock = Stock("Q1")
    first = DAY - datetime.timedelta(days=100)
    for n in range(100):
        said(stock, f"a{n:03}", first + datetime.timedelta(days=n), f"{PHRASE} number {n}")
    today = DAY + datetime.timedelta(days=KEPT_DAYS)
    assert stock.expire(first + datetime.timedelta(days=KEPT_DAYS)) == ()
    gone = stock.expire(today)
    assert gone == tuple(f"a{n:03}-Q1" for n in range(64))
    assert stock.expire(today) == tuple(f"a{n:03}-Q1" for n in range(64, 100))
    assert stock.days(PHRASE) == 0


def test_it_is_the_same_in_whatever_order_it_is_read_again() -> None:
    stock = Stock("Q1")
    entries = [said(stock, f"a{n}", day, PHRASE, QUAY[n % 3], BRIDGE[n % 2]) for n, day in enumerate(days(6))]
    for seed in range(3):
        again = Stock("Q1")
        for entry in random.Random(seed).sample(entries, len(entries)):
            assert entry is not None
            again.put(entry)
        for text in (PHRASE, *QUAY, *BRIDGE):
            assert again.days(text) == stock.days(text)


def test_shipped_phrases_are_stock_from_the_start_for_their_speaker_alone() -> None:
    phrase = "We must eliminate the root causes of the conflict"
    assert Stock("Q58217").is_stock(phrase)
    assert not Stock("Q1").is_stock(phrase)


def test_a_report_brings_one_entry_and_its_copy_none() -> None:
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", *QUAY, date="2026-01-11"), source(0))
    assert first.said is not None
    assert first.said.day == "2026-01-11"
    copy = grouper.decide(report("b", *QUAY, minute=30, date="2026-01-11"), source(1))
    assert copy.entry is not None
    assert copy.entry.decision.parts[0].role == "copy"
    assert copy.said is None


def test_the_history_outlives_the_window_and_a_restart() -> None:
    model = replace(default_model(), window_days=1)
    grouper = Grouper("Q1", model)
    history: dict[str, Said] = {}
    for n, day in enumerate(days(STOCK_DAYS)):
        minute = (day - DAY).days * 1440
        outcome = grouper.decide(report(f"a{n}", f"{PHRASE} {BRIDGE[n % 2]}", minute=minute), source(n))
        assert outcome.said is not None
        history[outcome.said.report_id] = outcome.said
    assert len(grouper.entries) == 1
    again = Grouper.rebuild("Q1", grouper.entries, model, said=history.values())
    assert again.stock.is_stock(PHRASE)


def known_phrase() -> list[Said]:
    """A history in which ``PHRASE`` was said on enough days, months ago."""
    stock = Stock("Q1")
    found = [
        said(stock, f"old{n}", day - datetime.timedelta(days=90), PHRASE) for n, day in enumerate(days(STOCK_DAYS))
    ]
    return [entry for entry in found if entry is not None]


def indirect(article: str, around: str, **given: object) -> Report:
    """A report that has nothing of his but the phrase, in a reporter's sentence."""
    one = report(article, PHRASE, body=f"{PHRASE} {around}", **given)  # type: ignore[arg-type]
    return replace(one, statements=[replace(statement, kind="indirect") for statement in one.statements])


def mains(history: list[Said], *reports: Report) -> dict[str, Part]:
    """The main part of each report after the last one, by article."""
    grouper = Grouper.rebuild("Q1", (), said=history)
    last: dict[str, Part] = {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, GroupedReport):
                last[message.article_id] = message.decision.parts[0]
    return last


def test_what_is_stock_brings_reports_of_two_days_into_no_story() -> None:
    """They share nothing else; a sentence that was never said before does bring them together."""
    reports = indirect("a", " ".join(QUAY)), indirect("b", " ".join(BRIDGE), minute=5 * 1440)
    unheard, stock = mains([], *reports), mains(known_phrase(), *reports)
    assert unheard["a"].story_id == unheard["b"].story_id
    assert stock["a"].story_id != stock["b"].story_id


def test_what_is_stock_makes_no_copy_of_short_texts_of_two_occasions() -> None:
    reports = (
        indirect("a", BRIDGE[0], occasion="interview"),
        indirect("b", BRIDGE[1], minute=1440, occasion="university"),
    )
    unheard, stock = mains([], *reports), mains(known_phrase(), *reports)
    assert unheard["b"].copy_of == "a-Q1"
    assert stock["b"].copy_of is None
    assert stock["a"].story_id != stock["b"].story_id


def test_half_of_a_text_and_what_is_stock_is_a_copy_all_the_same() -> None:
    copy = mains(known_phrase(), indirect("a", BRIDGE[0]), indirect("b", BRIDGE[0], minute=10))["b"]
    assert copy.copy_of == "a-Q1"


def test_an_earlier_publication_that_arrives_later_is_no_original_by_what_is_stock() -> None:
    late = indirect("a", BRIDGE[0], occasion="interview", fetched=1500)
    later = indirect("b", BRIDGE[1], minute=1440, occasion="university")
    assert mains([], later, late)["b"].copy_of == "a-Q1"
    assert mains(known_phrase(), later, late)["b"].copy_of is None


def test_a_record_that_comes_again_brings_its_entry_again_also_when_it_was_lost() -> None:
    grouper = Grouper("Q1")
    outcome = grouper.decide(report("a", *QUAY), source(0))
    assert grouper.decide(report("a", *QUAY), source(0)).said == outcome.said
    without = Grouper.rebuild("Q1", grouper.entries)
    assert without.decide(report("a", *QUAY), source(0)).said == outcome.said


def test_what_is_taken_back_was_said_all_the_same() -> None:
    grouper = Grouper("Q1")
    said_first = grouper.decide(report("a", *QUAY), source(0)).said
    assert grouper.decide(empty("a", minute=60), source(1)).said == said_first
