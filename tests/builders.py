"""Small builders of articles and reports. All wordings here are synthetic: invented for the tests, said by nobody."""

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from ingest.body import pack
from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.features import DIMENSIONS, numbers, signature
from processors.annotate.features.embedder import pack_vector
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements
from schemas import (
    CleanArticle,
    Context,
    Outlet,
    RawArticle,
    Report,
    Seq,
    Setting,
    Source,
    Statement,
    epoch_ms,
    report_id,
)

SPEAKER = "Q1"
START = datetime.datetime(2026, 1, 12, 9, 0, tzinfo=datetime.UTC)
WEDNESDAY = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)

# Synthetic wordings of one occasion, long enough to have shingles.
QUAY = (
    "The delegations will meet again in the old harbour town before the end of the month, the minister said there",
    "Nobody has answered our proposal of three working groups on prisoners, transit and grain since the summer",
    "We would welcome observers from seven countries, provided that they stay longer than a photograph takes",
)
# And of another.
BRIDGE = (
    "The bridge across the northern strait will be closed to lorries until its second pillar has been repaired",
    "Pipelines cannot be mended by declarations, and 40 engineers have waited for their papers since May",
)


def vector(number: int) -> bytes:
    """A sentence vector, unlike those of other numbers. Of length one, as the embedder makes them: only then are the
    products of vectors exact.
    """
    values = np.array([(number * j * 7) % 251 % 128 for j in range(DIMENSIONS)], dtype=np.float32)
    return pack_vector(values / np.linalg.norm(values))


def raw_article(page: str | bytes, article: str = "a", **fields: Any) -> RawArticle:
    """A page as fetched; ``fields`` beside or instead of those given here."""
    given: dict[str, Any] = {
        "seq": Seq(epoch_ms(START), article), "url": f"https://example.org/{article}",
        "outlet": Outlet(id="example.org"), "fetched": START, "media_type": "text/html",
        "body": pack(page if isinstance(page, bytes) else page.encode()),
    }  # fmt: skip
    return RawArticle(article_id=article, **(given | fields))


def clean_article(
    title: str, text: str, article: str = "a", *, at: datetime.datetime = START, **fields: Any
) -> CleanArticle:
    """A cleaned article, published and fetched ``at`` that time; ``fields`` beside or instead of those given here."""
    given: dict[str, Any] = {
        "seq": Seq(epoch_ms(at), article), "revision": "r", "url": f"https://example.org/{article}",
        "outlet": Outlet(id="example.org"), "fetched": at, "published": at,
    }  # fmt: skip
    return CleanArticle(article_id=article, title=title, text=text, **(given | fields))


def statements_of(text: str, lang: str | None, day: datetime.datetime | None = WEDNESDAY) -> list[Statement]:
    """Who said what in ``text`` (title, line break, body), found with the names of the gazetteer."""
    gazetteer = load_gazetteer()
    return find_statements(text, lang, find_entities(text, lang, gazetteer), day, knowledge=knowledge_of(gazetteer))


def measured(statement_id: str, vector: bytes) -> Statement:
    """A statement of which nothing but the vector matters."""
    return Statement(statement_id=statement_id, start=0, end=1, text="x", kind="direct", vector=vector)


def said(
    text: str,
    article: str = "a",
    start: int = 0,
    *,
    kind: str = "direct",
    names: Sequence[str] = (),
    vector: bytes = b"",
    **setting: object,
) -> Statement:
    """A statement of the speaker; keywords beyond those named are fields of its setting."""
    digest = hashlib.blake2b(f"{article}{text}".encode(), digest_size=6).hexdigest()
    return Statement(
        statement_id=digest,
        start=start,
        end=start + len(text),
        text=text,
        kind=kind,  # type: ignore[arg-type]
        speaker_id=SPEAKER,
        numbers=numbers(text, "en"),
        names=list(names),
        vector=vector,
        setting=Setting(**setting) if setting else None,  # type: ignore[arg-type]
    )


def report(
    article: str,
    *texts: str,
    minute: float = 0,
    fetched: float | None = None,
    outlet: str = "",
    title: str = "",
    body: str | None = None,
    lang: str = "en",
    revision: str = "1",
    visit: int = 1,
    credited: str | None = None,
    dated: bool = True,
    context: Context | None = None,
    vectors: Sequence[bytes] = (),
    **setting: object,
) -> Report:
    """An article's report: published ``minute`` minutes after the start, its statements in one setting.

    ``body`` is the text for the signature, the statements where it is not given.
    """
    published = START + datetime.timedelta(minutes=minute)
    seen = published if fetched is None else START + datetime.timedelta(minutes=fetched)
    statements = []
    at = 0
    for i, text in enumerate(texts):
        vector = vectors[i] if i < len(vectors) else b""
        statements.append(said(text, article, at, vector=vector, **setting))
        at += len(text) + 1
    return Report(
        report_id=report_id(article, SPEAKER),
        article_id=article,
        speaker_id=SPEAKER,
        seq=Seq(epoch_ms(published if fetched is None else seen), article),
        revision=revision,
        fetched=seen,
        url=f"https://{outlet or article}.example/{article}",
        outlet=Outlet(id=outlet or f"{article}.example", country="XA"),
        title=title or f"Title of {article}",
        lang=lang,
        published=published if dated else None,
        credited=credited,
        statements=statements,
        context=context or Context(mentions=1, in_title=True, length=at),
        signature=signature(title, " ".join(texts) if body is None else body),
        visit=visit,
    )


def empty(article: str, *, minute: float, visit: int = 2) -> Report:
    """The report that takes back what an earlier revision had."""
    moment = START + datetime.timedelta(minutes=minute)
    return Report(
        report_id=report_id(article, SPEAKER),
        article_id=article,
        speaker_id=SPEAKER,
        seq=Seq(epoch_ms(START), article),
        revision="gone",
        fetched=moment,
        url=f"https://{article}.example/{article}",
        outlet=Outlet(id=f"{article}.example", country="XA"),
        title=f"Title of {article}",
        published=START,
        visit=visit,
    )


def source(offset: int) -> Source:
    return Source(topic="reports.g1", partition=0, offset=offset)
