"""Which articles make a report for whom. All texts are synthetic."""

from msgspec.structs import replace

from processors.annotate.entities import load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.dispatch import reports_of
from schemas import ANY, AnnotatedArticle, CleanArticle, Entity, Setting, Statement
from tests.builders import clean_article

DOE, ROE = "Q1", "Q2"
LAVROV = "Q58217"
KNOWN = knowledge_of(load_gazetteer())


def _article(title: str, text: str, *, visit: int = 1) -> CleanArticle:
    return clean_article(title, text, "a1", revision="r1", credited="Agency", visit=visit)


def _annotated(article: CleanArticle, *statements: Statement, **names: str) -> AnnotatedArticle:
    """``names``: words of the text that are mentions, with the id that they stand for."""
    entities = []
    for name, entity_id in names.items():
        at = article.full_text.find(name)
        while at >= 0:
            entities.append(Entity(start=at, end=at + len(name), text=name, type="PER", id=entity_id))
            at = article.full_text.find(name, at + 1)
    entities.sort(key=lambda e: e.start)
    return AnnotatedArticle(article=article, lang="en", entities=entities, statements=list(statements))


def _said(article: CleanArticle, text: str, speaker: str | None, **setting: str) -> Statement:
    at = article.full_text.index(text)
    return Statement(
        statement_id=f"{speaker}{at}",
        start=at,
        end=at + len(text),
        text=text,
        kind="direct",
        speaker_id=speaker,
        setting=Setting(**setting) if setting else None,  # type: ignore[arg-type]
    )


def test_each_watched_speaker_has_a_report_of_his_own_statements() -> None:
    article = _article("Doe and Roe meet", "Doe said the quay was ready. Roe said the ships were late, all 12 of them.")
    his = _said(article, "the quay was ready", DOE, date="2026-01-12", occasion="talks")
    hers = _said(article, "the ships were late", ROE)
    found = reports_of(_annotated(article, his, hers, Doe=DOE, Roe=ROE), [ROE, DOE], known=KNOWN)
    assert [r.report_id for r in found] == ["a1-Q2", "a1-Q1"]
    assert [r.statements for r in found] == [[hers], [his]]
    doe = found[1]
    assert (doe.seq, doe.revision, doe.credited, doe.lang) == (article.seq, "r1", "Agency", "en")
    context = doe.context
    assert (context.mentions, context.in_title, context.first_mention) == (2, True, 0)
    assert (context.other_statements, context.other_in_lead, context.leader) == (1, 1, DOE)
    assert context.names == [ROE]
    assert context.numbers == ["12"]
    assert context.setting == Setting(date="2026-01-12", occasion="talks")


def test_who_is_not_in_the_article_has_no_report() -> None:
    article = _article("Quay ready", "Doe said the quay was ready.")
    annotated = _annotated(article, _said(article, "the quay was ready", DOE), Doe=DOE)
    assert reports_of(annotated, [ROE], known=KNOWN) == []
    assert reports_of(annotated, [], known=KNOWN) == []


def test_a_bare_mention_is_no_report_but_remarks_that_are_named_are() -> None:
    bare = _article("Quay ready", "The quay was opened. Doe stood in the second row.")
    assert reports_of(_annotated(bare, Doe=DOE), [DOE], known=KNOWN) == []
    named = _article("Mayor hits back", "The mayor called Doe's remarks absurd.")
    (report,) = reports_of(_annotated(named, _said(named, "absurd", None), Doe=DOE), [DOE], known=KNOWN)
    assert report.statements == []
    assert report.context.remarks_named == 1
    assert not report.is_empty


def test_a_later_visit_without_the_speaker_makes_an_empty_report() -> None:
    gone = _annotated(_article("Quay ready", "The quay was opened.", visit=2))
    (report,) = reports_of(gone, [DOE], known=KNOWN)
    assert report.is_empty
    assert (report.report_id, report.visit, report.revision) == ("a1-Q1", 2, "r1")
    assert reports_of(replace(gone, article=replace(gone.article, visit=1)), [DOE], known=KNOWN) == []


