"""Headlines that name their speaker: "Lavrov: talks resume", "Talks resume — Lavrov"."""

from dataclasses import dataclass

from processors.annotate.statements.sentence.parts import Cue, Mention
from processors.annotate.statements.text.sentences import Sentence
from processors.annotate.statements.text.tokens import Token


@dataclass(frozen=True, slots=True)
class Headline:
    """Content on tokens ``[first, last)``. ``leads``: the name stands first, and what follows may be about him."""

    first: int
    last: int
    cue: Cue
    source: Mention
    leads: bool


def find_headline(sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> Headline | None:
    if not sentence.first or len(tokens) < (3 if tokens[-1].kind == "q" else 4):
        return None
    for mention in mentions:
        if mention.kind not in ("person", "role", "name", "org"):
            continue
        if mention.first == 0 and mention.last < len(tokens) and tokens[mention.last].text == ":":
            if mention.kind == "org" and sentence.paragraph > 0:
                return None
            cue = Cue(mention.last, mention.last + 1, frozenset({"say"}), ":", mention)
            return Headline(mention.last + 1, len(tokens), cue, mention, leads=True)
        if (
            sentence.paragraph == 0 and mention.last == len(tokens) and mention.first >= 3
            and tokens[mention.first - 1].text in "—–-:|" and mention.kind != "name"
        ):  # fmt: skip
            cue = Cue(mention.first - 1, mention.first, frozenset({"say"}), "-", mention)
            return Headline(0, mention.first - 1, cue, mention, leads=False)
    return None
