"""The worker of ``annotate`` and ``dispatch``: two stateless Faust agents around pure functions.

``annotate`` reads ``articles.clean`` and writes ``articles.annotated``; ``dispatch`` reads that and writes ``reports``.
"""

import datetime
from typing import Any

import faust

from processors.acknowledge import acknowledger_of
from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from processors.annotate.features import SentenceModel
from processors.annotate.knowledge import knowledge_of
from processors.dispatch import reports_of
from processors.faust_app import (
    Outgoing,
    Sender,
    build_app,
    on_rebalance,
    run_stateless,
)
from processors.liveness import end_when_stuck
from runtime.forgotten import ForgottenIds
from runtime.settings import Settings
from runtime.topics import names
from schemas import AnnotatedArticle, CleanArticle, Headers, Outlet, Seq, header
from schemas.topics import ANNOTATED, CLEAN, REPORTS

# How often it is looked whether an article was taken out.
_LOOK_SECONDS = 1.0


def build(settings: Settings, forgotten: ForgottenIds) -> faust.App:
    """The app, not started. What needs the processor long runs in a thread, so that the event loop stays alive.

    Nothing is made of a ``forgotten`` article: a replay begins at logs that still have it.
    """
    app = build_app(settings, "annotate")
    gazetteer = load_gazetteer(settings.pipeline.gazetteer)
    known = knowledge_of(gazetteer)
    embedder = SentenceModel.of(settings.annotate).embedder() if settings.annotate.embeddings else None
    recognizer = Recognizer() if settings.annotate.recognition else None
    skip_unwatched, skip_statements = settings.annotate.skip_unwatched, settings.annotate.skip_statements
    free_indirect = settings.annotate.free_indirect
    speakers = settings.pipeline.speakers
    watched = frozenset(speakers)

    # Models and lexicons are loaded before the first record: the first articles must not fall behind the later ones.
    for lang in ("en", "ru"):
        annotate(_warm_up(lang), gazetteer=gazetteer, embedder=embedder, recognizer=recognizer, speakers=None)

    def annotated_of(value: bytes | None, headers: Headers) -> list[Outgoing]:
        if header(headers, "ce_subject") in forgotten:
            return []
        article = CleanArticle.decode(value, headers)
        found = annotate(
            article,
            gazetteer=gazetteer,
            embedder=embedder,
            recognizer=recognizer,
            speakers=watched,
            skip_unwatched=skip_unwatched,
            skip_statements=skip_statements,
            free_indirect=free_indirect,
        )
        return [Outgoing(ANNOTATED, article.article_id, found)]

    def reports_from(value: bytes | None, headers: Headers) -> list[Outgoing]:
        if header(headers, "ce_subject") in forgotten:
            return []
        article = AnnotatedArticle.decode(value, headers)
        reports = reports_of(article, speakers, known=known)
        return [Outgoing(REPORTS, report.speaker_id, report) for report in reports]

    clean = app.topic(names(settings, CLEAN), key_serializer="raw", value_serializer="raw")
    annotated = app.topic(names(settings, ANNOTATED), key_serializer="raw", value_serializer="raw")
    annotate_done, dispatch_done = acknowledger_of(app, "annotate", 200), acknowledger_of(app, "dispatch")
    annotate_send, dispatch_send = Sender(app, settings, "annotate"), Sender(app, settings, "dispatch")

    async def annotate_agent(stream: Any) -> None:
        await run_stateless(stream, annotated_of, annotate_done, annotate_send)

    async def dispatch_agent(stream: Any) -> None:
        await run_stateless(stream, reports_from, dispatch_done, dispatch_send)

    watched_topics = {}
    # A generation that is replayed from a later topic reads what another one has annotated.
    if "annotate" in settings.pipeline.stages:
        app.agent(clean, concurrency=1, name="annotate")(annotate_agent)
        watched_topics[names(settings, CLEAN)] = annotate_done
    if "dispatch" in settings.pipeline.stages:
        app.agent(annotated, concurrency=1, name="dispatch")(dispatch_agent)
        watched_topics[names(settings, ANNOTATED)] = dispatch_done

    @app.timer(interval=_LOOK_SECONDS)  # type: ignore[untyped-decorator]
    async def look() -> None:
        forgotten.refresh()

    on_rebalance(app, annotate_done.forget, dispatch_done.forget)
    end_when_stuck(app, settings, watched_topics)
    return app


_WARM_UP = {
    "en": ("A ferry is late, a captain said", "“The ferry is late,” the captain said on Monday, and the sea was calm."),
    "ru": ("Паром опаздывает, сообщил капитан", "«Паром опаздывает», — сказал капитан в понедельник у причала."),
}


def _warm_up(lang: str) -> CleanArticle:
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    title, text = _WARM_UP[lang]
    return CleanArticle(
        article_id="warm-up", seq=Seq(0, "warm-up"), revision="", url="", outlet=Outlet(id=""), fetched=moment,
        title=title, text=text, lang=lang, published=moment,
    )  # fmt: skip
