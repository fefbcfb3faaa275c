"""``remarkwire batch`` without its command line: articles in, what the services would find in them out.

The very functions of the services, in process and without Kafka: ``annotate`` in a pool of processes, ``reports_of``,
``Grouper.decide`` in order of publication.
"""

import datetime
import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from processors.annotate.core import annotate
from processors.annotate.entities import Gazetteer, Recognizer, find_entities, load_gazetteer
from processors.annotate.features import SentenceModel, signature
from processors.annotate.knowledge import NOTHING, knowledge_of
from processors.annotate.language import identify
from processors.batch_lines import line
from processors.dispatch import reports_of
from processors.group.grouper import Grouper
from processors.group.model import Model, default_model, knowing
from processors.group.overrides import Overrides
from processors.group.report.facts import digest
from processors.group.vectors.space import Space
from runtime.lifecycle import deaf_to_ctrl_c, end_with_parent
from schemas import (
    ANY,
    AnnotatedArticle,
    CleanArticle,
    Decision,
    GroupedReport,
    ImportedArticle,
    Outlet,
    Report,
    Seq,
    Source,
    epoch_ms,
    latest_moment,
)
from schemas.errors import DEFECTS, InputError, ProcessingFailed

log = logging.getLogger(__name__)

# What is dated nowhere is taken to be of this day; only differences of days count.
_UNDATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# Of a whole article the beginning tells what it is about; a sentence model was not made for more.
_LEAD_CHARS = 500
# A batch is compared as a whole, however long ago its articles are.
_ALL_DAYS = 365_000.0
_POOL_FROM = 8
_SHIPPED = SentenceModel()

Progress = Callable[[int, int], None]
# An article as it was annotated, with the vector of its beginning where it is whole; or a defect that it met.
Annotated = tuple[AnnotatedArticle, bytes] | ProcessingFailed


@dataclass(frozen=True)
class _Options:
    """What the processes of the pool are told; ``gazetteer`` is the folder of own tables."""

    speakers: frozenset[str] | None
    whole: bool
    sentences: SentenceModel | None
    free_indirect: bool
    gazetteer: Path | None


