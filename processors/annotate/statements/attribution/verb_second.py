"""Subjects of languages with the verb in second place, German above all: behind the verb, or beside its auxiliary."""

from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.subject import governed

# Words between a German auxiliary and its participle, at most.
_CLAUSE = 25


def beside_auxiliary(verb: Verb) -> Mention | None:
    """German: who stands before or behind the auxiliary of a participle: "hatte X bei einem Treffen mit Y gesagt"."""
    tokens, lows, first, lexicon = verb.tokens, verb.lows, verb.first, verb.lexicon
    if lexicon.lang != "de" or (verb.last < len(tokens) and tokens[verb.last].kind == "w"):
        return None
    at = first - 1
    while at >= 0 and first - at < _CLAUSE and tokens[at].kind == "w":
        if lexicon.has("perfect_auxiliaries", lows[at]):
            break
        at -= 1
    if at < 0 or not lexicon.has("perfect_auxiliaries", lows[at]):
        return None
    near = [m for m in verb.mentions if not m.oblique and (m.last == at or m.first == at + 1) and m.last < first]
    free = [m for m in near if not governed(tokens, m.first, lexicon) and not over_article(m, verb)]
    return free[0] if len(free) == 1 else None


def behind(verb: Verb) -> Mention | None:
    """German: a pronoun in the nominative behind the verb ("rechtfertigte er"); so also a man or his role, where what
    stands in front is an object or a circumstance: "Den Plan von X wies der Minister zurück", "Gegenüber dem Sender
    griff Lawrow die USA an".
    """
    lows, last, lexicon = verb.lows, verb.last, verb.lexicon
    if lexicon.lang != "de":
        return None
    opening = lexicon.has("object_articles", lows[0]) or lexicon.has("prepositions", lows[0])
    kinds = ("person", "role") if opening and all(t.kind == "w" for t in verb.tokens[: verb.first]) else ()
    for mention in verb.mentions:
        if mention.first == last and not mention.oblique:
            nominative = mention.kind == "pronoun" and lexicon.has("nominative_pronouns", lows[last])
            if nominative or mention.kind in kinds:
                return mention
    return None


def noun_behind(verb: Verb) -> Mention | None:
    """The noun that is the subject where the clause of content stands first: "…, teilte das Ministerium mit"."""
    tokens, lows, first, last, lexicon = verb.tokens, verb.lows, verb.first, verb.last, verb.lexicon
    if lexicon.order != "v2" or first == 0 or tokens[first - 1].text != "," or last >= len(tokens):
        return None
    if not lexicon.has("nominative_articles", lows[last]) or any(
        m.first <= last + 1 and last < m.last for m in verb.mentions
    ):
        return None
    stop = last + 1
    while stop < len(tokens) and stop - last < 4 and tokens[stop].kind == "w" and not tokens[stop].capital:
        stop += 1
    if stop >= len(tokens) or not tokens[stop].capital or any(m.first <= stop < m.last for m in verb.mentions):
        return None
    return noun_at(tokens, last, stop + 1)


def over_article(mention: Mention, verb: Verb) -> bool:
    """Whether an article stands between a mention and its preposition: "in der Staatsduma", "en La Paz"."""
    lows, lexicon, at = verb.lows, verb.lexicon, mention.first
    articled = at > 1 and lexicon.has("determiners", lows[at - 1])
    return articled and lexicon.has("prepositions", lows[at - 2])
