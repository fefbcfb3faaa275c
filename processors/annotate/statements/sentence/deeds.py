"""Answers that are deeds: "Iran replied with missiles", "Moscow will respond in kind" tell no words."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

_SPEECH = ("that", "claims", "speech_nouns", "noun_cues", "questions")
_INSTRUMENTAL = ("la", "le")
_WITH = "ile"
# "füzelerle"; shorter words have such an ending of their own ("öyle").
_SHORTEST = 6


def by_deed(tokens: list[Token], at: int, base: str, lexicon: Lexicon) -> bool:
    """Whether what follows a verb of answering (``base``) at ``at`` says by what it was done: no words in quotation
    marks, no clause and no noun of speech ("responded with a promise", "by saying").
    """
    if not lexicon.has("responders", base) or at >= len(tokens) or not lexicon.has("answering_by", tokens[at].low):
        return False
    stop = next((i for i in range(at, len(tokens)) if tokens[i].kind != "w"), len(tokens))
    if any(t.kind == "q" or t.text == ":" for t in tokens[stop : stop + 2]):
        return False
    lows = [t.low for t in tokens[at:stop]]
    said = any(lexicon.is_participle(low) and low in lexicon.cues for low in lows)
    return not said and not any(lexicon.has_any(name, lows) for name in _SPEECH)


def with_deed(token: Token, base: str, lexicon: Lexicon) -> bool:
    """The same of the word before a Turkish verb: "füzelerle karşılık verdi"."""
    if not lexicon.has("responders", base) or token.kind != "w":
        return False
    return token.low == _WITH or (len(token.low) >= _SHORTEST and token.low.endswith(_INSTRUMENTAL))
