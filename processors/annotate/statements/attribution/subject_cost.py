"""What it costs to take a mention for the subject of a reporting verb.

Dearer are mentions across a preposition, another clause, or in an oblique case; any noun that stands directly before
the verb counts as a subject, known or not: what a stranger says is never given to somebody known.
"""

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
_PLURAL_PAST = ("ли", "лись")
_PLURAL = (*_PLURAL_PAST, "ют", "ят", "ут", "ат", "ють", "ять", "уть")


def cost_of(mention: Mention, verb: Verb) -> float:
    """What taking a mention for the verb's subject costs: by distance and by what stands between; ``FAR`` and more is
    too much.
    """
    tokens, lows, lexicon, first, last = verb.tokens, verb.lows, verb.lexicon, verb.first, verb.last
    if mention.last <= first:
        between = range(mention.last, first)
        cost = 0.0
        if lexicon.subject_follows:
            if len(between) > 1 or (mention.kind == "org" and len(between) == 1 and tokens[mention.last].kind == "p"):
                return _NEVER  # «وبشأن غزة، رأى أن»: a topic, and no subject
            cost = 2.0
    elif mention.first >= last:
        between = range(last, mention.first)
        cost = 0.7
        if last - first > 1 and lexicon.has("prepositions", lows[last - 1]):
            # "took aim at the plan": what the phrase ends with governs the name behind it.
            return _NEVER
        if (
            lexicon.subject_follows
            and mention.kind == "org"
            and any(lexicon.has("prepositions", lows[i]) for i in between)
        ):
            return _NEVER  # «ودعا إلى احترام ميثاق الأمم المتحدة»
        if lexicon.subject_follows and _of_words(verb, mention):
            return _NEVER
        if any(lexicon.has("complementizers", lows[i]) for i in between):
            # Who stands in the clause of content is not its speaker.
            return _NEVER
        if lexicon.order == "svo":
            before = tokens[first - 1] if first else None
            if before is not None and not (before.kind == "q" or before.text in ",—–-:"):
                return _NEVER
            if len(between) > 2 or not _ends_phrase(tokens, mention.last, lexicon):
                return _NEVER
        if lexicon.order == "v2" and len(between) > 5:
            return _NEVER
        if lexicon.order == "sov" and len(between) > 1:
            return _NEVER
    else:
        return _NEVER
    if mention.last < len(tokens) and lexicon.has("postpositions", lows[mention.last]):
        return _NEVER
    if (
        lexicon.order == "sov"
        and mention.last <= first
        and (mention.kind in ("org", "name") or _beside_topic(mention, verb))
    ):
        # A bare name before a noun is its attribute there ("Ukrayna limanları"); a subject is set off.
        following = tokens[mention.last] if mention.last < len(tokens) else None
        if following is not None and following.text != "," and not lexicon.has("auxiliaries", following.low):
            return _NEVER
    if len(between) == 3 and lows[between[0]] == "," and tokens[between[1]].text.isdigit() and lows[between[2]] == ",":
        return cost  # "Lavrov, 76, said"
    depth = 0
    for i in between:
        token = tokens[i]
        if token.kind == "q":
            cost += 2.5
        elif token.kind == "p":
            if token.text in "([":
                depth += 1
            elif token.text in ")]":
                depth -= 1
            cost += 8 if token.text in ";:" else 1.0 if token.text == "," else 0.5
        elif depth == 0:
            if lexicon.has("auxiliaries", token.low) or lexicon.is_time(token.low):
                cost += 0.1
            elif lexicon.has("complementizers", token.low):
                cost += 4.0
            else:
                cost += 0.12 if lexicon.order == "sov" else 0.6
    for cue in verb.earlier[-_CUES:]:
        if mention.last <= cue.first < first:
            cost += 4.0
    if lexicon.pro_drop and mention.kind == "org" and governed(tokens, mention.first, lexicon):
        return _NEVER
    if mention.first > 0:
        before_mention = lows[mention.first - 1]
        if lexicon.order == "v2" and over_article(mention, verb):
            before_mention = lows[mention.first - 2]
        if lexicon.order == "svo" and mention.kind == "name" and lexicon.has("conjunctions", before_mention):
            # "exporters in Pontianak and Sampit have lobbied"
            cost += 7.0 if governed(tokens, mention.first, lexicon) else 0.0
        if lexicon.has("prepositions", before_mention):
            if lexicon.cases and mention.first == 1 and lexicon.has("topic_prepositions", before_mention):
                return _NEVER  # «Про Рубио отозвался тепло»
            to = lexicon.order == "svo" and lexicon.has("to", lows[first - 1])
            purpose = lexicon.has("purposes", lows[first]) and not lexicon.has("relatives", lows[last - 1])
            infinitive = mention.last <= first and (to or purpose)
            if infinitive and not lexicon.has("connectors", before_mention):
                # "he used a press conference with his host to warn that"
                return _NEVER
            if mention.first >= last and lexicon.order != "sov":
                return _NEVER
            if lexicon.cases and mention.oblique and mention.kind in ("org", "name"):
                return _NEVER
            # "after Lavrov said" is a clause, "for the ministry said" is not.
            if lexicon.pro_drop and mention.kind != "pronoun":
                # Where subjects are left out who stands behind a preposition is none («al norte de Malí sostuvo que»).
                return _NEVER
            abuts = mention.last == first and lexicon.has("connectors", before_mention)
            cost += 0.5 if abuts else 7.0
    if lexicon.cases and not mention.oblique and mention.gender == "f" and mention.kind == "person":
        # A man's genitive looks like a woman's nominative: «визита Лаврова не исключают».
        cost += FAR if lows[first].endswith(_PLURAL) else 0.0
    if mention.oblique:
        # «Кубинским партнерам пообещали помощь» are those who were told, «не исключили визита Лаврова» is not his.
        one = mention.kind in ("person", "role") and mention.number == "s" and lows[first].endswith(_PLURAL)
        told = lexicon.cases and (one or (mention.kind == "name" and lows[first].endswith(_PLURAL_PAST)))
        cost += FAR if told or lexicon.order == "sov" or lexicon.subject_follows else 9.0
    if lexicon.cases:
        cost += _disagreement(lows[first], mention)
        if lows[first].endswith(_PLURAL_PAST) and mention.number == "s" and any(tokens[i].text == "," for i in between):
            # «…, сообщили в ведомстве»: nobody named is the subject.
            cost += FAR
    if mention.kind == "org" and lexicon.order == "svo" and _apposed(tokens, mention, first, lexicon):
        cost += 9.0
    if mention.kind in ("org", "name") and lexicon.lang in LANGUAGES and _attribute(tokens, mention, lexicon):
        cost += 9.0
    if mention.kind == "name" and _of_object(mention, verb):
        cost += 4.0
    if mention.kind == "org":
        cost += 1.5
    elif mention.kind == "name":
        cost += 0.6
    if mention.kind == "pronoun" and mention.number in ("i", "n"):
        cost += 3.0
    return cost


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
