"""What it costs to take a mention for the subject of a reporting verb.

Dearer are mentions across a preposition, another clause, or in an oblique case; any noun that stands directly before
the verb counts as a subject, known or not: what a stranger says is never given to somebody known.
"""

from collections.abc import Iterator
from itertools import chain

from processors.annotate.statements.attribution.verb_second import over_article
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.language.case import LANGUAGES, is_nominative, is_thing, part_of_speech
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.tokens import Token

FAR = 18.0
_NEVER = 99.0
# So many cues before the verb are looked at.
_CUES = 6
_PEOPLE = ("person", "role")
# Words between a verb and its subject behind it, at most, by the language's order.
_MOST_BETWEEN = {"v2": 5, "sov": 1}
_PLURAL_PAST = ("ли", "лись")
_PLURAL = (*_PLURAL_PAST, "ют", "ят", "ут", "ат", "ють", "ять", "уть")


def cost_of(mention: Mention, verb: Verb) -> float:
    """What taking a mention for the verb's subject costs: by distance and by what stands between; ``FAR`` and more is
    too much.
    """
    before = mention.last <= verb.first
    if not before and mention.first < verb.last:
        return _NEVER
    between = range(mention.last, verb.first) if before else range(verb.last, mention.first)
    misplaced = _never_before(mention, verb, between) if before else _never_behind(mention, verb, between)
    if misplaced or _set_apart(mention, verb, before=before):
        return _NEVER
    cost = (2.0 if verb.lexicon.subject_follows else 0.0) if before else 0.7
    if _age(verb, between):
        return cost
    if _never_governed(mention, verb):
        return _NEVER
    # Added one by one: another order of floats has another sum, and two mentions may cost the same.
    near = chain(_distance(mention, verb, between), _dependence(mention, verb))
    for price in chain(near, _form(mention, verb, between), _kind(mention, verb)):
        cost += price
    return cost


def _never_before(mention: Mention, verb: Verb, between: range) -> bool:
    """Whether no subject can stand so before its verb."""
    # «وبشأن غزة، رأى أن»: a topic, and no subject
    marked = mention.kind == "org" and len(between) == 1 and verb.tokens[mention.last].kind == "p"
    return verb.lexicon.subject_follows and (len(between) > 1 or marked)


def _never_behind(mention: Mention, verb: Verb, between: range) -> bool:
    """Whether no subject can stand so behind its verb."""
    tokens, lows, lexicon, first, last = verb.tokens, verb.lows, verb.lexicon, verb.first, verb.last
    if last - first > 1 and lexicon.has("prepositions", lows[last - 1]):
        return True  # "took aim at the plan": what the phrase ends with governs the name behind it.
    if lexicon.subject_follows:
        across = any(lexicon.has("prepositions", lows[i]) for i in between)
        if (mention.kind == "org" and across) or _of_words(verb, mention):
            return True  # «ودعا إلى احترام ميثاق الأمم المتحدة»
    if any(lexicon.has("complementizers", lows[i]) for i in between):
        return True  # who stands in the clause of content is not its speaker
    if lexicon.order == "svo":
        ahead = tokens[first - 1] if first else None
        if ahead is not None and not (ahead.kind == "q" or ahead.text in ",—–-:"):
            return True
        return len(between) > 2 or not _ends_phrase(tokens, mention.last, lexicon)
    return len(between) > _MOST_BETWEEN.get(lexicon.order, len(between))


def _set_apart(mention: Mention, verb: Verb, *, before: bool) -> bool:
    """Whether the word behind a mention says that it is no subject: a postposition, or a noun whose attribute it is."""
    tokens, lexicon = verb.tokens, verb.lexicon
    if mention.last >= len(tokens):
        return False
    following = tokens[mention.last]
    if lexicon.has("postpositions", following.low):
        return True
    if lexicon.order != "sov" or not before:
        return False
    # A bare name before a noun is its attribute there ("Ukrayna limanları"); a subject is set off.
    bare = mention.kind in ("org", "name") or _beside_topic(mention, verb)
    return bare and following.text != "," and not lexicon.has("auxiliaries", following.low)


def _age(verb: Verb, between: range) -> bool:
    """As in "Lavrov, 76, said"."""
    if len(between) != 3:
        return False
    comma, number, closing = between
    return verb.lows[comma] == "," and verb.tokens[number].text.isdigit() and verb.lows[closing] == ","


