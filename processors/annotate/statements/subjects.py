"""Whose a reporting verb is: the cheapest mention, by distance and by what stands between.

Dearer are mentions across a preposition, another clause, or in an oblique case; any noun that stands directly before
the verb counts as a subject, known or not: what a stranger says is never given to somebody known.
"""

from processors.annotate.statements.case import LANGUAGES, is_nominative
from processors.annotate.statements.found import Found
from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.mentions import Mention, governed
from processors.annotate.statements.strangers import stranger_before, surface
from processors.annotate.statements.tokens import Token

_FAR = 18.0
# A bound on the work for a sentence that is no sentence: tokens looked at.
_REACH = 80
_PLURAL_PAST = ("ли", "лись")
_PLURAL = ("ли", "лися", "лись", "ють", "уть", "ять", "ать", "ют", "ут", "ят", "ат")
_PEOPLE = ("person", "role")
# What an institution costs that ends the clause of content before the verb, where a person stands behind it.
_CLOSED = 3.0
# Beside English: an inverted subject follows verbs of saying only.
_RELATIVE_REACH = 10
_CLAUSE_REACH = 25


def tells_news(tokens: list[Token], cue: Found, lexicon: Lexicon) -> bool:
    """Whether an attribution can be of what was said this time: no "As Moscow insists", and in English no perfect
    ("Russia has proposed talks" tells where things stand).
    """
    source = cue.source
    if source is not None and source.first > 0 and lexicon.has("connectors", tokens[source.first - 1].low):
        return False
    return lexicon.lang != "en" or not any(
        lexicon.has("perfect_auxiliaries", t.low) for t in tokens[max(0, cue.first - 3) : cue.first]
    )


