"""Reads the result of the demo from Elasticsearch."""

from elasticsearch import Elasticsearch

from console.demo.data.gold import Gold, url_of
from console.demo.score import Found, Use
from console.story_members import Document
from ingest.identity import article_id
from schemas.index import IndexRole, alias_of

_PAGE = 2000


def documents(client: Elasticsearch, prefix: str, role: IndexRole) -> list[Document]:
    """All documents of an index of the demo's size, by time."""
    alias = alias_of(role, prefix)
    client.indices.refresh(index=alias)
    answer = client.search(index=alias, size=_PAGE, query={"match_all": {}}, sort=[{"time": "asc"}])
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def found(reports: list[Document], remarks: list[Document], articles: list[Document], gold: Gold) -> dict[str, Found]:
    """What became of each labelled article, by its id in the labels."""
    # By id, not by address: the site lists some articles under an address with tracking, AMP or another host name.
    label_of = {article_id(url_of(article)): article.id for article in gold.articles}
    by_article = {doc["article_id"]: label_of.get(doc["article_id"]) for doc in articles}
    by_report = {doc["report_id"]: by_article.get(doc["article_id"]) for doc in reports}
    uses: dict[str, list[Use]] = {}
    for doc in remarks:
        if not doc.get("retracted"):
            uses.setdefault(doc["report_id"], []).append(Use(doc["remark_id"], doc["wording"]))
    out = {}
    for doc in reports:
        label = by_report[doc["report_id"]]
        if label is None or doc.get("retracted") or "role" not in doc:
            continue
        original = doc.get("copy_of")
        out[label] = Found(
            role=doc["role"],
            story=doc.get("story_id"),
            copy_of=by_report.get(original) if original else None,
            uses=tuple(uses.get(doc["report_id"], ())),
        )
    return out
