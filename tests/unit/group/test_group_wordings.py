"""Canonical wordings, and how a quotation differs from another. All wordings are synthetic."""

import unicodedata
from pathlib import Path

from msgspec.structs import replace

from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.remarks.likeness import Placed
from processors.group.remarks.wordings import canonical, compared, diff, quotations
from processors.group.report.facts import Facts
from schemas import Part, RemarkUse
from tests.builders import report, source

PART = Part(story_id="s", role="report")
SHORT = "Nobody has answered us since the summer"
LONG = "Nobody has answered our proposal of three working groups since the summer"


def _placed(article: str, text: str, *, kind: str = "direct", lang: str = "en", spoken: str = "ru") -> Placed:
    one = report(article, text, lang=lang)
    one = replace(one, statements=[replace(one.statements[0], kind=kind)])
    statement_id = one.statements[0].statement_id
    return Placed(
        Facts(one, frozenset(spoken.split())),
        PART,
        RemarkUse(statement_id=statement_id, remark_id="r", start=0, end=len(text)),
    )


def test_the_longest_direct_quotation_is_canonical() -> None:
    short, long = _placed("a", SHORT), _placed("b", LONG)
    told = _placed("c", LONG + ", and it will not be repeated", kind="indirect")
    chosen = canonical([short, told, long])
    assert chosen is long


def test_a_quotation_in_the_language_of_the_speaker_goes_before_a_longer_translation() -> None:
    spoken, translation = _placed("a", "Никто не ответил нам с лета", lang="ru"), _placed("b", LONG)
    assert canonical([translation, spoken]) is spoken
    told = _placed("c", "Никто не ответил нам с лета", lang="ru", kind="indirect")
    assert canonical([translation, told]) is translation  # it is no quotation


def test_of_a_speaker_whose_language_is_not_known_the_longest_stands() -> None:
    spoken, other = _placed("a", "Никто не ответил", lang="ru", spoken=""), _placed("b", LONG, spoken="")
    assert canonical([spoken, other]) is other


def test_of_a_speaker_of_several_languages_the_longest_in_one_of_them_stands() -> None:
    said = {"fr": "Aucune réponse", "de": "Niemand hat uns geantwortet", "en": LONG}
    french, german, english = (_placed(lang, text, lang=lang, spoken="fr de") for lang, text in said.items())
    assert canonical([english, french, german]) is german


def test_the_languages_of_a_speaker_are_those_of_the_gazetteer_and_of_own_tables(tmp_path: Path) -> None:
    """By the column of an own table, by the country of the office, or not known."""
    table = (
        "id\tgender\ten\toffices\tlanguage\n"
        "Q999999901\tm\tOrlan *Vexley*\tforeign-minister@Q159:2026-01..\tuk;fr\n"
        "Q999999902\tf\tMirna *Ostrell*\tforeign-minister@Q159:2026-01..\t\n"
        "Q999999903\tf\tTamsin *Quorrel*\t\t\n"
    )
    (tmp_path / "people.tsv").write_text(table, encoding="utf-8")
    expected = {"Q999999901": {"uk", "fr"}, "Q999999902": {"ru"}, "Q999999903": set[str](), "Q58217": {"ru"}}
    for speaker, langs in expected.items():
        grouper = Grouper(speaker, default_model(gazetteer=tmp_path))
        one = replace(report("a", LONG), speaker_id=speaker, report_id=f"a-{speaker}")
        grouper.decide(one, source(0))
        again = Grouper.rebuild(speaker, grouper.entries, default_model(gazetteer=tmp_path))
        for state in (grouper._state, again._state):
            assert state.facts[one.report_id].spoken == langs


def test_a_quotation_is_compared_with_the_longest_of_its_language() -> None:
    ours, longer, russian = _placed("a", SHORT), _placed("b", LONG), _placed("c", "Никто не ответил нам", lang="ru")
    assert compared(ours, quotations([longer, russian])) is longer
    assert compared(longer, quotations([ours, russian])) is None  # it is the longest itself
    assert compared(_placed("d", SHORT, kind="indirect"), quotations([longer])) is None


def test_a_diff_reads_as_a_text_with_its_changes() -> None:
    assert diff(SHORT, LONG) == ("Nobody has answered [-our proposal of three working groups-] {+us+} since the summer")
    assert diff("“Nobody has answered us, since the summer.”", SHORT) == ""  # only marks differ


def test_a_diff_does_not_take_marks_on_letters_for_other_words() -> None:
    assert diff("Больша\u0301я вода\u0301 близко", "Большая вода близко") == ""
    assert diff(unicodedata.normalize("NFD", "Мой чёрный край здесь"), "Мой чёрный край") == "Мой чёрный край {+здесь+}"
    assert diff("Il a su", "Il à su") == "Il [-à-] {+a+} su"
    assert diff("قَالَ الوزيرُ كلمة", "قال الوزير") == "قَالَ الوزيرُ {+كلمة+}"


def test_whole_articles_are_not_compared_word_by_word() -> None:
    assert diff("word " * 500, "another " * 500) == ""