def run_batch(
    articles: Sequence[ImportedArticle],
    *,
    speakers: Sequence[str] = (ANY,),
    whole: bool = False,
    model: Model | None = None,
    overrides: Overrides | None = None,
    embeddings: bool = True,
    free_indirect: bool = True,
    sentences: SentenceModel = _SHIPPED,
    space: Space | None = None,
    workers: int | None = None,
    gazetteer: Path | None = None,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """One result for each article, in input order, made of what JSON has::

        {"id", "outlet", "published", "title", "lang",
         "entities":   [{"start", "end", "text", "type", "id", "derived"}],
         "statements": [{"start", "end", "text", "kind", "speaker", "speaker_id", "source", "cue", "when",
                         "vague", "confidence"}],
         "reports":    [{"speaker_id", "main", "story", "role", "copy_of", "translated", "brings", "evidence",
                         "confidence", "review",
                         "remarks": [{"remark", "start", "end", "text", "repeats_of", "evidence", "confidence",
                                      "review"}]}]}

    Offsets are characters of title, line feed and text. ``reports`` has an entry for each part (what it says of one
    occasion), the ``main`` one of a speaker first; ``copy_of`` is the ``id`` of the original. ``derived``: a
    word made from a name; ``vague``: the day is only about right. ``brings`` has the ids of remarks that no article had
    before. ``confidence`` and ``review``: see ``schemas.Statement``, ``Part`` and ``RemarkUse``; the evidence of a
    remark, and of a passage of a report, has as ``other`` the text of the statement that it was compared with, and as
    ``article`` whose that is. With ``whole`` remarks have no ``text``, which is all of the article's, nor has their
    evidence. An article that meets a defect of ours gets ``{"id", "error"}``, as the services send it to the dead
    letters, and the others get what they would without it.

    ``speakers``: Wikidata ids, or ``["any"]``. ``whole``: the whole text is one statement of a nameless speaker.
    ``free_indirect``: see ``annotate``. ``sentences``: what makes the vectors if ``embeddings`` are made; ``space``:
    what they are compared in, of the same model. ``gazetteer``: the folder of a newsroom's own tables. ``progress`` is
    called with the number of articles done and the number of all. Raises ``InputError`` for an id that comes twice or
    a date that is none, and ``SettingsError`` for own tables or a model of sentence vectors that cannot be used.
    """
    annotated = read(
        articles, speakers=speakers, whole=whole, embeddings=embeddings, free_indirect=free_indirect,
        sentences=sentences, workers=workers, gazetteer=gazetteer, progress=progress,
    )  # fmt: skip
    return results(
        articles, annotated, speakers=speakers, whole=whole, model=model, overrides=overrides, gazetteer=gazetteer,
        space=space,
    )  # fmt: skip


def read(
    articles: Sequence[ImportedArticle],
    *,
    speakers: Sequence[str] = (ANY,),
    whole: bool = False,
    embeddings: bool = True,
    free_indirect: bool = True,
    sentences: SentenceModel = _SHIPPED,
    workers: int | None = None,
    gazetteer: Path | None = None,
    progress: Progress | None = None,
) -> list[Annotated]:
    """The first half of ``run_batch``: each article annotated, or the defect that it met; in input order."""
    clean = clean_articles(articles)
    watched = None if list(speakers) == [ANY] else frozenset(speakers)
    if gazetteer is not None:
        load_gazetteer(gazetteer)  # what cannot be used in own tables is told here, not by a process of the pool
    options = _Options(watched, whole, sentences if embeddings else None, free_indirect, gazetteer)
    return list(_annotated(clean, options, workers, progress))


def results(
    articles: Sequence[ImportedArticle],
    annotated: Sequence[Annotated],
    *,
    speakers: Sequence[str] = (ANY,),
    whole: bool = False,
    model: Model | None = None,
    overrides: Overrides | None = None,
    gazetteer: Path | None = None,
    space: Space | None = None,
) -> list[dict[str, Any]]:
    """The second half of ``run_batch``: what was read, grouped. ``annotated`` is of the same articles, in their order.

    A corpus that is read as one can be grouped in parts: what is annotated in an article depends on it alone.
    """
    asked = _reports(annotated, speakers, whole, gazetteer)
    decisions = group(asked, model, overrides, space, gazetteer)
    said = {} if whole else {s.statement_id: (report.article_id, s.text) for report in asked for s in report.statements}
    return [
        {"id": article.id, "error": str(found)}
        if isinstance(found, ProcessingFailed)
        else line(found[0], decisions, whole, said)
        for article, found in zip(articles, annotated, strict=True)
    ]


def reports(
    articles: Sequence[ImportedArticle], *, speakers: Sequence[str], workers: int | None = None
) -> list[Report]:
    """The reports of the articles before they are grouped, for trying other orders of arrival or other models.

    Raises ``ProcessingFailed`` for the first article that meets a defect.
    """
    annotated = read(articles, speakers=speakers, workers=workers)
    for found in annotated:
        if isinstance(found, ProcessingFailed):
            raise found
    return _reports(annotated, speakers, False, None)


def _reports(
    annotated: Iterable[Annotated], speakers: Sequence[str], whole: bool, gazetteer: Path | None
) -> list[Report]:
    known = NOTHING if whole else knowledge_of(load_gazetteer(gazetteer))
    return [
        report
        for found in annotated
        if not isinstance(found, ProcessingFailed)
        for report in reports_of(found[0], speakers, known=known, whole=whole, vector=found[1])
    ]


def clean_articles(articles: Sequence[ImportedArticle]) -> list[CleanArticle]:
    """Lines of the input as clean articles, their ``seq`` in order of publication.

    A line without a date takes the place that it has in the file, after the dated line before it; one with a day
    alone comes at the end of it.
    """
    seen: set[str] = set()
    moments: list[datetime.datetime] = []
    dated: list[datetime.datetime | None] = []
    for article in articles:
        if article.id in seen:
            raise InputError(f"id {article.id!r} comes twice; every line is an article of its own and needs its own id")
        seen.add(article.id)
        dated.append(published_of(article))
    latest = [latest_moment(moment) if moment is not None else None for moment in dated]
    first = next((moment for moment in latest if moment is not None), _UNDATED)
    for moment in latest:
        moments.append(moment or (moments[-1] if moments else first))
    order = sorted(range(len(articles)), key=lambda i: (moments[i], i))
    made: list[CleanArticle | None] = [None] * len(articles)
    for place, i in enumerate(order):
        # The place in the order is put into the milliseconds: equal moments stay in file order.
        made[i] = _clean(articles[i], dated[i], moments[i] + datetime.timedelta(milliseconds=place))
    return [article for article in made if article is not None]


def published_of(article: ImportedArticle) -> datetime.datetime | None:
    """When an article was published, as it says; None where it does not. Raises ``InputError`` for a date that is none,
    or so near the ends of the calendar that no day around it can be counted.
    """
    if not article.published:
        return None
    try:
        moment = datetime.datetime.fromisoformat(article.published)
    except ValueError as error:
        raise InputError(
            f"{article.id}: published {article.published!r} is no date; write it as 2025-01-31T12:00:00+03:00"
        ) from error
    if not datetime.MINYEAR < moment.year < datetime.MAXYEAR:
        raise InputError(f"{article.id}: published {article.published!r} is too far away to be a date of publication")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


def _clean(article: ImportedArticle, published: datetime.datetime | None, fetched: datetime.datetime) -> CleanArticle:
    return CleanArticle(
        article_id=article.id,
        seq=Seq(epoch_ms(fetched), article.id),
        revision=digest(article.title, article.text),
        url=article.url or "",
        outlet=Outlet(id=article.outlet or "", name=article.outlet or ""),
        fetched=fetched,
        title=article.title,
        text=article.text,
        lang=article.lang,
        published=published,
        published_from="import" if published else None,
        authors=article.authors,
        credited=article.credited,
    )


def group(
    reports: Iterable[Report],
    model: Model | None = None,
    overrides: Overrides | None = None,
    space: Space | None = None,
    gazetteer: Path | None = None,
) -> dict[str, list[tuple[str, Decision]]]:
    """The decisions on reports taken in order of their ``seq``, as they are after the last: by article id, each with
    its speaker.
    """
    model = default_model(gazetteer=gazetteer) if model is None else knowing(model, gazetteer)
    model = msgspec.structs.replace(model, window_days=_ALL_DAYS)
    groupers: dict[str, Grouper] = {}
    final: dict[str, GroupedReport] = {}
    for offset, report in enumerate(sorted(reports, key=lambda r: (r.seq, r.speaker_id))):
        if report.speaker_id not in groupers:
            groupers[report.speaker_id] = Grouper(report.speaker_id, model, overrides or Overrides(), space)
        outcome = groupers[report.speaker_id].decide(report, Source(topic="batch", partition=0, offset=offset))
        for output in outcome.outputs:
            if isinstance(output, GroupedReport):
                final[output.decision.report_id] = output
    decisions: dict[str, list[tuple[str, Decision]]] = {}
    for grouped in final.values():
        decisions.setdefault(grouped.article_id, []).append((grouped.speaker_id, grouped.decision))
    return decisions


def _annotated(
    articles: Sequence[CleanArticle],
    options: _Options,
    workers: int | None,
    progress: Progress | None,
) -> Iterator[Annotated]:
    """Each article annotated, and with ``whole`` the vector of its beginning; in the order given."""
    if len(articles) < _POOL_FROM or workers == 1:
        _start(options)
        for done, article in enumerate(articles, 1):
            yield _annotate(article)
            if progress is not None:
                progress(done, len(articles))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(options,)) as pool:
        # It starts the processes, each of which would answer Ctrl-C with a traceback.
        with deaf_to_ctrl_c():
            results = pool.map(_annotate, articles, chunksize=4)
        for done, found in enumerate(results, 1):
            yield found
            if progress is not None:
                progress(done, len(articles))


