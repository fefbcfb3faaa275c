"""What the demo's speaker says in its articles, by language: text for measuring sentence models on."""

import datetime
from collections import defaultdict

from console.demo.data import Article, load_gold, url_of
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from runtime.settings import PipelineSettings
from schemas import CleanArticle, Outlet, Seq


def statements() -> dict[str, list[str]]:
    """Each wording once, in order of publication."""
    gazetteer, speakers = load_gazetteer(), frozenset(PipelineSettings().speakers)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for article in load_gold().articles:
        for statement in annotate(_clean(article), gazetteer=gazetteer, speakers=speakers).statements:
            if statement.speaker_id in speakers:
                found[article.lang][statement.text] = None
    return {lang: list(texts) for lang, texts in found.items()}


def _clean(article: Article) -> CleanArticle:
    moment = article.published.astimezone(datetime.UTC)
    return CleanArticle(
        article_id=article.id, seq=Seq(0, article.id), revision="", url=url_of(article),
        outlet=Outlet(id=article.outlet), fetched=moment, title=article.title, text=article.text, lang=article.lang,
        published=moment,
    )  # fmt: skip
