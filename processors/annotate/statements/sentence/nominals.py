"""Whose a verb's noun is (Turkish): "Lavrov'un yolun kapanacağını söylediği bildirildi" reports Lavrov's words.

The noun is another's report of them, or a relative ("Lavrov'un söylediği sözler"): only the first is a cue.
"""

from processors.annotate.statements.language.lexicon import NOMINAL, Lexicon
from processors.annotate.statements.sentence.parts import Cue, Mention
from processors.annotate.statements.text.tokens import Token

GENITIVE = ("ın", "in", "un", "ün")
_PEOPLE = ("person", "role", "name")
OBJECT_ENDS = ("ını", "ini", "unu", "ünü")
CLAUSE_ENDS = tuple(
    [f"ğ{v}n{v}" for v in "ıiuü"] + ["ğına", "ğine", "ğuna", "ğüne", "larını", "lerini", "mesini", "masını"]
)
"""What ends a clause of content: "kapanacağını", "olduğuna", "hazır olduklarını"."""
_REPORTED = ("dı", "di", "du", "dü", "tı", "ti", "tu", "tü", "yor", "dığı", "diği", "duğu", "düğü")


def possessor_of(
    tokens: list[Token], lows: list[str], first: int, last: int, mentions: list[Mention], earlier: list[Cue],
    lexicon: Lexicon,
) -> Mention | None:  # fmt: skip
    """The first person in the genitive since the cue before, else whose that cue is; None for a relative clause."""
    # What another tells ends with such a noun: "Rubio, [Lavrov'un yolun kapanacağını söylediğini] açıkladı".
    within = last >= len(tokens) and lows[last - 1].endswith(OBJECT_ENDS)
    if not within and (last >= len(tokens) or not _reported(tokens, last, lexicon)):
        return None
    if lows[last - 1].endswith(OBJECT_ENDS):
        # "Lavrov, Zelenskiy'nin X söylediğini hatırlattı" stays Lavrov's.
        tellers = any(m.kind in ("person", "role") and not m.oblique for m in mentions)
        told = first > 0 and (tokens[first - 1].kind == "q" or lows[first - 1].endswith(CLAUSE_ENDS))
        if tellers or not told:
            return None
    floor = earlier[-1].last if earlier else 0
    for mention in mentions:
        if floor <= mention.first and mention.last < first and mention.kind in _PEOPLE and genitive(mention, lows):
            return mention
    return earlier[-1].source if earlier and NOMINAL in earlier[-1].kinds else None


def _reported(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether the noun is the object of a verb, or one of several that are."""
    token = tokens[at]
    if token.kind == "p":
        return token.text == ","
    return lexicon.has("conjunctions", token.low) or token.low.endswith(_REPORTED) or token.low in lexicon.cue_starts


def genitive(mention: Mention, lows: list[str]) -> bool:
    """Whether a mention is somebody's in the genitive, which names have behind an apostrophe: "Lavrov'un"."""
    return lows[mention.last - 1].partition("'")[2].endswith(GENITIVE)
