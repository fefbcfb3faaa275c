"""Whose figures a clause goes by: "According to the data that Lavrov cited, …", «По данным, которые привёл Лавров, …»,
"Lavrov'un verdiği rakamlara göre …". Behind "according to" stands a noun, and who vouches for it in a relative clause
or behind a participle.
"""

from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.text.tokens import Token

# Words from "according to" to the figures.
_LEAD = 5
# Words from figures to the end of the clause that tells whose they are.
_CLAUSE = 12
# Words from Turkish figures to whose they are, and on to their noun.
_NOUNS = 3
_GENITIVE = ("ın", "in", "un", "ün")
_SAY = frozenset({"say"})


def by_figures(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """A cue for each: the phrase up to the comma that closes it."""
    if not lexicon.has_any("citing", lows):
        return []
    if lexicon.order == "sov":
        return _turkish(tokens, lows, mentions, lexicon)
    found = []
    for at, low in enumerate(lows):
        if not lexicon.has("figures", low):
            continue
        begin = _begin(tokens, at, lexicon)
        if begin is None:
            continue
        close = _close(tokens, lows, at, lexicon)
        given = next((i for i in range(begin, close) if i != at and lexicon.has("citing", lows[i])), None)
        teller = _teller(begin, given, close, lows, mentions, lexicon) if given is not None else None
        if teller is not None:
            found.append(Cue(begin, close, _SAY, "accord", teller, accord=True))
    return found


def _begin(tokens: list[Token], at: int, lexicon: Lexicon) -> int | None:
    """Where the phrase begins around the noun at ``at``: with "according to", which opens its clause."""
    begin = at
    while begin > 0 and tokens[begin - 1].kind == "w" and at - begin < _LEAD:
        begin -= 1
    leads = (i for i in range(begin, at) if lexicon.has("figure_leads", tokens[i].low))
    first = next(leads, None)
    opens = first is not None and (
        first == 0 or tokens[first - 1].kind != "w" or lexicon.has("conjunctions", tokens[first - 1].low)
    )
    return first if opens else None


def _close(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> int:
    """Where the phrase ends: at the comma behind its relative clause, or at what opens the clause (Arabic «فإن»)."""
    stop = at + 1
    stop += lexicon.phrase_at("according_after", lows, stop)  # "Den Zahlen zufolge, die"
    if stop + 1 < len(tokens) and tokens[stop].text == ",":
        behind = lows[stop + 1 : stop + 3]  # «цифр, о которых»
        if lexicon.has_any("relatives", behind) or lexicon.has_any("citing", behind):
            stop += 1
    end = min(len(tokens), at + _CLAUSE)
    return next((i for i in range(stop, end) if tokens[i].kind != "w" or lexicon.has("figure_closers", lows[i])), stop)


def _teller(
    begin: int, given: int, close: int, lows: list[str], mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """Who vouches for them: the subject of the relative clause, else whom a participle has beside it."""
    near = [m for m in mentions if begin < m.first and m.last <= close and m.kind in TELLERS]
    if lexicon.cases:
        related = any(lexicon.has("relatives", low) for low in lows[begin:close])
        return next((m for m in near if m.oblique != related), None)
    return next((m for m in near if _gives(m, given, lows, lexicon)), None)


def _gives(mention: Mention, given: int, lows: list[str], lexicon: Lexicon) -> bool:
    """Whether somebody beside the verb is its subject: no "figures that the port gave Lavrov"."""
    if mention.last <= given:
        between = lows[mention.last : given]
        return lexicon.order == "v2" or all(lexicon.has("auxiliaries", low) for low in between)
    between = lows[given + 1 : mention.first]
    if any(lexicon.has("agents", low) for low in [*between, lows[mention.first]]):
        return True
    before = given - 1
    while before > 0 and lexicon.has("auxiliaries", lows[before]):
        before -= 1
    # "los datos que ofreció Lavrov", « les données qu'a présentées le ministre »
    related = any(lexicon.has(name, lows[before]) for name in ("relatives", "complementizers"))
    return not between and (lexicon.subject_follows or related)


def _turkish(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> list[Cue]:
    """The owner in the genitive, the participle, the noun, and "göre"."""
    found = []
    nouns = tuple(lexicon.words.get("figures", ()))
    for mention in mentions:
        at = mention.last
        given = next((i for i in range(at, min(len(tokens), at + _NOUNS)) if lexicon.has("citing", lows[i])), None)
        if given is None or mention.kind not in TELLERS or not lows[at - 1].endswith(_GENITIVE):
            continue
        ends = (i for i in range(given + 2, min(len(tokens), given + 2 + _NOUNS)) if lows[i - 1].startswith(nouns))
        end = next((i for i in ends if lexicon.phrase_at("according_after", lows, i)), None)
        if end is not None:
            found.append(Cue(at, end + 1, _SAY, "accord", mention, accord=True))
    return found