def subject_of(
    tokens: list[Token], lows: list[str], first: int, last: int, mentions: list[Mention], lexicon: Lexicon,
    earlier: list[Found], *, object_behind: bool = False,
) -> tuple[Mention | None, bool]:  # fmt: skip
    """The cheapest mention, or (None, True) where the subject is that of the cue before.

    ``object_behind``: what stands behind the verb is whom it speaks to or of, where order tells subjects from objects.
    """
    back = first - 1
    while (
        back >= 0 and tokens[back].kind == "w" and (lexicon.has("auxiliaries", lows[back]) or lows[back].endswith("ly"))
    ):
        back -= 1
    here = lows[back] if back >= 0 else ""
    participle = lexicon.is_participle(lows[first])
    if participle and not any(m.last == back + 1 for m in mentions):
        return None, True
    joined = lexicon.has("conjunctions", here)
    if joined:
        # "the minister, who recalled the treaty and said that …"
        floor = earlier[-1].last if earlier else 0
        clause = _antecedent(tokens, lows, first, mentions, lexicon, max(floor, first - _REACH))
        if clause is not None:
            return clause, False
    if joined and (earlier or lexicon.order == "svo"):
        behind = [m for m in mentions if m.first >= last and m.first - last <= 2 and not m.oblique and m.kind != "org"]
        if not (behind and lexicon.order == "free"):
            return None, True
    if lexicon.has("own_words", lows[first]):
        # "an agency quoted him: his saying that" (Arabic): whoever stands just before.
        near = [m for m in mentions if 0 <= first - m.last <= 2]
        return (near[-1], False) if near else (None, True)
    relative = (
        _antecedent(tokens, lows, first, mentions, lexicon)
        or _resumed(tokens, lows, back, last, mentions, lexicon)
        or _described_first(tokens, back, mentions, lexicon)
    )
    if relative is not None:
        return relative, False
    if lexicon.pro_drop and first > 0 and last < len(tokens) and tokens[first - 1].text == "," == tokens[last].text:
        return None, True  # "X, dijo, Y": who was quoted before
    if lexicon.lang == "de":
        # "rechtfertigte er": after a verb in second place a pronoun in the nominative is its subject.
        beside = _beside_auxiliary(tokens, lows, first, last, mentions, lexicon)
        if beside is not None:
            return beside, False
        # So is a man's role there, where what stands in front is an object: "Den Plan von X wies der Minister zurück".
        # So is who stands behind it where a circumstance does: "Gegenüber dem Sender griff Lawrow die USA an".
        opening = lexicon.has("object_articles", lows[0]) or lexicon.has("prepositions", lows[0])
        in_front = opening and all(t.kind == "w" for t in tokens[:first])
        pronoun = next(
            (
                m for m in mentions
                if m.first == last and not m.oblique
                and (
                    (m.kind == "pronoun" and lexicon.has("nominative_pronouns", lows[last]))
                    or (in_front and m.kind in ("person", "role"))
                )
            ),
            None,
        )  # fmt: skip
        if pronoun is not None:
            return pronoun, False
    verb = first - int(first > 1 and lows[first - 1].endswith("ment"))
    if lexicon.lang == "fr" and verb and "-" in lows[verb - 1]:
        # "a-t-il soutenu", "a-t-il longuement soutenu": the auxiliary has its subject.
        joined_to = next((m for m in mentions if m.last == verb and m.kind == "pronoun"), None)
        if joined_to is not None:
            return joined_to, False
    inverted = _inverted(tokens, lows, first, last, mentions, lexicon)
    if inverted is not None:
        return inverted, False
    best: Mention | None = None
    price = _FAR
    closed = lexicon.cases and first > 0 and tokens[first - 1].text == ","
    closed = closed and any(
        0 <= m.first - last <= _RELATIVE_REACH and m.kind in _PEOPLE and not m.oblique for m in mentions
    )
    for mention in mentions:
        if mention.last < first - _REACH or mention.first > last + _REACH:
            continue
        if mention.kind == "pronoun" and mention.number in ("i", "n") and lexicon.order != "free":
            continue
        if object_behind and mention.first >= last and (lexicon.order == "svo" or lexicon.objects_behind):
            continue
        cost = _cost(tokens, lows, mention, first, last, lexicon, earlier)
        if closed and mention.kind == "org" and mention.last == first - 1:
            # «…, если на это пойдут США, заявил министр»: the clause of content ends with it.
            cost += _CLOSED
        if cost < price:
            best, price = mention, cost
    stranger = stranger_before(tokens, lows, back, mentions, lexicon)
    if stranger is not None and price > 3.5:
        return stranger, False
    if best is None and lexicon.cases and lows[first].endswith(_PLURAL):
        # «В Офісі президента кажуть, що …»: nobody who was named before.
        near = [m for m in mentions if m.kind == "org" and m.last <= first and first - m.last < _RELATIVE_REACH]
        return (near[-1] if near else None), False
    if best is None and lexicon.lang in LANGUAGES and not _has_nominative(tokens, first, last, lexicon.lang or ""):
        return None, True  # «А на вопрос из зала ответил, что …»
    return _described(tokens, lows, best, mentions, lexicon), False


def _has_nominative(tokens: list[Token], first: int, last: int, lang: str) -> bool:
    """Whether a noun of the verb's clause could be its subject."""
    begin = next((i + 1 for i in range(first - 1, -1, -1) if tokens[i].kind == "p"), 0)
    stop = next((i for i in range(last, len(tokens)) if tokens[i].kind == "p"), len(tokens))
    return any(t.kind == "w" and is_nominative(t.low, lang) for t in [*tokens[begin:first], *tokens[last:stop]])


