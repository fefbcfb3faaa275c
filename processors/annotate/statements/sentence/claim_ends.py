"""Where the content of a claim ends that is the subject of its sentence: "Lavrov's offer to lease a tug | met with
silence", «Предложение Лаврова перенести регату | осталось без ответа», "Lawrows Vorschlag, X zu tun, | überraschte".

The verb behind it tells what became of the claim; it is the reporter's.
"""

from processors.annotate.statements.language.case import LANGUAGES, is_infinitive, is_person, part_of_speech
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

_IN_FRONT = 2
_LEAST = 2
# From where on a verb of reception cannot be the clause's own: "that all the harbour committees meet surprised".
_CLAUSE = 4
_BELONGING = ("relatives", "complementizers", "connectors", "conjunctions")
_NO_VERB = (*_BELONGING, "prepositions", "adverbs", "determiners", "particles", "negations")


def end_of_claim(tokens: list[Token], first: int, begin: int, lexicon: Lexicon) -> int:
    """The token before which the content ends that begins at ``begin``; ``first``: where owner or noun stands."""
    if first > _IN_FRONT:
        return len(tokens)
    after_mark = tokens[begin - 1].kind == "p" or (begin > 1 and tokens[begin - 2].text == ",")
    if lexicon.lang in LANGUAGES:
        return _at_comma(tokens, begin, lexicon) if after_mark else _before_verb(tokens, begin, lexicon)
    if lexicon.lang == "de":
        return _at_comma(tokens, begin, lexicon) if after_mark else len(tokens)
    if lexicon.words.get("receptions"):
        infinitive = any(lexicon.has(name, tokens[begin - 1].low) for name in ("to", "infinitive_marks"))
        return _received(tokens, begin, lexicon, clause=not infinitive)
    return len(tokens)


def _at_comma(tokens: list[Token], begin: int, lexicon: Lexicon) -> int:
    """The comma behind which the main clause goes on with its verb."""
    for i in range(begin + _LEAST, len(tokens) - 1):
        if tokens[i].text == "," and _goes_on(tokens, i + 1, lexicon):
            return i
    return len(tokens)


def _goes_on(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    low = tokens[at].low
    if lexicon.lang == "de":
        # Behind such a comma stands the verb: no list has all of them.
        other = any(lexicon.has(name, low) for name in _NO_VERB) or low in lexicon.pronouns
        return tokens[at].kind == "w" and not tokens[at].capital and not other
    if any(lexicon.has(name, low) for name in _BELONGING) or lexicon.is_participle(low):
        return False
    stop = next((i for i in range(at, len(tokens)) if tokens[i].kind == "p"), len(tokens))
    return any(_is_verb(tokens[i], lexicon) for i in range(at, stop))


def _before_verb(tokens: list[Token], begin: int, lexicon: Lexicon) -> int:
    """Before the finite verb behind an infinitive, with what denies it and who is its subject."""
    lang = lexicon.lang or ""
    at = next((i for i in range(begin + _LEAST, len(tokens)) if _is_verb(tokens[i], lexicon)), len(tokens))
    if at == len(tokens) or any(t.text == "," for t in tokens[begin:at]):
        return len(tokens)
    while at > begin + _LEAST and part_of_speech(tokens[at - 1].low, lang) in ("PRCL", "ADVB"):
        at -= 1
    return at - int(at > begin + _LEAST and is_person(tokens[at - 1].low, lang))


def _is_verb(token: Token, lexicon: Lexicon) -> bool:
    lang = lexicon.lang or ""
    finite = token.kind == "w" and part_of_speech(token.low, lang) in ("VERB", "PRTS")
    return finite and not is_infinitive(token.low, lang)


def _received(tokens: list[Token], begin: int, lexicon: Lexicon, *, clause: bool) -> int:
    """Before the main clause's verb: the first finite one behind an infinitive, the second behind "that"."""
    verbs = []
    for i in range(begin + 1, len(tokens)):
        if any(lexicon.has(name, tokens[i].low) for name in ("relatives", "complementizers", "connectors")):
            break
        # "said the claim that they had left 'does not stand'"
        low = tokens[i].text[1:].split(" ")[0].casefold() if tokens[i].kind == "q" else tokens[i].low
        chained = lexicon.has("finite_auxiliaries", tokens[i - 1].low)  # "might have been"
        known = any(lexicon.has(name, low) for name in ("receptions", "finite_auxiliaries"))
        if known and not chained and not tokens[i].capital:
            verbs.append(i)
    if not clause:
        return next((i for i in verbs if i >= begin + _LEAST), len(tokens))
    if len(verbs) > 1:
        return verbs[1]
    alone = verbs and lexicon.has("receptions", tokens[verbs[0]].low) and verbs[0] - begin >= _CLAUSE
    return verbs[0] if alone else len(tokens)
