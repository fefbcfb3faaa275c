"""Whose a reporting verb is: the construction that it stands in tells, else the cheapest mention (subject_cost.py).

The constructions are asked in order, the narrow ones first; each gives the subject, or says that it is that of the cue
before, or that the verb does not stand in it.
"""

from collections.abc import Callable, Sequence

from processors.annotate.statements.attribution.relative_clauses import (
    antecedent,
    described,
    described_first,
    names_its_source,
    resumed,
)
from processors.annotate.statements.attribution.strangers import noun_at, stranger_before
from processors.annotate.statements.attribution.subject_cost import FAR, cost_of
from processors.annotate.statements.attribution.verb_second import behind, beside_auxiliary, noun_behind
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.language.case import LANGUAGES, is_nominative, may_be_subject, past_gender
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.asides import opened
from processors.annotate.statements.sentence.clauses import ends
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.tokens import Token

Subject = tuple[Mention | None, bool]
"""A mention, or (None, True) where the subject is that of the cue before."""
Construction = Callable[[Verb], Subject | None]

_AS_BEFORE: Subject = None, True
# A bound on the work for a sentence that is no sentence: tokens looked at.
_REACH = 80
_PLURAL = ("ли", "лися", "лись", "ють", "уть", "ять", "ать", "ют", "ут", "ят", "ат")
_PEOPLE = ("person", "role")
# What an institution costs that ends the clause of content before the verb, where a person stands behind it.
_CLOSED = 3.0
# From this price on a stranger who stands before the verb is rather its subject.
_DEAR = 3.5
# Words between an institution, or a person behind the verb, and the verb.
_NEAR = 10
# At most, of a subject that begins a sentence.
_SUBJECT_WORDS = 4


def tells_news(tokens: list[Token], cue: Cue, lexicon: Lexicon) -> bool:
    """Whether an attribution can be of what was said this time: no "As Moscow insists", and in English no perfect
    ("Russia has proposed talks" tells where things stand).
    """
    source = cue.source
    if source is not None and source.first > 0 and lexicon.has("connectors", tokens[source.first - 1].low):
        return False
    return lexicon.lang != "en" or not any(
        lexicon.has("perfect_auxiliaries", t.low) for t in tokens[max(0, cue.first - 3) : cue.first]
    )


def subject_of(verb: Verb) -> Subject:
    """The subject of a reporting verb."""
    for construction in _CONSTRUCTIONS:
        subject = construction(verb)
        if subject is not None:
            return subject
    return _cheapest(verb)


def _participle(verb: Verb) -> Subject | None:
    """As in "…, adding that …"; in Arabic its subject may be that of a verb that reports nothing («توجه الوزير إلى
    الحلف محذرا من أن»).
    """
    if not verb.lexicon.is_participle(verb.lows[verb.first]):
        return None
    if verb.lexicon.subject_follows:
        return led(verb) or _AS_BEFORE
    return None if any(m.last == verb.back + 1 for m in verb.mentions) else _AS_BEFORE


def led(verb: Verb) -> Subject | None:
    """Who does what an Arabic sentence begins with, where no cue stands before: «ثمن الوزير الموقف، وأعرب عن أمله»."""
    if verb.earlier or not verb.lexicon.subject_follows:
        return None
    for mention in verb.mentions:
        if mention.last > verb.first:
            break
        before = verb.lows[mention.first - 1] if mention.first else ""
        if mention.kind in _PEOPLE and not mention.oblique and not verb.lexicon.has("prepositions", before):
            return mention, False
    return None


def _joined(verb: Verb) -> Subject | None:
    """As in "He recalled the treaty and said that …" and "the minister, who recalled the treaty and said that …"."""
    if not verb.joined:
        return None
    floor = verb.earlier[-1].last if verb.earlier else 0
    clause = antecedent(verb, max(floor, verb.first - _REACH))
    if clause is not None:
        return clause, False
    if not verb.earlier and verb.lexicon.order != "svo":
        return None
    follows = verb.lexicon.order == "free" and any(
        m.first >= verb.last and m.first - verb.last <= 2 and not m.oblique and m.kind != "org" for m in verb.mentions
    )
    return None if follows else _AS_BEFORE


def _own_words(verb: Verb) -> Subject | None:
    """As in "An agency quoted him: his saying that …" (Arabic): whoever stands just before."""
    if not verb.lexicon.has("own_words", verb.lows[verb.first]):
        return None
    near = [m for m in verb.mentions if 0 <= verb.first - m.last <= 2]
    return (near[-1], False) if near else _AS_BEFORE


