"""The mood of reported speech, by which a language marks a sentence itself as told by somebody: "Der Hafen sei zu"
(Konjunktiv), "Les navires seraient arrivés" (the conditional); and whether it tells an event.
"""

from itertools import pairwise

from processors.annotate.statements.language.case import LANGUAGES, is_future
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

_SHORTEST = 3
_CLAUSE_WORDS = 3
_FAR = 24


def dated(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether the words place something in time; "would not last" does not."""
    return any(lexicon.is_time(t.low) and not _verbal(tokens, i, lexicon) for i, t in enumerate(tokens))


def _verbal(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    verb = at > 0 and lexicon.has("time_verbs", tokens[at].low)
    return verb and lexicon.has("before_infinitives", tokens[at - 1].low)


def prospective(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a verb among the words is in the future, or in what reported speech has for it: "will", "would",
    «ответит», « répondra ».
    """
    ends = lexicon.future_ends
    return any(
        lexicon.has("futures", t.low)
        or (bool(ends) and t.text.islower() and t.low.endswith(ends))
        or (lexicon.lang in LANGUAGES and is_future(t.low, lexicon.lang or ""))
        for t in tokens
    )


def subjunctive(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether the language marks the sentence itself as reported (German, French)."""
    if any(lexicon.has("subjunctive", t.low) and not t.capital for t in tokens):
        return True
    ends = lexicon.reportive_ends
    if ends and any(t.text.islower() and t.low.endswith(ends) for t in tokens) and not dated(tokens, lexicon):
        return True  # "Les navires seraient arrivés": the French conditional
    if lexicon.lang == "de" and _closes_in_subjunctive(tokens, lexicon):
        return True
    # "gehe es zu Ende": with these subjects the indicative ends in -t.
    return lexicon.lang == "de" and any(
        t.text.islower() and len(t.low) > _SHORTEST and t.low.endswith("e") and not t.low.endswith("te")
        and lexicon.has("subjunctive_subjects", following.low) for t, following in pairwise(tokens)
    )  # fmt: skip


def _closes_in_subjunctive(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "Ein Hafen, der allen offenstehe": a clause's last word, where the indicative ends in -t."""
    for at in range(len(tokens) - _CLAUSE_WORDS):
        if tokens[at].text != "," or not lexicon.has("relatives", tokens[at + 1].low):
            continue
        stop = next((i for i in range(at + 1, len(tokens)) if tokens[i].kind != "w"), len(tokens))
        last = tokens[stop - 1]
        if stop - at > _CLAUSE_WORDS and _ends_in_e(last):
            return _no_indicative(last, lexicon)
    return False


def _ends_in_e(token: Token) -> bool:
    return token.text.islower() and token.low.endswith("e") and len(token.low) > _SHORTEST


def _no_indicative(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word in -e may be a subjunctive (the indicative ends in -t): no past tense, adjective or day."""
    return not token.low.endswith(lexicon.indicative_ends) and not lexicon.is_time(token.low)


def reported_clause(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """German: whether a clause without a complementizer begins at ``at``, in the subjunctive and with its verb in
    second place: "der Hafen sei zu", "wenn er zu sei, werde man warten", and no relative clause, which its verb closes.
    """
    if lexicon.lang != "de" or at + _CLAUSE_WORDS > len(tokens) or tokens[at].kind != "w":
        return False
    low = tokens[at].low
    related = lexicon.has("relatives", low) or lexicon.has("determiners", low)
    if lexicon.has("complementizers", low) and not related:
        return False
    led = lexicon.has("connectors", low) or (related and lexicon.has("complementizers", low))  # "wer zögere, verliere"
    if led and lexicon.has("subjunctive", tokens[at + 1].low):
        return False  # "als hätte er gewonnen"
    stop = min(len(tokens), at + _FAR)
    if not led:
        stop = next((i for i in range(at, stop) if tokens[i].kind != "w"), stop)
    verb = next((i for i in range(at + 1, stop) if lexicon.has("subjunctive", tokens[i].low)), stop)
    return verb < stop - int(related and not led) or (
        tokens[at].capital and _verb_behind_name(tokens, at, stop, lexicon)
    )


def _verb_behind_name(tokens: list[Token], at: int, stop: int, lexicon: Lexicon) -> bool:
    """As in "Europa messe mit zweierlei Maß": the indicative ends in -t, and an adjective would have a noun behind."""
    if at + 2 >= stop:
        return False
    verb, after = tokens[at + 1], tokens[at + 2]
    follows = lexicon.has("prepositions", after.low) or lexicon.has("determiners", after.low)
    return _ends_in_e(verb) and follows and _no_indicative(verb, lexicon)


def end_of_reported(tokens: list[Token], at: int, lexicon: Lexicon) -> int:
    """German: the comma behind which another tells of a reported clause: "…, der Hafen sei zu, stieß auf Kritik"."""
    if lexicon.lang != "de":
        return len(tokens)
    for i in range(at, len(tokens) - 1):
        if tokens[i].text != ",":
            continue
        low, rest = tokens[i + 1].low, tokens[i + 1 :]
        told = any(lexicon.has("subjunctive", t.low) for t in tokens[at:i])
        classes = ("relatives", "complementizers", "connectors", "conjunctions")
        # "…, als Manöver bezeichnet": a verdict
        joined = any(lexicon.has(name, low) for name in classes) and not lexicon.has("predicatives", low)
        infinitive = any(lexicon.has("infinitive_marks", t.low) for t in rest)
        if told and not joined and not infinitive and not subjunctive(rest, lexicon):
            return i
    return len(tokens)
