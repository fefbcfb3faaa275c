"""Roles and the names beside them: "Russian Foreign Minister Sergei Lavrov", "Lavrov, the Russian foreign minister"."""

from collections.abc import Iterable

from msgspec.structs import replace

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.case import LANGUAGES
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.names import function_word
from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.tokens import Token

_HELD = frozenset({"foreign_minister", "president", "prime_minister"})
_OFFICES = _HELD | {"minister"}
_MINISTERS = _OFFICES | {"other_minister", "deputy"}
_SERVING = _MINISTERS | {"diplomat", "spokesperson"}
"""Whoever holds one of them serves one country: "before Iran's ambassador, Lavrov avoided …" has two people."""


def merge(
    text: str, tokens: list[Token], roles: list[Mention], names: list[Mention], lexicon: Lexicon, knowledge: Knowledge
) -> list[Mention]:
    """Joins each role with the name beside it, unless who is named so never held that office: "after he met Vladimir
    Putin, Russia's foreign minister told …" has two people.
    """
    merged: list[Mention] = []
    used: set[int] = set()
    for role in roles:
        free = (name for name in names if name.first not in used)
        name = None if role.kind == "org" else _name_of(role, free, tokens, lexicon, knowledge)
        if name is None:
            merged.append(role)
        else:
            used.add(name.first)
            merged.append(_joined(text, tokens, role, name, lexicon))
    merged.extend(n for n in names if n.first not in used)
    return merged


def _name_of(
    role: Mention, names: Iterable[Mention], tokens: list[Token], lexicon: Lexicon, knowledge: Knowledge
) -> Mention | None:
    """The first name beside a role that is that of whoever has it."""
    if role.office == "other" and role.number == "p":
        return None
    return next((name for name in names if _is_named(role, name, tokens, lexicon, knowledge)), None)


def _is_named(role: Mention, name: Mention, tokens: list[Token], lexicon: Lexicon, knowledge: Knowledge) -> bool:
    gap = tokens[role.last : name.first]
    comma = bool(gap) and gap[0].text == ","
    after = name.first >= role.last and _joins(gap, role, lexicon) and not _of_two_cases(role, name, lexicon)
    before = _describes(role, name, tokens, lexicon)
    if name.kind == "name" and name.last - name.first < 2 and (before or comma):
        return False
    if before and name.kind == "name" and role.last < len(tokens) and tokens[role.last].low in lexicon.cues:
        return False  # "… to see the White Nights, the minister said"
    if after and comma and role.office == "other" and _after_preposition(tokens, role, lexicon):
        return False  # "in the capital, Mr. Lavrov said"
    inserted = after and name.last < len(tokens) and tokens[name.last].low in lexicon.cues
    if inserted and gap and lexicon.order == "svo" and lexicon.has("indefinite", tokens[role.first].low):
        return False  # "… be represented by a deputy minister, Lavrov told him"
    if (before or (after and comma)) and _another(role, name, knowledge):
        return False
    return after or before


def _describes(role: Mention, name: Mention, tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a role stands behind a name as its apposition: "Lavrov, the Russian foreign minister"."""
    if name.last > role.first or name.kind not in ("person", "name"):
        return False
    if [t.text for t in tokens[name.last : role.first]] != [","] or not _closed(tokens, role.last):
        return False
    goes_on = _goes_on(tokens, role.last, lexicon)
    if lexicon.cases and role.last == role.first + 1 and goes_on:
        return False  # «…, обсуждал ли он это с Лавровым, дипломат ответил»: one word goes on with a verb.
    dependent = name.oblique or _after_preposition(tokens, name, lexicon)
    return not (dependent and (lexicon.cases or name.kind == "name" or goes_on))


def _joined(text: str, tokens: list[Token], role: Mention, name: Mention, lexicon: Lexicon) -> Mention:
    """A role and the name beside it as one mention."""
    first, last = min(role.first, name.first), max(role.last, name.last)
    start, end = tokens[first].start, tokens[last - 1].end
    oblique = role.oblique if lexicon.cases and name.first >= role.last else name.oblique
    return replace(
        role, first=first, last=last, start=start, end=end, text=text[start:end], kind=_kind(role, name, lexicon),
        id=name.id, name=name.name, gender=role.gender or ("" if oblique else name.gender), oblique=oblique,
    )  # fmt: skip


def _kind(role: Mention, name: Mention, lexicon: Lexicon) -> str:
    """The kind of both together: a minister with two names is a person, though unknown, where his verb may be far away
    (Turkish) or somebody else be in between («сообщил журналистам министр транспорта Имя Фамилия»).
    """
    known = (lexicon.order == "sov" or lexicon.cases) and role.office in _MINISTERS and " " in (name.name or "")
    return "person" if known else name.kind


def _of_two_cases(role: Mention, name: Mention, lexicon: Lexicon) -> bool:
    """As in «порадовал гостей Сергей Лавров», «посіпака Путіна»: a man's name in the nominative is no oblique role's,
    and a known name in an oblique case no description's.
    """
    if lexicon.lang not in LANGUAGES:
        return False
    if role.oblique:
        return not name.oblique and name.gender == "m"
    return role.office == "epithet" and name.oblique and name.kind == "person"


def _another(role: Mention, name: Mention, knowledge: Knowledge) -> bool:
    held = knowledge.offices_of(name.id) if name.id is not None else ()
    if not held or role.office not in _SERVING:
        return False
    if role.office in _HELD and role.office not in {office for office, _ in held}:
        return True
    return bool(role.places) and not set(role.places) & {place for _, place in held}


def _joins(gap: list[Token], role: Mention, lexicon: Lexicon) -> bool:
    if not gap:
        return True
    if len(gap) == 1 and gap[0].text == ",":
        return True
    if not lexicon.cases or len(gap) > 9 or role.office == "counterpart":
        return False
    return all(
        (t.kind == "w" and (lexicon.has("role_joins", t.low) or not function_word(t.low, lexicon))) or t.kind == "q"
        for t in gap
    )


def _closed(tokens: list[Token], at: int) -> bool:
    """Whether an apposition ends at ``at``: a comma, the sentence's end, or a verb follows at once."""
    return at >= len(tokens) or tokens[at].text in ",.;—–-)(" or tokens[at].kind == "w"


def _goes_on(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a role is the subject of what follows: "after talks with Fidan, the Russian minister sat down"."""
    return at < len(tokens) and tokens[at].kind == "w" and not lexicon.has("relatives", tokens[at].low)


def _after_preposition(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> bool:
    at = mention.first - 1
    if at > 0 and lexicon.has("determiners", tokens[at].low):
        at -= 1
    return at >= 0 and lexicon.has("prepositions", tokens[at].low)
