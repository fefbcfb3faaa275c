"""What the parts of a sentence around an attribution are: complements, circumstances, clauses, runs of quotations.

Positions are of tokens, ``end`` is exclusive.
"""

from processors.annotate.statements.language.case import LANGUAGES, part_of_speech
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token, names_something

_TRIM = ",;:—–-"
# "on Wednesday evening", and at most what stands between commas behind it: "den 4. März 2026,"
_DAY_WORDS = 5
_DATE_WORDS = 8
_EMPTY_WORDS = 3
# "that the minister Sergei Lavrov announced"
_RELATIVE = 7


def complement(tokens: list[Token], at: int, end: int, lexicon: Lexicon, addressed: bool = False) -> int | None:
    """First token after the complementizer, if only an addressee or an adjunct stands before it."""
    commas = 0
    day = next((i for i in range(at, min(end, at + _DAY_WORDS)) if tokens[i].text == ","), at)
    at = max(at, behind_date(tokens, day, end, lexicon))
    at = _behind_aside(tokens, at, end, lexicon)
    for i in range(at, min(end, at + 30)):
        token = tokens[i]
        if token.text in ":;—–" or (token.kind == "q" and token.text.count(" ") >= 2):
            return None
        if token.text == ",":
            commas += 1
            behind = i + 1 + int(i + 1 < end and lexicon.pro_drop and lexicon.has("prepositions", tokens[i + 1].low))
            # "advirtió al ministro, Marco Rubio, de que …"
            follows = behind < end and lexicon.has("complementizers", tokens[behind].low)
            many = commas > 1 and not lexicon.subject_follows
            if not follows and (many or (lexicon.order == "svo" and not _apposed(tokens, i, end, lexicon))):
                return None
        if token.kind == "w" and lexicon.has("complementizers", token.low):
            if i > at and (_subordinate(tokens[i - 1], lexicon) or _second(tokens, at, i, lexicon)):
                return None
            if i > at and not addressed and not _opens_adjunct(tokens, at, i, lexicon):
                return None
            related = i > at and i + 1 < end and relative_that(token.low, tokens[i + 1].low, lexicon)
            if related or (i > at and _gap(tokens, i, lexicon)):
                return None
            # "how", "why" and "whether" are part of the content, "that" is not.
            return i + 1 if lexicon.has("that", token.low) else i
    return None


def behind_date(tokens: list[Token], comma: int, end: int, lexicon: Lexicon) -> int:
    """Behind the date that explains a day: "on Wednesday, 4 March, …"; behind its second comma, too, where a
    circumstance follows. 0 where none stands there.
    """
    if comma + 2 >= end or tokens[comma].text != "," or comma == 0 or not lexicon.is_time(tokens[comma - 1].low):
        return 0
    number = month = False
    for i in range(comma + 1, min(end, comma + _DATE_WORDS)):
        token = tokens[i]
        if token.text.isdigit():
            number = True
        elif token.low.startswith(lexicon.month_stems):
            month = True
        elif number and month:
            where = token.text == "," and i + 1 < end and lexicon.has("prepositions", tokens[i + 1].low)
            return i + int(where) if token.kind == "p" or lexicon.has("prepositions", token.low) else 0
        elif token.text != "." and not any(lexicon.has(n, token.low) for n in ("determiners", "prepositions")):
            return 0
    return end if number and month and end <= comma + _DATE_WORDS else 0


def relative_that(low: str, following: str, lexicon: Lexicon) -> bool:
    """As in "governments that have discussed": a clause of content begins with its subject."""
    return lexicon.has("relative_complementizers", low) and lexicon.has("auxiliaries", following)


