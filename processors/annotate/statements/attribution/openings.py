"""A report within the circumstance that opens a sentence: "A day after admitting that X, Lavrov set a deadline", "Tras
reconocer que X, …", «Признав, что X, Лавров …», "Nachdem er eingeräumt hatte, dass X, setzte Lawrow …". Whoever is the
subject of the main clause has said it, and it ends where that clause begins.
"""

from msgspec.structs import replace

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import OPENING, Cue
from processors.annotate.statements.text.tokens import Token

_PEOPLE = ("person", "role")
# Words from the beginning to the cue of an opening circumstance, at most.
_REACH = 6
# Words of the content of such a circumstance, at least.
_LEAST = 3


def in_openings(
    tokens: list[Token], lows: list[str], mentions: list[Mention], found: list[Cue], lexicon: Lexicon
) -> list[Cue]:
    """The cues, with the first one marked and given to the main clause's subject where it stands in such an opening."""
    cue = next((c for c in found if c.kinds & {"say", "name", "clause"} and not c.accord), None)
    if cue is None or "," not in lows or not _opens(lows, cue, mentions, lexicon):
        return found
    floor = max(cue.last, cue.source.last if cue.source is not None and cue.source.last < cue.last else 0) + _LEAST
    for mention in mentions:
        if mention.first < floor or mention.kind not in TELLERS or mention.oblique:
            continue
        comma = _comma(tokens, lows, mention.first, lexicon)
        if comma is not None and comma >= floor - 1:
            marked = replace(cue, source=mention, elided=False, kinds=cue.kinds | {OPENING})
            return [marked if c is cue else c for c in found]
    return found


def _opens(lows: list[str], cue: Cue, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a verb's clause opens the sentence and has no subject, or a pronoun that points ahead."""
    at = cue.first
    if at > _REACH or "," in lows[: max(0, at - 2)] or (at > 0 and lows[at - 1] == ","):
        return False
    gerund = lexicon.cases and at == 0 and lexicon.is_participle(lows[0])
    opener = next((i for i in range(at + 1) if lexicon.has("circumstance_openers", lows[i])), 0 if gerund else None)
    if opener is None:
        return False
    # "After Rubio admitted that", "after the port had admitted that"; "Deux jours après" is nobody.
    others = [m for m in mentions if m.kind in _PEOPLE or m.kind == "name"]
    if any(opener <= m.first < at for m in others):
        return False
    infinite = gerund or opener == at or lexicon.is_participle(lows[at])
    infinite = infinite or lexicon.has("content_infinitives", lows[at - 1])  # « après avoir admis »
    return infinite or all(_no_subject(lows, i, lexicon) for i in range(opener + 1, at))


def _no_subject(lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a word between "after" and a finite verb is no noun that could be its subject: "after he admitted",
    "after in Lima he had admitted", but not "after the port admitted".
    """
    low, back = lows[at], at - 1
    if low in lexicon.pronouns or not low[:1].isalpha() or lexicon.is_time(low) or lows[at + 1] == ",":
        return True  # «после того, как признал»
    back -= int(lexicon.has("determiners", lows[back]))
    if lexicon.has("prepositions", lows[back]) and not lexicon.has("circumstance_openers", lows[back]):
        return True
    classes = ("prepositions", "auxiliaries", "correlatives", "complementizers", "connectors", "these")
    return any(lexicon.has(name, low) for name in classes) or lexicon.phrase_at("as_verb", lows, at) > 0


def _comma(tokens: list[Token], lows: list[str], subject: int, lexicon: Lexicon) -> int | None:
    """The comma with which the main clause begins whose subject stands there."""
    first = subject - 1
    while first > 0 and lexicon.has("determiners", lows[first]):
        first -= 1
    if tokens[first].text == ",":
        return first
    behind = lexicon.order != "svo" and first > 1 and tokens[first].kind == "w" and tokens[first - 1].text == ","
    other = any(lexicon.has(name, lows[first]) for name in ("prepositions", "that", "relatives", "connectors"))
    return first - 1 if behind and not other else None
