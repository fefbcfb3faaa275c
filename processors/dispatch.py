"""Who of the watched is in an article, and what of him: a report for each watched speaker.

Pure and stateless. A new speaker on the watch list needs only this stage and ``group`` again.
"""

from collections.abc import Iterable, Sequence

from processors.annotate.entities import load_gazetteer
from processors.annotate.features import (
    answers,
    dates_named,
    earlier,
    explains,
    fold,
    habits,
    lead_answers,
    lines,
    numbers,
    remarks_named,
)
from processors.annotate.knowledge import knowledge_of
from processors.annotate.office import office_mentions
from processors.annotate.statements.article.scene import scene
from schemas import (
    ANY,
    AnnotatedArticle,
    CleanArticle,
    Context,
    Entity,
    Report,
    Setting,
    Signature,
    Statement,
    report_id,
)

_LEAD_STATEMENTS = 3
# Mentions and statements whose surroundings are read. No article that somebody wrote has so many; a megabyte that
# repeats one name has a hundred thousand.
_MOST = 1_000
# Days and years named in a timeline or a history.
_MANY_DATES = 5


def reports_of(
    article: AnnotatedArticle, speakers: Sequence[str], *, whole: bool = False, vector: bytes = b""
) -> list[Report]:
    """One report for each watched speaker whom the article has, in order of ``speakers``.

    He has one where a statement is his, or where he is mentioned in a way that can be a reaction to his remarks or
    background to them (``group`` decides that by the context). For a later visit of a page an empty report stands
    for each watched speaker who is not there: what an earlier revision had is then taken back.

    ``speakers``: Wikidata ids, or ``["any"]`` for everybody to whom a statement is attributed. ``whole``: the whole
    text is taken as one statement of a nameless speaker (``speaker_id`` is ``"any"``), for measuring on any news;
    ``vector`` is then the sentence vector of its beginning.
    """
    if whole:
        return [_whole(article, vector)]
    if list(speakers) == [ANY]:
        speakers = sorted({s.speaker_id for s in article.statements if s.speaker_id is not None})
    made = []
    for speaker in speakers:
        report = _report(article, speaker)
        if report is not None:
            made.append(report)
        elif article.article.visit > 1:
            made.append(_base(article.article, speaker))
    return made


def _report(article: AnnotatedArticle, speaker: str) -> Report | None:
    clean = article.article
    his = [s for s in article.statements if s.speaker_id == speaker]
    mentions = [e for e in article.entities if e.id == speaker]
    lang, known = article.lang or clean.lang, knowledge_of(load_gazetteer())
    offices = office_mentions(clean.full_text, lang, speaker, article.entities, known, clean.published)
    if not his and not mentions and not offices:
        return None
    context = _context(article, speaker, his, mentions, offices)
    if not his and not _may_matter(context, named=bool(mentions)):
        return None
    return _base(clean, speaker, article, his, context)


def _may_matter(context: Context, *, named: bool) -> bool:
    """Whether an article that only mentions him can be a reaction to his remarks or background to them; one that does
    not name him must say more.
    """
    if context.answers or context.habits or (named and context.remarks_named):
        return True
    return context.lead_answers or context.explains or (named and context.dates >= _MANY_DATES)


def _base(
    clean: CleanArticle,
    speaker: str,
    article: AnnotatedArticle | None = None,
    statements: Sequence[Statement] = (),
    context: Context | None = None,
) -> Report:
    """A report with the facts of the article; empty without ``article``."""
    return Report(
        report_id=report_id(clean.article_id, speaker),
        article_id=clean.article_id,
        speaker_id=speaker,
        seq=clean.seq,
        revision=clean.revision,
        fetched=clean.fetched,
        url=clean.url,
        outlet=clean.outlet,
        title=clean.title,
        lang=article.lang if article else None,
        published=clean.published,
        canonical_url=clean.canonical_url,
        credited=clean.credited,
        statements=list(statements),
        context=context or Context(),
        signature=article.signature if article else Signature(),
        visit=clean.visit,
    )


