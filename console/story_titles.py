"""What a story is headed: the first article's title, unless that is about another speaker."""

from collections.abc import Mapping, Sequence

from console.story_members import Document


def title_of(story: Document, told: Sequence[Document], articles: Mapping[str, Document]) -> str:
    """The title of the story; where it names others who are quoted in the article and not this speaker, the first of
    ``told`` that names him, else the first that names nobody else.

    One article may report two people, and belongs to a story of each: its title mostly names one of them.
    ``articles``: by id, with the names in their headlines.
    """
    title = str(story.get("title") or "")
    first = next((doc for doc in told if doc.get("title") == title), None)
    if first is not None and _is_of_another(first, articles):
        titled = [doc for doc in told if doc.get("title")]
        his = [doc for doc in titled if _names_him(doc, articles)]
        anybodys = [doc for doc in titled if not _is_of_another(doc, articles)]
        for doc in (his + anybodys)[:1]:
            return str(doc["title"])
    return title or "–"


def _names_him(doc: Document, articles: Mapping[str, Document]) -> bool:
    return doc.get("speaker_name") in articles.get(doc.get("article_id", ""), {}).get("headline_entities", ())


def _is_of_another(doc: Document, articles: Mapping[str, Document]) -> bool:
    article = articles.get(doc.get("article_id", ""), {})
    headline, quoted = article.get("headline_entities", ()), article.get("speaker_names", ())
    return not _names_him(doc, articles) and any(name in quoted for name in headline)
