"""The demo's corpus as documents of the four indices, made by the code of the services, without Kafka.

Without sentence vectors unless they are asked for: they cost most of the time, and without them only fewer remarks are
found to be the same in two languages.
"""

import datetime
import functools
import hashlib
from collections.abc import Iterator

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from console.demo.data import Article, load_gold, url_of
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.annotate.features import Embedder
from processors.annotate.knowledge import knowledge_of
from processors.dispatch import reports_of
from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.overrides import Overrides
from processors.index.names import names
from schemas import CleanArticle, Outlet, Seq, Source, epoch_ms
from schemas.index import Action, IndexName, document

SPEAKER = "Q58217"
# The corpus is of 1 to 19 June 2026.
SINCE = datetime.datetime(2026, 5, 31, tzinfo=datetime.UTC)
UNTIL = datetime.datetime(2026, 6, 20, tzinfo=datetime.UTC)


def actions(*, embeddings: bool = False) -> tuple[Action, ...]:
    """What the sink would write for the corpus as of its first phase, decided in order of publication."""
    return _actions(embeddings)


@functools.cache
def _actions(embeddings: bool) -> tuple[Action, ...]:
    labels = names()
    gazetteer = load_gazetteer()
    embedder = Embedder() if embeddings else None
    grouper = Grouper(SPEAKER, default_model(), Overrides())
    latest: dict[tuple[str, str], Action] = {}
    for offset, article in enumerate(load_gold().as_of(1)):
        annotated = annotate(_clean(article), gazetteer=gazetteer, embedder=embedder, speakers=[SPEAKER])
        made = [document(annotated, labels)]
        for report in reports_of(annotated, [SPEAKER], known=knowledge_of(gazetteer)):
            outcome = grouper.decide(report, Source(topic="demo", partition=0, offset=offset))
            made += [document(output, labels) for output in outcome.outputs]
        latest |= {(one.role, one.id): one for one in made}
    return tuple(latest.values())


def fill(client: Elasticsearch, prefix: str, *, embeddings: bool = False) -> None:
    """Writes all of them to the indices of generation 1, which ``install`` has made."""
    bulk(client, _lines(prefix, embeddings), refresh=True)


def _lines(prefix: str, embeddings: bool) -> Iterator[dict[str, object]]:
    for action in actions(embeddings=embeddings):
        index = IndexName(action.role, 1, prefix).write_alias
        yield {"_op_type": "index", "_index": index, "_id": action.id, "_source": action.body}


def _clean(article: Article) -> CleanArticle:
    outlets = {one.outlet: one for one in load_gold().outlets}
    of = outlets[article.outlet]
    # The fetcher looks every few minutes.
    fetched = article.published.astimezone(datetime.UTC) + datetime.timedelta(minutes=4)
    return CleanArticle(
        article_id=article.id,
        seq=Seq(epoch_ms(fetched), article.id),
        revision=hashlib.blake2b(article.text.encode(), digest_size=8).hexdigest(),
        url=url_of(article),
        outlet=Outlet(id=of.outlet, name=of.name, country=of.country, kind=of.kind),
        fetched=fetched,
        title=article.title,
        text="\n".join(article.paragraphs),
        lang=article.lang,
        published=article.published,
        published_from="feed",
        authors=list(article.authors),
        section=article.section or None,
        credited=_credited(article),
    )


def _credited(article: Article) -> str | None:
    if not article.credited or article.copy_of is None:
        return None
    gold = load_gold()
    original = next(one for one in gold.articles if one.id == article.copy_of)
    return next(one.name for one in gold.outlets if one.outlet == original.outlet)
