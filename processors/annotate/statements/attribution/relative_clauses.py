"""Subjects that stand outside the verb's own clause: whom a pronoun in a relative clause means, and who is told of
between his name and the verb.
"""

from msgspec.structs import replace

from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.possessive import POSSESSIVE

# Words before a verb in which its relative pronoun is looked for, and the comma of an aside before that.
_REACH = 10
# Words of a relative clause, at most.
_CLAUSE = 25


def antecedent(verb: Verb, floor: int | None = None) -> Mention | None:
    """Whom a relative pronoun before the verb stands for: "the minister, who recalled …".

    ``floor``: no token before it is looked at; a few words before the verb without it.
    """
    tokens, lows, first, lexicon = verb.tokens, verb.lows, verb.first, verb.lexicon
    at = first - 1
    stop = max(0, first - _REACH if floor is None else floor)
    while at > stop and tokens[at].kind == "w" and not lexicon.has("relative_subjects", lows[at]):
        at -= 1
    at = _over_aside(verb, at)
    if at <= stop or tokens[at].kind != "w" or _has_subject(verb):
        return None
    end = at - 1 if tokens[at - 1].text == "," else at
    return next((m for m in verb.mentions if m.last == end), None) or _several(verb, at, end)


def _several(verb: Verb, relative: int, end: int) -> Mention | None:
    """As in "Lavrov met the bakers, who said bread was dear": a plural noun beside the pronoun, where order tells."""
    noun = verb.tokens[end - 1]
    if verb.lexicon.order != "svo" or relative != verb.back or end < 2 or noun.kind != "w" or noun.capital:
        return None
    if not noun.low.endswith("s") or noun.low.endswith("ss") or not verb.lexicon.may_be_noun(noun.low):
        return None
    told = verb.lexicon.has("determiners", verb.lows[end - 2])
    return replace(noun_at(verb.tokens, end - 1 - int(told), end), number="p") if told else None


def _has_subject(verb: Verb) -> bool:
    """As in "officers, who he said had refused", "who Lavrov says were paid": another tells of whom it is about."""
    if verb.lexicon.order != "svo" or verb.lexicon.pro_drop:
        return False
    near = next((m for m in verb.mentions if m.last == verb.back + 1 and m.kind in ("person", "role", "pronoun")), None)
    behind = verb.lows[verb.last] if verb.last < len(verb.tokens) else ""
    return near is not None and not near.oblique and verb.lexicon.has("auxiliaries", behind)


def _over_aside(verb: Verb, at: int) -> int:
    """Where the relative pronoun stands before an aside that a comma closes: "Lavrov qui, la veille, avait …"."""
    tokens = verb.tokens
    if tokens[at].text != ",":
        return at
    opened = next((i for i in range(at - 1, max(0, at - _REACH), -1) if tokens[i].kind != "w"), 0)
    related = opened > 0 and tokens[opened].text == "," and verb.lexicon.has("relative_subjects", verb.lows[opened - 1])
    return opened - 1 if related else at


def names_its_source(verb: Verb) -> Mention | None:
    """Whose view a phrase with a relative pronoun tells: "à Lavrov, pour qui la trêve serait …"."""
    first, last = verb.first, verb.last
    if last - first == 1 or not first or not verb.lexicon.has("relative_subjects", verb.lows[last - 1]):
        return None
    end = first - int(verb.tokens[first - 1].text == ",")
    return next((m for m in verb.mentions if m.last == end and m.kind in ("person", "role")), None)


def resumed(verb: Verb) -> Mention | None:
    """Whom a relative clause describes that the comma before the verb closes: "Lavrov, who met Rubio, said"."""
    tokens, lows, lexicon, back = verb.tokens, verb.lows, verb.lexicon, verb.back
    if back < 0 or tokens[back].text != ",":
        return None
    for i in range(back - 1, max(0, back - _CLAUSE), -1):
        # «Лавров, слова которого отвергли, заявил»
        owned = lexicon.cases and i > 1 and tokens[i - 2].text == "," and lexicon.has("relatives", lows[i])
        owned = owned and not lexicon.has("complementizers", lows[i])
        comma = i - 2 if owned else i - 1
        if (owned or lexicon.has("relative_subjects", lows[i])) and tokens[comma].text == ",":
            found = next((m for m in verb.mentions if m.last == comma and m.kind != "org" and not m.oblique), None)
            behind = any(m.first == verb.last and m.kind in ("person", "role") and not m.oblique for m in verb.mentions)
            # «Ограничения, которые ввела Литва, …, пообещал министр»: any word has a capital there.
            return None if behind and found is not None and found.kind == "name" else found
    return None


def described_first(verb: Verb) -> Mention | None:
    """Who begins the sentence and is told of between two commas before the verb: "Lavrov, in office since 2004, warned
    Kyiv", „Lawrow, der Minister, sagte Journalisten“. A clause of content before the verb has more words.
    """
    tokens, back, mentions = verb.tokens, verb.back, verb.mentions
    if verb.lexicon.order not in ("svo", "v2") or not mentions or back < 1 or tokens[back].text != ",":
        return None
    first = mentions[0]
    if first.first != 0 or first.kind not in ("person", "role") or first.oblique or first.last > back:
        return None
    if first.last == back:
        return first if any(t.text == "," for t in tokens[first.first : first.last]) else None
    inside = tokens[first.last + 1 : back]
    if tokens[first.last].text != "," or not 0 < len(inside) <= _CLAUSE:
        return None
    return first if all(t.kind == "w" for t in inside) else None


def described(best: Mention | None, verb: Verb) -> Mention | None:
    """Whom a pronoun means in a relative clause: "the speech that his colleague made, in which he accused"."""
    tokens, lows, lexicon = verb.tokens, verb.lows, verb.lexicon
    if best is None or best.kind != "pronoun" or best.number != "s" or best.first < 2 or lexicon.order != "svo":
        return best
    low = lows[best.first - 1]
    adverb = lexicon.has("relative_adverbs", low) and tokens[best.first - 2].text == ","
    if not adverb and (
        not lexicon.has("relatives", low)
        or not (lexicon.has("prepositions", lows[best.first - 2]) or tokens[best.first - 2].text == ",")
    ):
        return best
    before = [m for m in verb.mentions if m.last < best.first and m.kind in ("person", "role") and not m.indefinite]
    named = [m for m in before if not governed(tokens, m.first, lexicon)]
    owners = [m for m in before if m.kind == "person" and m.oblique and m.text.endswith(POSSESSIVE)]
    if owners and not any(m.first > owners[-1].first for m in before):
        # "Lavrov's interview of the day before, in which he said"
        return owners[-1]
    if adverb:
        return best
    fitting = [m for m in named if not m.gender or not best.gender or m.gender == best.gender]
    return fitting[-1] if fitting and fitting[-1].number == "s" else best
