"""Where a text speaks of somebody by his office and country alone: "der russische Außenminister", «російський візаві».

Such a mention reports no words of his, so it says less than a name: it is asked for only where it matters whether an
article is about him at all.
"""

import datetime
import re
from collections.abc import Sequence

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.lexicon_file import load_lexicon
from schemas import Entity

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Words for anybody's minister or colleague: beside his country's adjective they mean him.
_GENERIC = frozenset({"minister", "counterpart"})
_REACH = 2


def office_mentions(
    text: str,
    lang: str | None,
    speaker: str,
    entities: Sequence[Entity],
    knowledge: Knowledge,
    day: datetime.date | None = None,
) -> list[tuple[int, int]]:
    """Offsets of his offices beside a word for his country, in order; an office that somebody's name follows is that
    person's. ``day``: of publication; whoever has left an office by then is not meant by it.
    """
    lexicon = load_lexicon(lang)
    offices = knowledge.offices_on(speaker, day)
    if not offices:
        return []
    tokens = list(_WORD.finditer(text))
    lows = [token.group().lower() for token in tokens]
    countries = {country for _, country in offices}
    held = {office for office, _ in offices}
    places = {e.start for e in entities if e.id in countries}
    people = {e.start for e in entities if e.type == "PER"}
    distinct = set(lows)
    national = {low for low in distinct if knowledge.country_of_adjective(low, lang) in countries}
    found: list[tuple[int, int]] = []
    if not national and not places:
        return found
    his = {i for i, token in enumerate(tokens) if lows[i] in national or token.start() in places}
    begins = {low for low in distinct if lexicon.begins_role(low)}
    if not his or not begins:
        return found
    at = 0
    while at < len(tokens):
        role = lexicon.role_at(lows, at) if lows[at] in begins else None
        if role is None:
            at += 1
            continue
        last = at + role.length - 1
        reach = 1 if role.office in _GENERIC else _REACH
        near = {*range(at - reach, at), *range(at, last + 1), *range(last + 1, last + 1 + reach)}
        named = last + 1 < len(tokens) and tokens[last + 1].start() in people
        meant = role.office in held or ("foreign_minister" in held and role.office in _GENERIC)
        if meant and near & his and not named:
            found.append((tokens[at].start(), tokens[last].end()))
        at = last + 1
    return found