def test_any_takes_everybody_who_says_something() -> None:
    article = _article("Doe and Roe", "Doe said the quay was ready. Roe said no. Somebody said the end.")
    annotated = _annotated(
        article,
        _said(article, "the quay was ready", DOE),
        _said(article, "no", ROE),
        _said(article, "the end", None),
        Doe=DOE,
        Roe=ROE,
    )
    assert [r.speaker_id for r in reports_of(annotated, [ANY], known=KNOWN)] == [DOE, ROE]


def test_a_whole_article_is_one_statement_of_a_nameless_speaker() -> None:
    article = _article("Quay ready", "Doe said 40 ships wait.")
    (report,) = reports_of(_annotated(article, Doe=DOE), [ANY], whole=True, vector=b"\x01" * 384, known=KNOWN)
    (statement,) = report.statements
    assert report.speaker_id == ANY
    assert (statement.start, statement.end) == (0, len(article.full_text))
    assert statement.text == article.full_text
    assert (statement.names, statement.numbers, statement.vector) == ([DOE], ["40"], b"\x01" * 384)


def test_the_scene_is_told_by_sentences_without_a_statement() -> None:
    article = _article("Doe at the strait", "On Monday Doe met the press on the quay.\n\nThe bridge is closed.")
    (found,) = reports_of(_annotated(article, _said(article, "The bridge is closed", DOE), Doe=DOE), [DOE], known=KNOWN)
    assert found.context.scene is not None
    assert found.context.scene.date == "2026-01-12"  # the Monday of publication


def test_the_lines_hold_what_survives_translation() -> None:
    article = _article("Doe and Roe", "Doe came with 12 ships. Roe waited.\n\nNobody else did.")
    (found,) = reports_of(
        _annotated(article, _said(article, "Nobody else did", DOE), Doe=DOE, Roe=ROE), [DOE], known=KNOWN
    )
    lines = [line.split("\t") for line in found.context.lines.splitlines()]
    texts = [article.full_text[int(start) : int(end)] for start, end, *_ in lines]
    assert texts == ["Doe came with 12 ships.", "Roe waited.", "Nobody else did."]
    assert [marks for _, _, *marks in lines] == [["12"], [ROE], []]


def test_a_mention_among_many_dates_may_be_background() -> None:
    days = "In 2014, 2015, 2018, 2020 and 2022 there were talks; Doe was there."
    article = _article("Years of talks", days)
    assert reports_of(_annotated(article, Doe=DOE), [DOE], known=KNOWN)
    fewer = _article("Years of talks", "In 2014 there were talks; Doe was there.")
    assert not reports_of(_annotated(fewer, Doe=DOE), [DOE], known=KNOWN)


def test_a_title_in_which_somebody_else_speaks_of_him_answers_him() -> None:
    article = _article("Roe: Doe should try it", "The quay was ready, Roe said.")
    theirs = replace(_said(article, "Doe should try it", ROE), speaker="Roe")
    (found,) = reports_of(_annotated(article, theirs, Doe=DOE, Roe=ROE), [DOE], known=KNOWN)
    assert found.context.answers == 1
    his = _said(article, "The quay was ready", DOE)
    (found,) = reports_of(_annotated(article, his, Doe=DOE, Roe=ROE), [DOE], known=KNOWN)
    assert found.context.answers == 0


def test_who_speaks_in_the_title_is_told_unless_it_is_he_or_his_country() -> None:
    article = _article("Roe: the quay is shut", "Nobody may land, Doe had said.")
    his = _said(article, "Nobody may land", LAVROV)
    for speaker, name, told in ((ROE, "Roe", True), (LAVROV, "Lavrov", False), ("Q159", "Russia", False)):
        titled = replace(_said(article, "the quay is shut", speaker), speaker=name)
        (found,) = reports_of(_annotated(article, titled, his, Doe=LAVROV), [LAVROV], known=KNOWN)
        assert found.context.other_in_title is told
        assert found.context.leader == (LAVROV if speaker == "Q159" else speaker)
