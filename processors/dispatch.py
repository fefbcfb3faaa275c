"""Who of the watched is in an article, and what of him: a report for each watched speaker.

Pure and stateless. A new speaker on the watch list needs ``annotate`` again, too: vectors are made for watched ones
only.
"""

from collections.abc import Sequence

from processors.annotate.features import numbers
from processors.annotate.knowledge import Knowledge
from processors.annotate.office import office_mentions
from processors.context import context_of, names_but
from schemas import ANY, AnnotatedArticle, CleanArticle, Context, Report, Signature, Statement, report_id

# Days and years named in a timeline or a history.
_MANY_DATES = 5


def reports_of(
    article: AnnotatedArticle,
    speakers: Sequence[str],
    *,
    known: Knowledge,
    whole: bool = False,
    vector: bytes = b"",
) -> list[Report]:
    """One report for each watched speaker whom the article has, in order of ``speakers``.

    He has one where a statement is his, or where he is mentioned in a way that can be a reaction to his remarks or
    background to them (``group`` decides that by the context). For a later visit of a page an empty report stands
    for each watched speaker who is not there: what an earlier revision had is then taken back.

    ``speakers``: Wikidata ids, or ``["any"]`` for everybody to whom a statement is attributed. ``known``: from the
    gazetteer that the article was annotated with. ``whole``: the whole text is taken as one statement of a nameless
    speaker (``speaker_id`` is ``"any"``), for measuring on any news; ``vector`` is then the sentence vector of its
    beginning.
    """
    if whole:
        return [_whole(article, vector)]
    if list(speakers) == [ANY]:
        speakers = sorted({s.speaker_id for s in article.statements if s.speaker_id is not None})
    made = []
    for speaker in speakers:
        report = _report(article, speaker, known)
        if report is not None:
            made.append(report)
        elif article.article.visit > 1:
            made.append(_base(article.article, speaker))
    return made


def _report(article: AnnotatedArticle, speaker: str, known: Knowledge) -> Report | None:
    clean = article.article
    his = [s for s in article.statements if s.speaker_id == speaker]
    mentions = [e for e in article.entities if e.id == speaker]
    lang = article.lang or clean.lang
    offices = office_mentions(clean.full_text, lang, speaker, article.entities, known, clean.published)
    if not his and not mentions and not offices:
        return None
    context = context_of(article, speaker, his, mentions, offices, known)
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


def _whole(article: AnnotatedArticle, vector: bytes) -> Report:
    clean = article.article
    full = clean.full_text
    names = names_but(None, article.entities)
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