def _context(
    article: AnnotatedArticle,
    speaker: str,
    his: Sequence[Statement],
    mentions: Sequence[Entity],
    offices: Sequence[tuple[int, int]],
) -> Context:
    clean = article.article
    full = clean.full_text
    others = [s for s in article.statements if s.speaker_id != speaker]
    first = sorted(article.statements, key=lambda s: (s.start, s.end))[:_LEAD_STATEMENTS]
    # What "Moscow" says beside him answers him no more than he does himself.
    lead = [s for s in first if not _of_his_side(s.speaker_id, speaker)]
    dates = dates_named(full, article.lang)
    # He is often named by his office where his words are told, which is no mention in the entities.
    sources = {(s.source.start, s.source.end) for s in his if s.source is not None}
    places = sorted({(m.start, m.end) for m in mentions} | sources)
    starts = [start for start, _ in places]
    meant = sorted({*places, *offices})[:_MOST]
    in_title = any(start < len(clean.title) for start in starts)
    answered = _answered(len(clean.title), his, others, mentions)
    titled = bool(lead) and lead[0].start < len(clean.title)
    return Context(
        mentions=max(len(mentions), 1 if his or offices else 0),
        in_title=in_title,
        first_mention=min(starts, default=None),
        length=len(full),
        other_statements=len(others),
        other_in_lead=sum(s.speaker_id != speaker for s in lead),
        leader=(lead[0].speaker_id or lead[0].speaker) if lead else None,
        dates=len(dates),
        names=_names(article.entities, speaker),
        numbers=sorted(numbers(full, article.lang)),
        setting=_setting(his),
        scene=scene(article, speaker, places, knowledge_of(load_gazetteer())),
        lines=lines(full, len(clean.title) + 1, article.lang, article.entities, speaker),
        remarks_named=remarks_named(full, places[:_MOST]),
        answers=answers(clean.title, clean.text, meant) + answered,
        lead_answers=lead_answers(clean.title, clean.text),
        habits=habits(clean.title, clean.text, meant),
        earlier=earlier(clean.title, clean.text, [(s.start, s.end) for s in his[:_MOST]]),
        explains=explains(clean.title, named=in_title),
        other_in_title=titled and lead[0].speaker is not None and lead[0].speaker_id != speaker,
        days=sorted(day for day in dates if "-" in day),
    )


def _answered(title: int, his: Sequence[Statement], others: Sequence[Statement], mentions: Sequence[Entity]) -> bool:
    """Whether in the title, which has ``title`` characters, somebody else speaks of him, and he does not speak there:
    that answers him, in whatever words.
    """
    if any(s.start < title for s in his):
        return False
    told = [s for s in others if s.speaker is not None and s.start < title]
    return any(s.start <= m.start < s.end for s in told for m in mentions)


def _of_his_side(other: str | None, speaker: str) -> bool:
    """Whether it is the country that he holds an office of, or its capital, government or ministry."""
    if other is None or other == speaker:
        return False
    known = knowledge_of(load_gazetteer())
    return known.seats.get(other, other) in {country for _, country in known.offices_of(speaker)}


def _names(entities: Iterable[Entity], speaker: str | None) -> list[str]:
    """Wikidata ids, else folded words, of everything named but the speaker himself."""
    return sorted({e.id or fold(e.norm or e.text) for e in entities if e.id is None or e.id != speaker})


def _setting(his: Sequence[Statement]) -> Setting | None:
    """What his first statements say of the occasion: each field as it stands first."""
    found = [s.setting for s in sorted(his, key=lambda s: s.start) if s.setting and not s.setting.flashback]
    if not found:
        return None
    dated = next((s for s in found if s.date), None)
    return Setting(
        date=dated.date if dated else None,
        vague=dated.vague if dated else False,
        place=next((s.place for s in found if s.place), None),
        counterparts=next((s.counterparts for s in found if s.counterparts), []),
        medium=next((s.medium for s in found if s.medium), None),
        occasion=next((s.occasion for s in found if s.occasion), None),
    )


def _whole(article: AnnotatedArticle, vector: bytes) -> Report:
    clean = article.article
    full = clean.full_text
    names = _names(article.entities, None)
    found = sorted(numbers(full, article.lang))
    statement = Statement(
        statement_id=f"{clean.article_id}-whole",
        start=0,
        end=len(full),
        text=full,
        kind="indirect",
        numbers=found,
        names=names,
        vector=vector,
    )
    context = Context(mentions=1, length=len(full), names=names, numbers=found)
    return _base(clean, ANY, article, [statement], context)