def _never_governed(mention: Mention, verb: Verb) -> bool:
    """Whether a preposition before a mention says that it is no subject; others only make it dearer."""
    tokens, lows, lexicon = verb.tokens, verb.lows, verb.lexicon
    if lexicon.pro_drop and mention.kind == "org" and governed(tokens, mention.first, lexicon):
        return True
    preposition = _word_before(mention, verb)
    if not lexicon.has("prepositions", preposition):
        return False
    if lexicon.cases and mention.first == 1 and lexicon.has("topic_prepositions", preposition):
        return True  # «Про Рубио отозвался тепло»
    to = lexicon.order == "svo" and lexicon.has("to", lows[verb.first - 1])
    purpose = lexicon.has("purposes", lows[verb.first]) and not lexicon.has("relatives", lows[verb.last - 1])
    infinitive = mention.last <= verb.first and (to or purpose)
    if infinitive and not lexicon.has("connectors", preposition):
        return True  # "he used a press conference with his host to warn that"
    if mention.first >= verb.last and lexicon.order != "sov":
        return True
    if lexicon.cases and mention.oblique and mention.kind in ("org", "name"):
        return True
    # Where subjects are left out who stands behind a preposition is none («al norte de Malí sostuvo que»).
    return lexicon.pro_drop and mention.kind != "pronoun"


def _word_before(mention: Mention, verb: Verb) -> str:
    """The word on which a mention depends, if it is a preposition or "and"; "" at the beginning."""
    if mention.first == 0:
        return ""
    back = 2 if verb.lexicon.order == "v2" and over_article(mention, verb) else 1
    return verb.lows[mention.first - back]


def _distance(mention: Mention, verb: Verb, between: range) -> Iterator[float]:
    """Prices of the tokens between a mention and the verb, where words in brackets cost nothing, and of its cues."""
    lexicon = verb.lexicon
    depth = 0
    for i in between:
        token = verb.tokens[i]
        if token.kind == "q":
            yield 2.5
        elif token.kind == "p":
            depth += (token.text in "([") - (token.text in ")]")
            yield 8 if token.text in ";:" else 1.0 if token.text == "," else 0.5
        elif depth == 0:
            if lexicon.has("auxiliaries", token.low) or lexicon.is_time(token.low):
                yield 0.1
            elif lexicon.has("complementizers", token.low):
                yield 4.0
            else:
                yield 0.12 if lexicon.order == "sov" else 0.6
    for cue in verb.earlier[-_CUES:]:
        if mention.last <= cue.first < verb.first:
            yield 4.0


def _dependence(mention: Mention, verb: Verb) -> Iterator[float]:
    """Prices of a preposition before a mention, over "and", too."""
    lexicon, before = verb.lexicon, _word_before(mention, verb)
    listed = lexicon.order == "svo" and mention.kind == "name" and lexicon.has("conjunctions", before)
    if listed and governed(verb.tokens, mention.first, lexicon):
        yield 7.0  # "exporters in Pontianak and Sampit have lobbied"
    if lexicon.has("prepositions", before):
        # "after Lavrov said" is a clause, "for the ministry said" is not.
        abuts = mention.last == verb.first and lexicon.has("connectors", before)
        yield 0.5 if abuts else 7.0


def _form(mention: Mention, verb: Verb, between: range) -> Iterator[float]:
    """Prices of an oblique case, and of a number and gender that are not the verb's."""
    lexicon, low = verb.lexicon, verb.lows[verb.first]
    woman = lexicon.cases and not mention.oblique and mention.gender == "f" and mention.kind == "person"
    if woman and low.endswith(_PLURAL):
        yield FAR  # a man's genitive looks like a woman's nominative: «визита Лаврова не исключают»
    if mention.oblique:
        # «Кубинским партнерам пообещали помощь» are those who were told, «не исключили визита Лаврова» is not his.
        one = mention.kind in _PEOPLE and mention.number == "s" and low.endswith(_PLURAL)
        told = lexicon.cases and (one or (mention.kind == "name" and low.endswith(_PLURAL_PAST)))
        yield FAR if told or lexicon.order == "sov" or lexicon.subject_follows else 9.0
    if lexicon.cases:
        yield _disagreement(low, mention)
        apart = any(verb.tokens[i].text == "," for i in between)
        if low.endswith(_PLURAL_PAST) and mention.number == "s" and apart:
            yield FAR  # «…, сообщили в ведомстве»: nobody named is the subject


