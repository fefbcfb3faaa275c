"""What somebody is heard to say: « On y entend Lavrov réclamer deux sièges », "se oye a Lavrov pedir", "hört man Lawrow
zwei Sitze fordern". Whom one hears stands behind the verb, and what he does is an infinitive.
"""

from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.text.tokens import Token

_NEAR = 2
_SAID = frozenset({"say", "name", "clause"})


def perceived(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """A cue for each such infinitive, with whom one hears as its source."""
    if not lexicon.has_any("perceiving", lows):
        return []
    found = []
    for at, low in enumerate(lows):
        if not lexicon.has("perceiving", low):
            continue
        heard = next((m for m in mentions if 0 <= m.first - at - 1 <= _NEAR and m.kind in ("person", "role")), None)
        if heard is None:
            continue
        stop = next((i for i in range(heard.last, len(tokens)) if tokens[i].kind != "w"), len(tokens))
        verb = stop - 1 if lexicon.lang == "de" else heard.last
        kinds = lexicon.infinitives.get(lows[verb], frozenset()) if heard.last <= verb < stop else frozenset()
        if kinds & _SAID:
            found.append(Cue(verb, verb + 1, kinds & _SAID, lows[verb], heard))
    return found
