"""``annotate`` as one pure function: language, entities, statements, and what is measured on their wording."""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from processors.annotate.entities import (
    Gazetteer,
    Recognizer,
    find_derived,
    find_entities,
    find_unlinked,
    named_alone,
    salience,
    with_norms,
    without_namesakes,
)
from processors.annotate.features import Embedder, fold, numbers, signature
from processors.annotate.knowledge import Knowledge, knowledge_of
from processors.annotate.language import identify
from processors.annotate.statements import find_statements
from processors.annotate.statements.free_indirect.find import FreeIndirect
from schemas import AnnotatedArticle, CleanArticle, Entity, Statement

_WORD = re.compile(r"[^\W\d_]+")
# Of one article. A vector costs about as much as the rules do for a thousand words: a text of 1 MB that is one list of
# his remarks took minutes, and all other articles waited. The longest interviews have a few hundred.
MOST_VECTORS = 1000


def annotate(
    article: CleanArticle,
    *,
    gazetteer: Gazetteer,
    embedder: Embedder | None = None,
    speakers: Collection[str] | None = None,
    recognizer: Recognizer | None = None,
    skip_unwatched: bool = True,
    skip_statements: bool = False,
    free_indirect: bool = True,
) -> AnnotatedArticle:
    """Everything that later stages need to know of one article.

    ``speakers`` (Wikidata ids): only their statements get a vector, because a sentence costs more than all rules
    together; None: all do. Without an embedder none does, and no more than the first ``MOST_VECTORS`` do. With the
    shipped one, and ``free_indirect``, sentences that nothing marks as words of one of the ``speakers`` are found, too.
    The ``recognizer`` adds names that the gazetteer does not know, and takes away places that are part of a person's
    name, for readers and the index; with ``skip_unwatched`` only in articles that name one of the ``speakers``.
    Statements are found with the gazetteer's names only: on labelled sets the others did not help (docs/gazetteer.md).
    With ``skip_statements`` they are found only in articles that name one of the ``speakers`` or his country.
    The detected language may be None; the rules then fall back on what the page declares.
    """
    text = article.full_text
    # What cleaning is sure of by the text's own words, lingua's models say, too: none of 3,203 articles differed.
    lang = article.lang if article.lang_from == "text" else identify(text, article.lang)
    spoken = lang or article.lang
    known = with_norms(find_entities(text, spoken, gazetteer), spoken)
    knowledge = knowledge_of(gazetteer)
    found: list[Statement] = []
    if not skip_statements or speakers is None or _concerns(speakers, text, spoken, known, knowledge):
        found = find_statements(
            text, spoken, known, article.published, article_id=article.article_id, knowledge=knowledge,
            more=_unmarked(embedder, speakers) if free_indirect else None,
        )  # fmt: skip
    starts = [entity.start for entity in known]
    statements = [_called(_measured(statement, spoken, known, starts), spoken, gazetteer) for statement in found]
    others = find_derived(text, spoken, gazetteer, known)
    watched = speakers is None or any(entity.id in speakers for entity in known)
    if recognizer is not None and (watched or not skip_unwatched):
        linked = {(entity.start, entity.end) for entity in others}
        spans = recognizer.spans(text, spoken)
        known = without_namesakes(text, spans, known)
        unlinked = find_unlinked(text, spans, known)
        others += [entity for entity in unlinked if (entity.start, entity.end) not in linked]
    entities = with_norms(sorted([*known, *others], key=lambda entity: (entity.start, -entity.end)), spoken)
    return AnnotatedArticle(
        article=article,
        lang=lang,
        entities=entities,
        salience=salience(entities, article.title, text),
        statements=_embedded(statements, embedder, speakers),
        signature=signature(article.title, article.text),
    )


def _unmarked(embedder: Embedder | None, speakers: Collection[str] | None) -> FreeIndirect | None:
    """Its weights are of the shipped model's vectors, and of articles about somebody in particular."""
    if not speakers or embedder is None or not embedder.shipped:
        return None
    return FreeIndirect(embedder, speakers)


def _concerns(
    speakers: Collection[str], text: str, lang: str | None, entities: Sequence[Entity], knowledge: Knowledge
) -> bool:
    """Whether a speaker can be cited: by name, or by an office, which needs his country ("the Russian minister")."""
    homes = {country for speaker in speakers for _, country in knowledge.offices_of(speaker)}
    ids = homes.union(speakers)
    if any(entity.id in ids or knowledge.seats.get(entity.id or "") in homes for entity in entities):
        return True
    words = {word.lower() for word in _WORD.findall(text)}
    return any(knowledge.country_of_adjective(word, lang) in homes for word in words)


def _measured(statement: Statement, lang: str | None, entities: Sequence[Entity], starts: list[int]) -> Statement:
    # Searched, not gone through: a long text has as many entities as statements.
    near = entities[bisect_left(starts, statement.start) : bisect_left(starts, statement.end)]
    inside = [e for e in near if e.end <= statement.end]
    names = {e.id or fold(e.norm or e.text) for e in inside}
    return replace(statement, numbers=numbers(statement.text, lang), names=sorted(names - {statement.speaker_id}))


def _called(statement: Statement, lang: str | None, gazetteer: Gazetteer) -> Statement:
    if statement.speaker is None:
        return statement
    return replace(statement, speaker=named_alone(statement.speaker, statement.speaker_id, lang, gazetteer))


def _embedded(
    statements: list[Statement], embedder: Embedder | None, speakers: Collection[str] | None
) -> list[Statement]:
    if embedder is None:
        return statements
    chosen = [i for i, s in enumerate(statements) if speakers is None or s.speaker_id in speakers][:MOST_VECTORS]
    vectors = embedder.embed([statements[i].text for i in chosen])
    for i, vector in zip(chosen, vectors, strict=True):
        statements[i] = replace(statements[i], vector=vector)
    return statements
