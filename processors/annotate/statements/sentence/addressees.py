"""Those who are told something, between a verb of saying and what it tells: "told *reporters in the hall* the road is
shut".
"""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.text.tokens import Token

# Words of "told": "warned the envoys in the hall of"
_ADDRESSEE = 6
_ADDRESSEE_AND_SUBJECT = 2


def skip_addressee(tokens: list[Token], at: int, end: int, lexicon: Lexicon, *, about: bool = False) -> int | None:
    """After "told": one noun phrase; None where nothing but it (and its adjuncts) follows. ``about``: the verb takes
    "of" with what was told.
    """
    i = at
    while i < min(end, at + _ADDRESSEE) and tokens[i].kind == "w":
        if i > at and about and any(lexicon.has(name, tokens[i].low) for name in ("genitives", "told_of")):
            return i + 1  # "warned Berlin of the consequences", "warned Berlin against new strikes"
        i += 1
    if at < end and lexicon.has("topic_prepositions", tokens[at].low):
        return None  # "asked about the ferries"
    i = at
    while i < end and tokens[i].kind == "w" and (
        (tokens[i].capital and not lexicon.has("determiners", tokens[i].low)) or i == at
        or (tokens[i].text.isdigit() and tokens[i - 1].capital)  # "told France 24"
    ):  # fmt: skip
        i += 1
    i = _subject_behind(tokens, at, i, end, lexicon)
    i = clauses.skip_adjuncts(tokens, i, end, lexicon)
    if i >= end or tokens[i].text == "," or lexicon.has("prepositions", tokens[i].low):
        return None
    return i


def _subject_behind(tokens: list[Token], at: int, stop: int, end: int, lexicon: Lexicon) -> int:
    """Where those who are told end before a name that is the subject of what they are told: "told him *Moscow* would
    wait", "told reporters *Sergei Lavrov* had left"; ``stop`` where no verb stands behind.
    """
    verb = stop < end and any(lexicon.has(name, tokens[stop].low) for name in ("finite_auxiliaries", "modals"))
    if not verb or stop - at < _ADDRESSEE_AND_SUBJECT or lexicon.is_time(tokens[stop - 1].low):
        return stop
    whole = not tokens[at].capital and not lexicon.has("determiners", tokens[at].low)
    return at + 1 if whole else stop - 1
