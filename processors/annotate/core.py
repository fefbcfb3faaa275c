"""``annotate`` as one pure function: language, entities, statements, and what is measured on their wording."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from processors.annotate.entities import Gazetteer, find_derived, find_entities
from processors.annotate.features import Embedder, fold, numbers, signature
from processors.annotate.knowledge import knowledge_of
from processors.annotate.language import identify
from processors.annotate.statements import find_statements
from schemas import AnnotatedArticle, CleanArticle, Entity, Statement


def annotate(
    article: CleanArticle,
    *,
    gazetteer: Gazetteer,
    embedder: Embedder | None = None,
    speakers: Collection[str] | None = None,
) -> AnnotatedArticle:
    """Everything that later stages need to know of one article.

    ``speakers`` (Wikidata ids): only their statements get a vector, because a sentence costs more than all rules
    together; None: all do. Without an embedder none does. The detected language may be None; the rules then fall back
    on what the page declares.
    """
    text = article.full_text
    lang = identify(text)
    spoken = lang or article.lang
    entities = find_entities(text, spoken, gazetteer)
    found = find_statements(
        text, spoken, entities, article.published, article_id=article.article_id, knowledge=knowledge_of(gazetteer)
    )
    statements = [_measured(statement, spoken, entities) for statement in found]
    return AnnotatedArticle(
        article=article,
        lang=lang,
        entities=sorted([*entities, *find_derived(text, spoken, gazetteer, entities)]),
        statements=_embedded(statements, embedder, speakers),
        signature=signature(article.title, article.text),
    )


def _measured(statement: Statement, lang: str | None, entities: Sequence[Entity]) -> Statement:
    inside = [e for e in entities if statement.start <= e.start and e.end <= statement.end]
    names = {e.id or fold(e.text) for e in inside}
    return replace(statement, numbers=numbers(statement.text, lang), names=sorted(names - {statement.speaker_id}))


def _embedded(
    statements: list[Statement], embedder: Embedder | None, speakers: Collection[str] | None
) -> list[Statement]:
    if embedder is None:
        return statements
    chosen = [i for i, s in enumerate(statements) if speakers is None or s.speaker_id in speakers]
    vectors = embedder.embed([statements[i].text for i in chosen])
    for i, vector in zip(chosen, vectors, strict=True):
        statements[i] = replace(statements[i], vector=vector)
    return statements