class _Worker:
    """What a process of the pool loads once."""

    def __init__(self, options: _Options) -> None:
        self.speakers, self.whole, self.free_indirect = options.speakers, options.whole, options.free_indirect
        self.gazetteer: Gazetteer = load_gazetteer(options.gazetteer)
        self.embedder = options.sentences.embedder() if options.sentences else None
        self.recognizer = Recognizer()

    def annotate(self, article: CleanArticle) -> tuple[AnnotatedArticle, bytes]:
        if not self.whole:
            found = annotate(
                article,
                gazetteer=self.gazetteer,
                embedder=self.embedder,
                recognizer=self.recognizer,
                speakers=self.speakers,
                free_indirect=self.free_indirect,
            )
            return found, b""
        text = article.full_text
        lang = identify(text, article.lang)
        found = AnnotatedArticle(
            article=article,
            lang=lang,
            entities=find_entities(text, lang or article.lang, self.gazetteer),
            signature=signature(article.title, article.text),
        )
        return found, self.embedder.embed([text[:_LEAD_CHARS]])[0] if self.embedder else b""


_worker: list[_Worker] = []


def _start(options: _Options) -> None:
    end_with_parent()
    _worker[:] = [_Worker(options)]


def _annotate(article: CleanArticle) -> Annotated:
    try:
        return _worker[0].annotate(article)
    except DEFECTS as error:
        log.exception("article %s meets a defect; its output line says so", article.article_id)
        return ProcessingFailed(f"{type(error).__name__}: {error}")
