"""Whose words are heard: "the envoys had heard from the minister that …", «студенты услышали от Лаврова, что …»."""

from processors.annotate.statements.found import Mention
from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.tokens import Token

_PEOPLE = ("person", "role")
# "heard on Monday from the minister"
_REACH = 4


def heard_from(
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
        return teller if then < len(tokens) and lexicon.has("complementizers", lows[then]) else None
    return None