def _by_itself(verb: Verb, mark: str) -> Subject | None:
    """Who was quoted before, where pronouns are left out and the verb stands by itself between a comma and ``mark``;
    where nothing follows, a full stop is meant.
    """
    tokens, first, last = verb.tokens, verb.first, verb.last
    behind = tokens[last].text if last < len(tokens) else "."
    inserted = first > 0 and tokens[first - 1].text == "," and behind == mark
    return _AS_BEFORE if verb.lexicon.pro_drop and inserted else None


def _behind_aside(verb: Verb) -> Subject | None:
    """As in "Sybiha, commenting on Lavrov's words, said": who stands before the aside, and nobody within it."""
    tokens, lexicon = verb.tokens, verb.lexicon
    if lexicon.subject_follows or lexicon.order == "sov" or _told_behind(verb):
        return None
    for comma in opened(tokens, verb.back, lexicon):
        before = next((m for m in verb.mentions if m.last == comma), None)
        # «МИД Украины» has its genitive behind it.
        named = before is not None and before.kind == "org" and before.first == 0 and before.last > 1
        if before is not None and (named or not before.oblique) and not governed(tokens, before.first, lexicon):
            return before, False
        stranger = None if before else stranger_before(tokens, verb.lows, comma - 1, verb.mentions, lexicon)
        if stranger is not None:
            return stranger, False
        if before is None and comma <= _SUBJECT_WORDS and lexicon.lang in LANGUAGES:
            word = tokens[comma - 1]
            if word.kind == "w" and (word.capital or is_nominative(word.low, lexicon.lang or "")):
                return noun_at(tokens, comma - 1, comma), False  # «Ведомство, комментируя слова Лаврова, сообщило»
    return None


def _told_behind(verb: Verb) -> bool:
    """Whether the subject stands behind the verb: "The ferries, carrying letters, said Rubio, would be late"."""
    teller = next((m for m in verb.mentions if m.first == verb.last and m.kind in ("person", "role", "pronoun")), None)
    if teller is None or teller.oblique:
        return False
    if teller.kind == "role":
        closed = teller.last >= len(verb.tokens) or verb.tokens[teller.last].kind == "p"
        return verb.lexicon.order == "svo" and closed
    return verb.lexicon.order != "svo" or ends(verb.tokens, teller.last, verb.lexicon)


def _it(verb: Verb) -> Subject | None:
    """As in "It said that", "…, it added": an institution. "It was announced" is nobody's; "said it would reply" has
    its speaker.
    """
    if verb.lexicon.order != "svo":
        return None
    near = next((m for m in verb.mentions if m.last == verb.back + 1 and m.kind == "pronoun"), None)
    if near is None or (near.first > 0 and verb.tokens[near.first - 1].kind == "w"):
        return None
    passive = any(verb.lexicon.has("copulas", low) for low in verb.lows[verb.back + 1 : verb.first])
    return (near, False) if near.number == "n" and not passive else None


def _with_pronoun(verb: Verb) -> Subject | None:
    """As in "a-t-il soutenu" and "a-t-il longuement soutenu": the auxiliary has its subject."""
    if verb.lexicon.lang != "fr":
        return None
    at = verb.first - int(verb.first > 1 and verb.lows[verb.first - 1].endswith("ment"))
    if not at or "-" not in verb.lows[at - 1]:
        return None
    return _known(next((m for m in verb.mentions if m.last == at and m.kind == "pronoun"), None))


def _known(mention: Mention | None) -> Subject | None:
    return None if mention is None else (mention, False)


_CONSTRUCTIONS: Sequence[Construction] = (
    _participle,
    _joined,
    _own_words,
    _behind_aside,
    lambda verb: _by_itself(verb, "."),  # "En cuanto al reactor, que construye Rosatom, las obras marchan, aseveró."
    lambda verb: _known(names_its_source(verb) or antecedent(verb) or resumed(verb) or described_first(verb)),
    lambda verb: _by_itself(verb, ","),  # "X, dijo, Y"
    lambda verb: _known(beside_auxiliary(verb) or behind(verb)),
    _with_pronoun,
    _it,
    lambda verb: _known(noun_behind(verb)),
)