def _described(
    tokens: list[Token], lows: list[str], best: Mention | None, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """Whom a pronoun means in a relative clause: "the speech that his colleague made, in which he accused"."""
    if best is None or best.kind != "pronoun" or best.number != "s" or best.first < 2 or lexicon.order != "svo":
        return best
    low = lows[best.first - 1]
    adverb = lexicon.has("relative_adverbs", low) and tokens[best.first - 2].text == ","
    if not adverb and (
        not lexicon.has("relatives", low)
        or not (lexicon.has("prepositions", lows[best.first - 2]) or tokens[best.first - 2].text == ",")
    ):
        return best
    before = [m for m in mentions if m.last < best.first and m.kind in ("person", "role") and not m.indefinite]
    named = [m for m in before if not governed(tokens, m.first, lexicon)]
    owners = [m for m in before if m.kind == "person" and m.oblique and m.text.endswith(("'s", "’s"))]
    if owners and not any(m.first > owners[-1].first for m in before):
        # "Lavrov's interview of the day before, in which he said"
        return owners[-1]
    if adverb:
        return best
    fitting = [m for m in named if not m.gender or not best.gender or m.gender == best.gender]
    return fitting[-1] if fitting and fitting[-1].number == "s" else best


def _beside_auxiliary(
    tokens: list[Token], lows: list[str], first: int, last: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """German: who stands before or behind the auxiliary of a participle: "hatte X bei einem Treffen mit Y gesagt"."""
    if last < len(tokens) and tokens[last].kind == "w":
        return None
    at = first - 1
    while at >= 0 and first - at < _CLAUSE_REACH and tokens[at].kind == "w":
        if lexicon.has("perfect_auxiliaries", lows[at]):
            break
        at -= 1
    if at < 0 or not lexicon.has("perfect_auxiliaries", lows[at]):
        return None
    near = [m for m in mentions if not m.oblique and (m.last == at or m.first == at + 1) and m.last < first]
    free = [m for m in near if not governed(tokens, m.first, lexicon) and not _over_article(lows, m, lexicon)]
    return free[0] if len(free) == 1 else None


def _over_article(lows: list[str], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether an article stands between a mention and its preposition: "in der Staatsduma", "en La Paz"."""
    at = mention.first
    articled = at > 1 and lexicon.has("determiners", lows[at - 1])
    return articled and lexicon.has("prepositions", lows[at - 2])


def _inverted(
    tokens: list[Token], lows: list[str], first: int, last: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """The noun that is the subject where the clause of content stands first: "…, teilte das Ministerium mit"."""
    if lexicon.order != "v2" or first == 0 or tokens[first - 1].text != "," or last >= len(tokens):
        return None
    if not lexicon.has("nominative_articles", lows[last]) or any(
        m.first <= last + 1 and last < m.last for m in mentions
    ):
        return None
    stop = last + 1
    while stop < len(tokens) and stop - last < 4 and tokens[stop].kind == "w" and not tokens[stop].capital:
        stop += 1
    if stop >= len(tokens) or not tokens[stop].capital or any(m.first <= stop < m.last for m in mentions):
        return None
    return Mention(last, stop + 1, tokens[last].start, tokens[stop].end, surface(tokens[last : stop + 1]), "noun")


def _antecedent(
    tokens: list[Token], lows: list[str], first: int, mentions: list[Mention], lexicon: Lexicon,
    floor: int | None = None,
) -> Mention | None:  # fmt: skip
    """Whom a relative pronoun before the verb stands for: "the minister, who recalled …"."""
    for i in range(first - 1, max(0, first - _RELATIVE_REACH if floor is None else floor), -1):
        if tokens[i].kind != "w":
            return None
        if lexicon.has("relative_subjects", lows[i]):
            end = i - 1 if tokens[i - 1].text == "," else i
            return next((m for m in mentions if m.last == end), None)
    return None


def _resumed(
    tokens: list[Token], lows: list[str], back: int, last: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """Whom a relative clause describes that the comma before the verb closes: "Lavrov, who met Rubio, said"."""
    if back < 0 or tokens[back].text != ",":
        return None
    for i in range(back - 1, max(0, back - _CLAUSE_REACH), -1):
        if lexicon.has("relative_subjects", lows[i]) and tokens[i - 1].text == ",":
            found = next((m for m in mentions if m.last == i - 1 and m.kind != "org" and not m.oblique), None)
            behind = any(m.first == last and m.kind in ("person", "role") and not m.oblique for m in mentions)
            # «Ограничения, которые ввела Литва, …, пообещал министр»: any word has a capital there.
            return None if behind and found is not None and found.kind == "name" else found
    return None


def _described_first(tokens: list[Token], back: int, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Who begins the sentence and is told of between two commas before the verb: "Lavrov, in office since 2004, warned
    Kyiv", „Lawrow, der Minister, sagte Journalisten“. A clause of content before the verb has more words.
    """
    if lexicon.order not in ("svo", "v2") or not mentions or back < 1 or tokens[back].text != ",":
        return None
    first = mentions[0]
    if first.first != 0 or first.kind not in ("person", "role") or first.oblique or first.last > back:
        return None
    if first.last == back:
        return first if any(t.text == "," for t in tokens[first.first : first.last]) else None
    inside = tokens[first.last + 1 : back]
    if tokens[first.last].text != "," or not 0 < len(inside) <= _CLAUSE_REACH:
        return None
    return first if all(t.kind == "w" for t in inside) else None


def _cost(
    tokens: list[Token],
    lows: list[str],
    mention: Mention,
    first: int,
    last: int,
    lexicon: Lexicon,
    earlier: list[Found],
) -> float:
    if mention.last <= first:
        between = range(mention.last, first)
        cost = 0.0
        if lexicon.subject_follows:
            if len(between) > 1:
                return 99.0
            cost = 2.0
    elif mention.first >= last:
        between = range(last, mention.first)
        cost = 0.7
        if last - first > 1 and lexicon.has("prepositions", lows[last - 1]):
            # "took aim at the plan": what the phrase ends with governs the name behind it.
            return 99.0
        if any(lexicon.has("complementizers", lows[i]) for i in between):
            # Who stands in the clause of content is not its speaker.
            return 99.0
        if lexicon.order == "svo":
            before = tokens[first - 1] if first else None
            if before is not None and not (before.kind == "q" or before.text in ",—–-:"):
                return 99.0
            if len(between) > 2 or not _ends_phrase(tokens, mention.last, lexicon):
                return 99.0
        if lexicon.order == "v2" and len(between) > 5:
            return 99.0
        if lexicon.order == "sov" and len(between) > 1:
            return 99.0
    else:
        return 99.0
    if mention.last < len(tokens) and lexicon.has("postpositions", lows[mention.last]):
        return 99.0
    if lexicon.order == "sov" and mention.last <= first and mention.kind in ("org", "name"):
        # A bare name before a noun is its attribute there ("Ukrayna limanları"); a subject is set off.
        following = tokens[mention.last] if mention.last < len(tokens) else None
        if following is not None and following.text != "," and not lexicon.has("auxiliaries", following.low):
            return 99.0
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
    for cue in earlier[-6:]:
        if mention.last <= cue.first < first:
            cost += 4.0
    if lexicon.pro_drop and mention.kind == "org" and governed(tokens, mention.first, lexicon):
        return 99.0
    if mention.first > 0:
        before_mention = lows[mention.first - 1]
        if lexicon.order == "v2" and _over_article(lows, mention, lexicon):
            before_mention = lows[mention.first - 2]
        if lexicon.has("prepositions", before_mention):
            if mention.first >= last and lexicon.order != "sov":
                return 99.0
            if lexicon.cases and mention.oblique and mention.kind in ("org", "name"):
                return 99.0
            # "after Lavrov said" is a clause, "for the ministry said" is not.
            if lexicon.pro_drop and mention.kind != "pronoun":
                # Where subjects are left out who stands behind a preposition is none («al norte de Malí sostuvo que»).
                return 99.0
            abuts = mention.last == first and lexicon.has("connectors", before_mention)
            cost += 0.5 if abuts else 7.0
    if mention.oblique:
        cost += 9.0
    if lexicon.cases:
        cost += _disagreement(lows[first], mention)
        if lows[first].endswith(_PLURAL_PAST) and mention.number == "s" and any(tokens[i].text == "," for i in between):
            # «…, сообщили в ведомстве»: nobody named is the subject.
            cost += _FAR
    if mention.kind == "org":
        cost += 1.5
    elif mention.kind == "name":
        cost += 0.6
    if mention.kind == "pronoun" and mention.number in ("i", "n"):
        cost += 3.0
    return cost


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
