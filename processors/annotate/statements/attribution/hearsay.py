"""Whose words are heard: "the envoys had heard from the minister that …", «студенты услышали от Лаврова, что …»."""

from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import Cue, Mention
from processors.annotate.statements.text.tokens import Token

HEARD = "heard"
"""The base of a cue whose source is those who heard: "…, the chamber heard"."""
TOLD = "was told"
"""The same of those who were told: "Deputies were told that …"."""
_PEOPLE = ("person", "role")
# "heard on Monday from the minister"
_REACH = 4
_NOUN_WORDS = 3


def heard_at(tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon) -> Cue | None:
    """The cue that a verb of hearing or being told makes at ``at``: its source is who told it, or who heard it."""
    teller = _heard_from(tokens, lows, at, mentions, lexicon)
    if teller is not None:
        first = (
            at
            if teller.last < len(tokens) and tokens[teller.last].kind == "w"
            else _aside(tokens, at, mentions, lexicon)
        )
        return Cue(first, teller.last, frozenset({"say"}), lows[at], teller)
    hearer = _audience(tokens, lows, at, mentions, lexicon)
    if hearer is None:
        return None
    base = HEARD if lexicon.has("heard_verbs", lows[at]) else TOLD
    return Cue(at, at + 1, frozenset({"say"}), base, hearer)


def _heard_from(
    tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """From whom a verb of hearing at ``at`` has it, where a clause of content follows; None for other verbs."""
    if not lexicon.has("heard_verbs", lows[at]):
        return None
    for i in range(at + 1, min(at + 1 + _REACH, len(tokens) - 2)):
        if tokens[i].kind != "w":
            return None
        teller = next((m for m in mentions if 0 <= m.first - i - 1 <= 1 and m.kind in _PEOPLE), None)
        if teller is None or not lexicon.has("heard_from", lows[i]):
            continue
        then = teller.last + int(teller.last < len(tokens) and tokens[teller.last].text == ",")
        if then < len(tokens) and lexicon.has("complementizers", lows[then]):
            return teller
        closes = teller.last >= len(tokens) or tokens[teller.last].text in ".,"
        return teller if closes and _aside(tokens, at, mentions, lexicon) < at else None
    return None


def _aside(tokens: list[Token], at: int, mentions: list[Mention], lexicon: Lexicon) -> int:
    """Where ", the council heard from Lavrov" begins, whose verb stands at ``at``; ``at`` where it is none."""
    hearer = next((m for m in mentions if m.last == at), None) or _noun(tokens, at - 1, lexicon)
    return hearer.first if hearer is not None and hearer.first > 0 and tokens[hearer.first - 1].text == "," else at


def _audience(
    tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """Who heard what the sentence tells: nobody by name, and before a clause of content or at the sentence's end."""
    told = at > 0 and lexicon.has("told_verbs", lows[at]) and lexicon.has("copulas", lows[at - 1])
    if at == 0 or not (told or lexicon.has("heard_verbs", lows[at])):
        return None
    before = at - 1 - int(told)
    while before > 0 and lexicon.has("auxiliaries", lows[before]):
        before -= 1
    hearer = next((m for m in mentions if m.last == before + 1), None) or _noun(tokens, before, lexicon)
    if hearer is None or hearer.kind not in ("role", "org", "noun", "name") or (hearer.kind == "role" and hearer.name):
        return None
    if hearer.kind == "role" and hearer.number == "s":
        return None
    closes = at + 1 >= len(tokens) or tokens[at + 1].text in ".,"
    then = at + 1 + int(at + 1 < len(tokens) and tokens[at + 1].text == ",")
    behind = closes and hearer.first > 0 and tokens[hearer.first - 1].text == ","
    return hearer if behind or (then < len(tokens) and lexicon.has("that", lows[then])) else None


def _noun(tokens: list[Token], at: int, lexicon: Lexicon) -> Mention | None:
    """As in "the chamber", "the same session": a definite noun that no list has."""
    for first in range(at - 1, max(-1, at - 1 - _NOUN_WORDS), -1):
        if tokens[first].kind != "w":
            return None
        if lexicon.has("definite", tokens[first].low):
            return noun_at(tokens, first, at + 1)
    return None