def _cheapest(verb: Verb) -> Subject:
    """The mention that costs least; nobody where that is too much, or where a stranger stands nearer."""
    lexicon, first, last = verb.lexicon, verb.first, verb.last
    best: Mention | None = None
    price = FAR
    closed = _closes_content(verb)
    colon = next((i for i in range(last, len(verb.tokens)) if verb.lows[i] == ":"), len(verb.tokens))
    for mention in verb.mentions:
        if (lexicon.cases and mention.first > colon) or not _agrees(mention, verb):
            continue  # «Вспомнил и молодость: в порту он …»
        if mention.last < first - _REACH or mention.first > last + _REACH:
            continue
        if mention.kind == "pronoun" and mention.number in ("i", "n") and lexicon.order != "free":
            continue
        if verb.object_behind and mention.first >= last and (lexicon.order == "svo" or lexicon.objects_behind):
            continue
        cost = cost_of(mention, verb)
        if closed and mention.kind in ("org", "name") and mention.last < first:
            cost += _CLOSED
        if cost < price:
            best, price = mention, cost
    stranger = stranger_before(verb.tokens, verb.lows, verb.back, verb.mentions, lexicon)
    if stranger is not None and price > _DEAR and _agrees(stranger, verb):
        return stranger, False
    if best is None and lexicon.cases and verb.lows[first].endswith(_PLURAL):
        # «В Офісі президента кажуть, що …»: nobody who was named before.
        near = [m for m in verb.mentions if m.kind == "org" and m.last <= first and first - m.last < _NEAR]
        # «…, отметили в министерстве»
        behind = [m for m in verb.mentions if m.kind == "org" and m.first == last + 1]
        near += [m for m in behind if lexicon.has("prepositions", verb.lows[last])]
        if near:
            return near[-1], False
        # «Кубинским партнерам пообещали помощь»
        told = [m for m in verb.mentions if m.oblique and m.kind == "name" and 0 <= first - m.last <= 1]
        return (None, bool(told) and not governed(verb.tokens, told[-1].first, lexicon))
    if best is None and lexicon.lang in LANGUAGES and not _has_nominative(verb):
        return _AS_BEFORE  # «А на вопрос из зала ответил, что …»
    fragment = lexicon.order == "svo" and not lexicon.pro_drop and verb.back < 0 and colon < len(verb.tokens)
    if best is None and fragment and not lexicon.has("openers", verb.lows[first]):
        return _AS_BEFORE  # "Added with a grin: …"
    return described(best, verb), False


def _closes_content(verb: Verb) -> bool:
    """Whether a comma ends the clause of content before the verb, and a person stands behind it: «…, если на это
    пойдут США, заявил министр».
    """
    if not verb.lexicon.cases or verb.first == 0 or verb.tokens[verb.first - 1].text != ",":
        return False
    return any(0 <= m.first - verb.last <= _NEAR and m.kind in _PEOPLE and not m.oblique for m in verb.mentions)


def _agrees(noun: Mention, verb: Verb) -> bool:
    """Whether a common noun can be a Slavic verb's subject: no «суда» in «Оглядел суда и усмехнулся»."""
    lang = verb.lexicon.lang or ""
    if lang not in LANGUAGES or noun.kind not in ("org", "noun"):
        return True
    words = verb.tokens[noun.first : noun.last]
    if any(t.capital or t.kind != "w" for t in words):
        return True
    gender = past_gender(verb.lows[verb.first], lang)
    return not gender or any(may_be_subject(t.low, lang, gender) for t in words)


def _has_nominative(verb: Verb) -> bool:
    """Whether a noun of the verb's clause could be its subject; before a colon it must be of the gender that the verb
    shows («Вспомнил молодость: …»).
    """
    tokens, lexicon, lang = verb.tokens, verb.lexicon, verb.lexicon.lang or ""
    begin = next((i + 1 for i in range(verb.first - 1, -1, -1) if tokens[i].kind == "p"), 0)
    stop = next((i for i in range(verb.last, len(tokens)) if tokens[i].kind == "p"), len(tokens))
    clause = [i for i in (*range(begin, verb.first), *range(verb.last, stop)) if tokens[i].kind == "w"]
    gender = past_gender(verb.lows[verb.first], lang) if stop < len(tokens) and verb.lows[stop] == ":" else ""
    if not gender:
        return any(is_nominative(tokens[i].low, lang) for i in clause)
    return any(
        may_be_subject(verb.lows[i], lang, gender)
        for i in clause
        if verb.lows[i] not in lexicon.closed and not governed(tokens, i, lexicon)
    )