def of_relative(tokens: list[Token], verb: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a verb at ``[verb, last)`` closes an English relative clause, and the verb of the main one comes behind:
    "a toll of the kind that Lavrov announced in Baku would ruin us".
    """
    if lexicon.order != "svo" or verb < 1 or not _announces(tokens, verb, lexicon):
        return False
    opened = next((i for i in range(verb - 1, max(-1, verb - _RELATIVE), -1) if _relates(tokens[i], lexicon)), -1)
    if opened < 1 or any(t.kind != "w" for t in tokens[opened - 1 : verb]):
        return False
    at = begin = skip_adjuncts(tokens, last, len(tokens), lexicon)
    while at + 1 < len(tokens) and lexicon.has("prepositions", tokens[at].low):
        at += 1 + int(lexicon.has("determiners", tokens[at + 1].low))
        while at < len(tokens) and tokens[at].kind == "w" and (tokens[at].capital or tokens[at].text.isdigit()):
            at += 1
    # "leaders that he said would come" has words of his.
    return begin < at < len(tokens) and tokens[at].kind == "w" and _finite(tokens[at], lexicon)


def _announces(tokens: list[Token], verb: int, lexicon: Lexicon) -> bool:
    """Whether somebody stands before a verb: no noun as in "that the state will respond"."""
    before = tokens[verb - 1]
    named = before.capital or before.low in lexicon.pronouns or lexicon.role_at([before.low], 0) is not None
    return named and not tokens[verb].capital


def _relates(token: Token, lexicon: Lexicon) -> bool:
    return lexicon.has("relative_complementizers", token.low) or lexicon.has("relatives", token.low)


def _gap(tokens: list[Token], that: int, lexicon: Lexicon) -> bool:
    """Whether "that" begins such a relative clause."""
    if lexicon.order != "svo" or not lexicon.has("relative_complementizers", tokens[that].low):
        return False
    lows = [t.low for t in tokens[that : that + 2 * _RELATIVE]]
    verbs = ((i, lexicon.verb_at(lows, i)) for i in range(2, min(_RELATIVE, len(lows))))
    return any(cue is not None and of_relative(tokens, that + i, that + i + cue.length, lexicon) for i, cue in verbs)


def _subordinate(before: Token, lexicon: Lexicon) -> bool:
    """As in "a-t-il assuré, alors que les Émirats …": the complementizer is the second word of another conjunction."""
    joined = lexicon.has("connectors", before.low) and not lexicon.has("conjunctions", before.low)
    return lexicon.que_conjunctions and joined


def _second(tokens: list[Token], at: int, complementizer: int, lexicon: Lexicon) -> bool:
    """As in "said the Council should grow and that …", "said the capitals were wrecking what was agreed": a clause
    without a complementizer stands before it.
    """
    if lexicon.order != "svo":
        return False
    before = tokens[at:complementizer]
    verb = next((i for i, t in enumerate(before) if _finite(t, lexicon)), None)
    subordinate = any(lexicon.has(name, t.low) for t in before[:verb] for name in ("relatives", "connectors"))
    return verb is not None and verb > 0 and not subordinate


def _finite(token: Token, lexicon: Lexicon) -> bool:
    known = lexicon.has("finite_auxiliaries", token.low) or lexicon.has("modals", token.low)
    return known and not _month(token, lexicon)


def _month(token: Token, lexicon: Lexicon) -> bool:
    """As in "recalling the May 16 meeting", where it is no modal verb."""
    return token.capital and lexicon.is_time(token.low)


def _behind_aside(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int:
    """Over an adverb between commas before a complementizer: "said, however, that", "insistió, además, en que"."""
    aside = at + 3 < end and tokens[at].text == "," and tokens[at + 1].kind == "w" and tokens[at + 2].text == ","
    if aside and any(lexicon.has("complementizers", t.low) for t in tokens[at + 3 : min(end, at + 5)]):
        return at + 3
    return at


def _apposed(tokens: list[Token], comma: int, end: int, lexicon: Lexicon) -> bool:
    """As in "told the channel, Panorama, that": a second comma soon, and the complementizer behind it."""
    for i in range(comma + 2, min(end - 1, comma + 10)):
        if tokens[i].text == ",":
            return lexicon.has("complementizers", tokens[i + 1].low)
    return False


def _opens_adjunct(tokens: list[Token], at: int, stop: int, lexicon: Lexicon) -> bool:
    token = tokens[at]
    if lexicon.order != "svo" or token.text == ",":
        return True
    if lexicon.has("prepositions", token.low) or lexicon.is_time(token.low) or lexicon.has("auxiliaries", token.low):
        return True
    return stop - at <= 8


def skip_adjuncts(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int:
    """Over words of time ("on Monday", "Feb. 19") and adverbs."""
    while at < end:
        token = tokens[at]
        if token.kind != "w":
            break
        if lexicon.is_time(token.low) or (lexicon.has("auxiliaries", token.low) and lexicon.order != "svo"):
            at += 1
            while at < end and (
                tokens[at].text.isdigit()
                or (
                    tokens[at].text == "."
                    and at + 1 < end
                    and (tokens[at + 1].text.isdigit() or lexicon.is_time(tokens[at + 1].low))
                )
            ):
                at += 1
            behind = behind_date(tokens, at, end, lexicon)
            if behind:
                return behind
            continue
        if lexicon.has("time_qualifiers", token.low) and at + 1 < end:
            # "late on Thursday", "early Friday"
            then = at + 1 + int(lexicon.has("prepositions", tokens[at + 1].low))
            if then < end and lexicon.is_time(tokens[then].low):
                at = then
                continue
        if lexicon.has("prepositions", token.low) and at + 1 < end and lexicon.is_time(tokens[at + 1].low):
            at += 2
            behind = behind_date(tokens, at, end, lexicon)
            if behind:
                return behind
            continue
        break
    return at


def adjunct(tokens: list[Token], begin: int, end: int, lexicon: Lexicon, least: int = 3) -> bool:
    """Whether a part before an attribution is only its circumstance ("Speaking in Ankara,")."""
    first = next((t for t in tokens[begin:end] if t.kind == "w"), None)
    if first is None:
        return True
    low = first.low
    if lexicon.has("connectors", low):
        # '"We trade with all" and such claims are void, he said'
        return tokens[begin].kind != "q" or not lexicon.has("conjunctions", low)
    if lexicon.cases and lexicon.has("prepositions", low) and lexicon.has("questions", tokens[begin + 1].low):
        return True  # «На вопрос, пойдут ли паромы, он ответил»
    if lexicon.has("prepositions", low) or lexicon.is_time(low):
        return not _has_predicate(tokens[begin:end], lexicon)
    if lexicon.is_participle(low):
        # "Penalising a country for its purchases is blackmail" is a clause.
        return lexicon.order != "svo" or not _has_predicate(tokens[begin:end], lexicon)
    words = sum(1 for t in tokens[begin:end] if t.kind == "w")
    return words < least or lexicon.has("openers", low)


def only_circumstance(tokens: list[Token], begin: int, comma: int, lexicon: Lexicon) -> bool:
    """Whether between an attribution and the comma before another one only stands when or where the first was made."""
    inside = tokens[begin : comma - 1]
    if comma - begin <= 1 or tokens[comma - 1].text != "," or any(t.kind != "w" for t in inside):
        return False
    if lexicon.has("about", inside[0].low):
        return False
    begin += int(len(inside) > 1 and lexicon.has("determiners", inside[0].low) and lexicon.is_time(inside[1].low))
    return adjunct(tokens, begin, comma - 1, lexicon, least=1)  # "el domingo tras conversar"


def _has_predicate(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a part that begins with a preposition is a clause all the same: it has a finite verb of its own."""
    for at, token in enumerate(tokens):
        if token.kind == "p" and token.text != ",":
            return False
        subordinate = any(lexicon.has(name, token.low) for name in ("relatives", "connectors", "complementizers"))
        if subordinate and (lexicon.order == "svo" or (at > 0 and tokens[at - 1].text == ",")):
            return False
        low = token.low.rpartition("'")[2] if lexicon.lang == "fr" else token.low
        if any(lexicon.has(name, low) for name in ("finite_auxiliaries", "modals", "subjunctive")) and not (
            at > 0 and _month(token, lexicon)
        ):
            return True
        if has_verb(tokens, at, at + 1, lexicon):
            return True
    return False


def has_verb(tokens: list[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a finite verb stands there, in languages with a dictionary."""
    lang = lexicon.lang or ""
    return lang in LANGUAGES and any(part_of_speech(t.low, lang) == "VERB" for t in tokens[first:last] if t.kind == "w")


_EMPTY = (
    "adverbs", "auxiliaries", "complementizers", "conjunctions", "connectors", "determiners", "negations", "particles",
    "pointers", "prepositions", "relatives", "that", "these",
)  # fmt: skip
_ADVERBS = frozenset(["ADVB", "PRCL", "PREP", "CONJ", "NPRO"])


def says_nothing(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a few words are adverbs, particles and pronouns only («о том», "dagegen"): no verb, and no noun."""
    if len(tokens) > _EMPTY_WORDS or any(t.kind == "q" for t in tokens):
        return False
    return all(t.kind == "p" or _empty(t.low, lexicon) for t in tokens)


def _empty(low: str, lexicon: Lexicon) -> bool:
    if any(lexicon.has(name, low) for name in ("finite_auxiliaries", "modals", "subjunctive")):
        return False
    if low in lexicon.pronouns or lexicon.is_time(low) or any(lexicon.has(name, low) for name in _EMPTY):
        return True
    return lexicon.lang in LANGUAGES and part_of_speech(low, lexicon.lang or "") in _ADVERBS


def only_place(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "a cité à Bakou": a preposition and a name, which no verb has that takes an object."""
    if len(tokens) > _EMPTY_WORDS or not tokens or not lexicon.has("prepositions", tokens[0].low):
        return False
    return all(t.kind == "w" and (t.capital or lexicon.has("determiners", t.low)) for t in tokens[1:])


def clause(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a new main clause begins: words, and an auxiliary among the first."""
    if foreign(tokens, at, end, lexicon):
        return False
    return any(lexicon.has("finite_auxiliaries", t.low) for t in tokens[at + 1 : min(end, at + 8)])


def foreign(tokens: list[Token], at: int, end: int, lexicon: Lexicon, *, inserted: bool = False) -> bool:
    """Whether what follows a comma after an attribution is the reporter's: a participle, a relative or a new clause."""
    if at >= end:
        return True
    token = tokens[at]
    low = token.low
    if token.kind == "q":
        return False
    if lexicon.is_participle(low) and not lexicon.has("adding_participles", low):
        return True
    if inserted and lexicon.has("going_on", low):
        # "X, he said, and Y": what is joined to reported words is reported.
        return False
    return (
        lexicon.has("relatives", low)
        or lexicon.has("connectors", low)
        or lexicon.phrase_at("as_verb", [t.low for t in tokens], at) > 0
    )


def ends(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether an attribution is complete at ``at``: a mark, the end, or its circumstances follow."""
    if at >= len(tokens) or tokens[at].kind == "p":
        return True
    low = tokens[at].low
    return lexicon.has("prepositions", low) or lexicon.is_time(low) or low.endswith("ly")


def tail(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    return lexicon.is_time(tokens[at].low) or tokens[at].kind == "p" or lexicon.has("auxiliaries", tokens[at].low)


def ends_with_quote(tokens: list[Token], begin: int, end: int) -> bool:
    i = end - 1
    while i >= begin and tokens[i].kind == "p":
        i -= 1
    if i < begin or tokens[i].kind != "q":
        return False
    # Two words in quotation marks at the end of a phrase are a name ("mit dem Sender „Hafen“").
    words = sum(1 for t in tokens[begin:i] if t.kind == "w")
    name = tokens[i].text.count(" ") < 2 or names_something(tokens[i])
    return not name or words < 2 or tokens[i - 1].kind == "p" or tokens[i].text[-2:-1] in ",.!?"


def quote_start(tokens: list[Token], begin: int, end: int) -> int:
    """Where the content of a closing attribution begins: the first of a run of quotations, or the clause around it."""
    i = end - 1
    while i >= begin and tokens[i].kind != "w":
        i -= 1
    if i < begin:
        return next(k for k in range(begin, end) if tokens[k].kind == "q")
    if tokens[i].kind == "w" and tokens[i + 1].kind == "p" and tokens[i + 1].text == ":":
        return next(k for k in range(i + 1, end) if tokens[k].kind == "q")
    return begin


def quote_run(tokens: list[Token], at: int, end: int) -> int:
    last = at + 1
    for i in range(at, end):
        if tokens[i].kind == "q":
            last = i + 1
        elif tokens[i].kind == "w":
            break
    return last


def skip_marks(tokens: list[Token], at: int, end: int) -> int:
    while at < end and tokens[at].kind == "p":
        at += 1
    return at


def end(tokens: list[Token]) -> int:
    """Without the marks that end the sentence."""
    end = len(tokens)
    while end > 0 and tokens[end - 1].kind == "p" and tokens[end - 1].text in ".!?…":
        end -= 1
    return end


def trim(tokens: list[Token], first: int, last: int) -> tuple[int, int]:
    while first < last and tokens[first].kind == "p" and tokens[first].text not in "([$€£#":
        first += 1
    while last > first and tokens[last - 1].kind == "p" and tokens[last - 1].text in _TRIM + ".":
        last -= 1
    return first, last
