"""Whom an article is about: meant by "the visitor", and quoted where nobody is named."""

from collections import Counter
from collections.abc import Iterable, Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.text.possessive import POSSESSIVE, without_possessive
from schemas import Entity

# So many times as often as the next must somebody be named whom an article is about.
_FOCUS = 1.5
# A bound on the work: the unknown names that are most frequent.
_STRANGERS = 20


def named_in_title(text: str, entities: Sequence[Entity]) -> set[str]:
    """Ids of people whom the title names, not as possessors only."""
    title = text.find("\n")
    return {e.id for e in entities if e.type == "PER" and e.id is not None and e.start < title and not _owns(text, e)}


def chief_person(
    text: str, entities: Sequence[Entity], names: Iterable[Mention], roles: Sequence[tuple[int, str]], *,
    lead_end: int, present: frozenset[str], seen: Sequence[str], lexicon: Lexicon,
) -> str | None:  # fmt: skip
    """Id of the person named most often, those in the lead (before ``lead_end``) more; without names of the only one
    whose office is (of ``seen``, known so far). Who is named as a possessor only ("Putin's envoy") counts only where
    nobody else is named. ``roles``: where an office stands for whom; who is nowhere named (not ``present``) counts by
    these. Nobody is where a stranger (of ``names``) is named as often.
    """
    weights: Counter[str] = Counter()
    possessors: Counter[str] = Counter()
    for entity in entities:
        if entity.type == "PER" and entity.id is not None:
            of = possessors if _owns(text, entity) else weights
            of[entity.id] += 2 if entity.start < lead_end else 1
    for start, holder in roles:
        if holder not in present:
            weights[holder] += 2 if start < lead_end else 1
    if not weights and len(seen) == 1:
        return seen[0]
    ranked = (weights or possessors).most_common(2)
    if not ranked:
        return None
    first, often = ranked[0]
    strangers = Counter(_surname(mention) for mention in names if " " in mention.text)
    # "Son" of "Bui Thanh Son" is a word of French as well.
    known = (name for name, _ in strangers.most_common(_STRANGERS) if not _a_word(name, lexicon))
    if any(text.count(name) >= often for name in known):
        return None
    more_than_once = often + sum(holder == first for _, holder in roles) > 1
    return first if more_than_once and (len(ranked) < 2 or often >= _FOCUS * ranked[1][1]) else None


def _owns(text: str, entity: Entity) -> bool:
    ends = text[entity.end - 2 : entity.end + 2].lower()
    return ends.startswith(POSSESSIVE) or ends.endswith(POSSESSIVE)


def _surname(mention: Mention) -> str:
    return without_possessive(mention.text.split()[-1])


def _a_word(name: str, lexicon: Lexicon) -> bool:
    return any(lexicon.has(words, name.casefold()) for words in ("determiners", "prepositions"))