def _kind(mention: Mention, verb: Verb) -> Iterator[float]:
    """Prices of what rather belongs to another noun, or speaks more rarely than people do."""
    tokens, lexicon = verb.tokens, verb.lexicon
    if mention.kind == "org" and lexicon.order == "svo" and _apposed(tokens, mention, verb.first, lexicon):
        yield 9.0
    if mention.kind in ("org", "name") and lexicon.lang in LANGUAGES and _attribute(tokens, mention, lexicon):
        yield 9.0
    if mention.kind == "name" and _of_object(mention, verb):
        yield 4.0
    if mention.kind == "org":
        yield 1.5
    elif mention.kind == "name":
        yield 0.6
    if mention.kind == "pronoun" and mention.number in ("i", "n"):
        yield 3.0


def _of_words(verb: Verb, mention: Mention) -> bool:
    """As in «تعليقا على تصريحات لافروف»: whose words an Arabic phrase is about."""
    lows, noun = verb.lows, mention.first - 1
    if noun <= verb.last or not verb.lexicon.has("prepositions", lows[noun - 1]):
        return False
    return any(verb.lexicon.has(name, lows[noun]) for name in ("claims", "commitments", "documents", "noun_cues"))


def _beside_topic(mention: Mention, verb: Verb) -> bool:
    """As in "Lavrov, … uzman gruplarının toplanacağını açıkladı" ("groups of experts"): a role that anybody may have,
    behind a subject that a comma sets off.
    """
    if mention.kind != "role" or mention.office != "other":
        return False
    return any(
        m.last < mention.first and m.kind in ("person", "role") and verb.tokens[m.last].text == ","
        for m in verb.mentions
    )


def _apposed(tokens: list[Token], mention: Mention, verb: int, lexicon: Lexicon) -> bool:
    """As in "Lavrov, addressing the lower house, the State Duma, repeated": set between commas before the verb."""
    before = mention.first - 1 - int(mention.first > 0 and lexicon.has("determiners", tokens[mention.first - 1].low))
    closed = mention.last + 1 == verb and tokens[mention.last].text == ","
    return before > 0 and tokens[before].text == "," and closed


def _of_object(mention: Mention, verb: Verb) -> bool:
    """As in «Новый срок назвал в Анкаре министр»: the adjective of a thing, and a person in the nominative behind the
    verb, whose object the thing is then.
    """
    lang, tokens, at = verb.lexicon.lang or "", verb.tokens, mention.last
    if lang not in LANGUAGES or at != 1 or at >= verb.first or not is_thing(verb.lows[at], lang):
        return False
    if part_of_speech(verb.lows[0], lang) != "ADJF":
        return False
    behind = (m for m in verb.mentions if m.first >= verb.last and m.kind in _PEOPLE and not m.oblique)
    return any(all(t.kind == "w" for t in tokens[verb.last : m.first]) for m in behind)


def _attribute(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """As in «в штаб-квартире ООН заявил», «в кулуарах Госдумы сказал»: whose a noun in an oblique case is."""
    at = mention.first - 1
    lang = lexicon.lang or ""
    if at < 0 or tokens[at].kind != "w" or part_of_speech(tokens[at].low, lang) != "NOUN":
        return False
    governed_too = at > 0 and lexicon.has("prepositions", tokens[at - 1].low)
    return governed_too or not is_nominative(tokens[at].low, lang)


def _ends_phrase(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a subject behind its verb ends there: in "said the minister had", the minister is not the subject."""
    if at >= len(tokens) or tokens[at].kind != "w":
        return True
    low = tokens[at].low
    return (
        lexicon.has("prepositions", low) or lexicon.is_time(low) or lexicon.has("connectors", low)
        or lexicon.has("relatives", low)
    )  # fmt: skip


def _disagreement(verb: str, mention: Mention) -> float:
    """Past tense verbs of Slavic languages show gender and number."""
    if verb.endswith(("ла", "лась")):
        return 8.0 if mention.gender == "m" or mention.number == "p" else 0.0
    if verb.endswith(("ли", "лись", "ют", "ят", "ють", "ять")):
        return 3.0 if mention.number == "s" and mention.kind in ("person", "pronoun") else 0.0
    if verb.endswith(("л", "лся", "в", "вся")):
        return 8.0 if mention.gender == "f" or mention.number == "p" else 0.0
    return 2.0 if mention.number == "p" else 0.0
