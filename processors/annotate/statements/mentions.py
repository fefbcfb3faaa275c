"""Who could be speaking in a sentence: named people, roles, pronouns, institutions, and any other capitalised name.

A role and the name beside it are one mention ("Russian Foreign Minister Sergei Lavrov"; "Sergei Lavrov, the Russian
foreign minister"). Institutions and strangers are found as well, because a cue that is theirs must not be given to
somebody who is merely known.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.appositions import merge
from processors.annotate.statements.found import Mention
from processors.annotate.statements.lexicon import Lexicon, Role
from processors.annotate.statements.names import case_of, find_names, function_word
from processors.annotate.statements.tokens import Token
from schemas import Entity

__all__ = ["Mention", "find_mentions", "first_subject", "governed"]

# «Тот сообщил, что …»: a demonstrative that stands for a man only where a verb of saying follows.
LATTER = "the latter"


def find_mentions(
    text: str, tokens: list[Token], entities: Sequence[Entity], lexicon: Lexicon, knowledge: Knowledge
) -> list[Mention]:
    """All mentions outside quotations, in order, not overlapping."""
    if not tokens:
        return []
    known = _entities(text, tokens, entities, lexicon)
    taken = {i for m in known for i in range(m.first, m.last)}
    roles = _roles(text, tokens, known, lexicon, knowledge)
    inside = {i for m in roles for i in range(m.first, m.last)}
    # What a place's name goes on with is no person ("para América Latina").
    behind_places = {m.last for m in known if m.kind == "org"}
    names = [
        replace(m, number="p") if _nation(m, lexicon, knowledge) else m
        for m in find_names(text, tokens, lexicon, taken | inside)
        if m.first not in behind_places and not _bracketed(tokens, m) and not _attribute(tokens, m, lexicon, knowledge)
    ]
    if lexicon.feminine_ends:
        names = [m if m.gender else replace(m, gender=_described_gender(tokens, m, lexicon)) for m in names]
    if lexicon.cases:
        # «Реформу Совета Безопасности Москва видит»: the second word belongs to the institution's name.
        bodies = {m.last for m in roles if m.kind == "org"}
        names = [m for m in names if m.first not in bodies]
    people = [m for m in known if m.kind == "person"]
    merged = merge(text, tokens, roles, sorted(people + names, key=lambda m: m.first), lexicon, knowledge)
    if lexicon.order == "sov":
        merged = [replace(m, oblique=True) if _postposed(tokens, m, lexicon) else m for m in merged]
        merged.sort(key=lambda m: m.first)
        for i in range(len(merged) - 1, 0, -1):
            # "Lavrov ve Sibiga ile görüştü": the postposition takes both.
            one, other = merged[i - 1], merged[i]
            between = tokens[one.last : other.first]
            joined = len(between) == 1 and lexicon.has("conjunctions", between[0].low)
            if joined and _postposed(tokens, other, lexicon) and not one.oblique:
                merged[i - 1] = replace(one, oblique=True)
    covered = {i for m in merged for i in range(m.first, m.last)}
    merged += [m for m in known if m.kind == "org" and not covered & set(range(m.first, m.last))]
    covered = {i for m in merged for i in range(m.first, m.last)}
    pronouns, latter = lexicon.pronouns, lexicon.words.get("latter", ())
    french = lexicon.lang == "fr"
    for i, token in enumerate(tokens):
        low = token.low
        # French inverts with a hyphen: "a-t-il lancé".
        word = low.rpartition("-")[2] if french and low not in pronouns else low
        if (word not in pronouns and low not in latter and "-" not in low) or i in covered or token.kind != "w":
            continue
        if i and _aged(token.low, lexicon) and lexicon.has("determiners", tokens[i - 1].low):
            # "the 76-year-old" stands for whoever was named last.
            gender = lexicon.article_genders.get(tokens[i - 1].low, "")
            merged.append(Mention(i, i + 1, token.start, token.end, token.text, "pronoun", gender=gender))
        elif low in latter and _says_next(tokens, i, lexicon):
            merged.append(Mention(i, i + 1, token.start, token.end, token.text, "pronoun", gender="m", name=LATTER))
        elif word in pronouns:
            number, gender = pronouns[word]
            merged.append(
                Mention(i, i + 1, token.start, token.end, token.text, "pronoun", number=number, gender=gender)
            )
    return sorted(merged, key=lambda m: m.first)


def _aged(low: str, lexicon: Lexicon) -> bool:
    age, _, word = low.partition("-")
    return len(age) == 2 and age.isdecimal() and lexicon.has("aged", word)


def _described_gender(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> str:
    """As in "Hélène Morel, chercheuse": what stands behind the comma tells that no "il" means her."""
    at = mention.last
    described = at + 1 < len(tokens) and tokens[at].text == "," and tokens[at + 1].text.islower()
    return "f" if described and tokens[at + 1].low.endswith(lexicon.feminine_ends) else ""


def _postposed(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """As in "Bruno Rodriguez ile görüştü": the postposition takes the case."""
    return mention.last < len(tokens) and lexicon.has("postpositions", tokens[mention.last].low)


def _says_next(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a reporting verb follows, in German behind its auxiliary: "Dieser hatte gesagt, …"."""
    following = [t.low for t in tokens[at + 1 : at + 3]]
    if lexicon.order == "v2" and following and lexicon.has("auxiliaries", following[0]):
        del following[0]
    return bool(following) and following[0] in lexicon.cues


def _attribute(tokens: list[Token], mention: Mention, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """As in "the Russian read-out", "the Tatar students": a word that describes the noun behind it."""
    at, behind = mention.first, mention.last
    if lexicon.lang != "en" or behind >= len(tokens):
        return False
    following = tokens[behind]
    if following.kind != "w" or following.capital or lexicon.has("conjunctions", following.low):
        return False
    lows = [t.low for t in tokens[at:behind]]
    if all(lexicon.has("regional", w) or knowledge.country_of_adjective(w, lexicon.lang) is not None for w in lows):
        return True
    if len(lows) > 1:
        return False
    verb = following.low in lexicon.cues or function_word(following.low, lexicon)
    return not verb and at > 0 and lexicon.has("definite", tokens[at - 1].low)


def _bracketed(tokens: list[Token], mention: Mention) -> bool:
    """As in "Foreign Minister Gedion Timothewos (PhD) said"."""
    closed = mention.last < len(tokens) and tokens[mention.last].text == ")"
    return closed and mention.first > 0 and tokens[mention.first - 1].text == "("


def _entities(text: str, tokens: list[Token], entities: Sequence[Entity], lexicon: Lexicon) -> list[Mention]:
    found: list[Mention] = []
    begin, end = tokens[0].start, tokens[-1].end
    for entity in entities:
        if entity.end <= begin or entity.start >= end or entity.type == "MISC":
            continue
        inside = [i for i, t in enumerate(tokens) if t.kind == "w" and t.start < entity.end and t.end > entity.start]
        if not inside:
            continue
        first, last = inside[0], inside[-1] + 1
        if entity.type == "PER":
            first = _given_name(tokens, first, entity.text)
        tail = tokens[last - 1]
        if entity.type == "PER":
            while first > 0 and _titled(tokens, first, lexicon):
                first -= 1
            oblique, gender = case_of(tokens[inside[0] : last], lexicon)
            gender = gender or _title_gender(tokens[first : inside[0]], lexicon)
            oblique = oblique or _german_genitive(tokens, last, lexicon)
            found.append(
                Mention(first, last, tokens[first].start, tail.end, text[tokens[first].start : tail.end], "person",
                        id=entity.id, oblique=oblique, gender=gender, name=entity.text)
            )  # fmt: skip
        elif entity.type in ("ORG", "GPE", "LOC", "AGR"):
            oblique, _ = case_of(tokens[first:last], lexicon)
            places = (entity.id,) if entity.id and (entity.type != "ORG") else ()
            found.append(
                Mention(first, last, tokens[first].start, tail.end, entity.text, "org", id=entity.id,
                        oblique=oblique or entity.type == "AGR", places=places, name=entity.text)
            )  # fmt: skip
    chosen: list[Mention] = []
    for m in sorted(found, key=lambda m: (m.first, -(m.last - m.first))):
        if not chosen or m.first >= chosen[-1].last:
            chosen.append(m)
    if lexicon.order == "sov":
        # "Almanya, İtalya ve Japonya'nın": the last of a list has the case of all.
        within = False
        for i in range(len(chosen) - 1, 0, -1):
            between = tokens[chosen[i - 1].last : chosen[i].first]
            joint = between[0] if len(between) == 1 else None
            joined = joint is not None and joint.kind == "w" and lexicon.has("conjunctions", joint.low)
            alike = (
                chosen[i].kind == chosen[i - 1].kind
            )  # "Lavrov, Brezilya ve Hindistan'ın": he is no part of the list
            within = alike and chosen[i].oblique and (joined or (within and joint is not None and joint.text == ","))
            if within:
                chosen[i - 1] = replace(chosen[i - 1], oblique=True)
    return chosen


def _german_genitive(tokens: list[Token], last: int, lexicon: Lexicon) -> bool:
    """As in "Lawrows Versprechen": a noun stands directly behind."""
    if lexicon.lang != "de" or last >= len(tokens) or not tokens[last - 1].low.endswith("s"):
        return False
    return tokens[last].capital and not lexicon.is_time(tokens[last].low)


def _given_name(tokens: list[Token], first: int, name: str) -> int:
    """Where a name begins of which the entity has only what follows a middle initial ("Sergey V." Lavrov)."""
    at = first
    if at > 1 and tokens[at - 1].text == "." and len(tokens[at - 2].text) == 1 and tokens[at - 2].capital:
        at -= 2
    elif name[1:2] != ".":
        return first
    return at - 1 if at > 0 and tokens[at - 1].capital and len(tokens[at - 1].text) > 2 else at


def _titled(tokens: list[Token], first: int, lexicon: Lexicon) -> bool:
    """Whether the token before is a form of address, or the full stop of one."""
    token = tokens[first - 1]
    if token.text == ".":
        return first > 1 and lexicon.has("titles", tokens[first - 2].low)
    return token.kind == "w" and lexicon.has("titles", token.low) and lexicon.role_at([token.low], 0) is None


def _title_gender(tokens: list[Token], lexicon: Lexicon) -> str:
    return "f" if any(lexicon.has("female_titles", t.low) for t in tokens) else ""


def _roles(
    text: str, tokens: list[Token], known: list[Mention], lexicon: Lexicon, knowledge: Knowledge
) -> list[Mention]:
    people = {i for m in known if m.kind == "person" for i in range(m.first, m.last)}
    lows = [t.low for t in tokens]
    plain = lows.copy()
    for i, low in enumerate(lows):
        if low.endswith(_POSSESSIVE):
            plain[i] = _without_possessive(lows, i, lexicon)
    places = {i: m for m in known if m.kind == "org" for i in range(m.first, m.last)}
    nationals, definite = lexicon.words.get("nationals", ()), lexicon.words.get("definite", ())
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        opens = lexicon.begins_role(plain[at]) or lows[at] in nationals or (at > 0 and lows[at - 1] in definite)
        if not opens or tokens[at].kind != "w" or at in people:
            at += 1
            continue
        role = lexicon.role_at(plain, at)
        if role is None:
            if not _national(lows, tokens, at, lexicon, knowledge):
                at += 1
                continue
            role = Role("minister", 1, True)
        elif role.office == "other" and at and lexicon.has("pointers", lows[at - 1]):
            # «С таким заявлением Лавров выступил»
            at += 1
            continue
        elif tokens[at].low in lexicon.cues:
            after_person = at > 0 and (at - 1 in people or lows[at - 1] in lexicon.pronouns)
            if not role.nominative or after_person:
                at += 1
                continue
        first, last = at, at + role.length
        described = False
        if (
            found
            and found[-1].last == first
            and (found[-1].office == "epithet" or (lexicon.lang == "en" and not found[-1].oblique))
        ):
            # "the veteran diplomat", "principal deputy spokesman": one description.
            first = found.pop().first
            described = True
        floor = found[-1].last if found else 0
        steps = 0
        while (
            first > floor
            and steps < (0 if lexicon.subject_follows or described else 5)
            and tokens[first - 1].kind == "w"
            and first - 1 not in people
        ):
            low = lows[first - 1]
            if lexicon.has("determiners", low):
                # Turkish "bir" belongs to the noun beside it: "bir ateşkese sıcak bakmayan Rus bakan"
                first -= int(lexicon.order != "sov" or first == at)
                break
            if lexicon.cases and role.nominative and low.endswith(_OBLIQUE_ENDS) and lows[at][-1] not in _VOWELS:
                # «приєднатися до статуту російський міністр»: another phrase; «свого візаві» has no cases.
                break
            if (lexicon.cases and first - 1 in places) or not _modifier(
                tokens[first - 1], low, lexicon, first - 1 in places
            ):
                # Where nouns have cases a country's name before a role is another phrase («с Польшей глава МИД»).
                break
            if first > 1 and _bound(lows, first - 1, first - 1 in places, lexicon):
                break
            first -= 1
            steps += 1
        while last < len(tokens) and (
            last in places
            # «заяву російського колеги»: where nouns have cases an adjective stands before its noun.
            or (not lexicon.cases and knowledge.country_of_adjective(lows[last], lexicon.lang) is not None)
        ):
            last += 1
        if last + 1 < len(tokens) and lexicon.has("role_links", lows[last]) and last + 1 in places:
            last += 1
            while last < len(tokens) and last in places:
                last += 1
        own = range(at, at + role.length)
        ids = _places(lows, first, last, places, own, lexicon, knowledge) or _implied(role, plain, at, lexicon)
        # «российского коллеги» is one, though «коллеги» can be several.
        one = lexicon.cases and first < at and lows[at - 1].endswith(_SINGULAR_ENDS)
        plural = role.office in _SEVERAL and not one and _plural(plain[at + role.length - 1], lexicon)
        female = any(lexicon.has("female_titles", w) for w in lows[first:last])
        gender = "f" if female or lexicon.has("feminine_articles", lows[first]) else ""
        oblique = not role.nominative or lows[last - 1].endswith("'s") or _german_case(lows, first, at, lexicon)
        oblique = oblique or (lexicon.order == "sov" and "'" in lows[last - 1])
        word = lows[at + role.length - 1]
        collective = lexicon.has("collective", word) or lexicon.has("collective", role.base)
        kind = "org" if role.office == "other" and collective else "role"
        found.append(
            Mention(first, last, tokens[first].start, tokens[last - 1].end,
                    text[tokens[first].start : tokens[last - 1].end], kind, office=role.office,
                    number="p" if plural else "s", gender=gender, oblique=oblique, places=ids,
                    indefinite=lexicon.has("indefinite", lows[first]))
        )  # fmt: skip
        at = last
    return found


def _implied(role: Role, lows: list[str], at: int, lexicon: Lexicon) -> tuple[str, ...]:
    """The country of a title that is only its own: "the secretary of state"."""
    title = role.base if role.length == 1 else "_".join(lows[at : at + role.length])
    country = lexicon.office_countries.get(title)
    return (country,) if country is not None else ()


def _without_possessive(lows: list[str], at: int, lexicon: Lexicon) -> str:
    """As in "the minister's claim"; in "the minister's spokesman" he only describes another."""
    then = lows[at + 1 : at + 1 + _DESCRIBED]
    spoken = any(lexicon.has_any(name, then) for name in ("claims", "view_nouns", "speech_nouns"))
    return lows[at][:-2] if spoken else lows[at]


_POSSESSIVE = ("'s", "’s")
# "the minister's latest public claim"
_DESCRIBED = 3
# Classes of roles in whose plural nobody is meant by name.
_SEVERAL = frozenset({"other", "counterpart", "epithet", "diplomat"})
_VOWELS = "аеєиіїоуюя"
_SINGULAR_ENDS = ("ого", "его", "ому", "ему", "ої", "ой")
_OBLIQUE_ENDS = ("ого", "его", "ому", "ему", "у", "ю", "их", "ых", "ими", "ыми", "ої", "ою")


def _german_case(lows: list[str], first: int, noun: int, lexicon: Lexicon) -> bool:
    """Whether a German article shows an oblique case; "der" does before a feminine or a weak noun."""
    article = lows[first]
    feminine = lexicon.has("oblique_feminine_articles", article)
    if feminine and first + 1 < noun and lows[first + 1].endswith("en"):
        return True  # "der ukrainischen Führung": a nominative would have "der ukrainische"
    return lexicon.has("oblique_articles", article) or (feminine and lows[noun].endswith(("in", "en")))


def _national(lows: list[str], tokens: list[Token], at: int, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """As in "the Russian said": an adjective of a country, alone, as a subject."""
    if lexicon.has("nationals", lows[at]):
        return True
    if at == 0 or lexicon.cases or not lexicon.has("definite", lows[at - 1]) or at + 1 >= len(tokens):
        return False
    if knowledge.country_of_adjective(lows[at], lexicon.lang) is None:
        return False
    following = lows[at + 1]
    return following in lexicon.cues or lexicon.has("auxiliaries", following)


def _places(
    lows: list[str],
    first: int,
    last: int,
    known: dict[int, Mention],
    own: range,
    lexicon: Lexicon,
    knowledge: Knowledge,
) -> tuple[str, ...]:
    """Ids of the countries that a role's words name, cities standing for theirs, and of organisations ("the EU's
    foreign policy chief") apart from those within the role itself (``own``: "head of the foreign ministry").
    """
    found: dict[str, None] = {}
    for i in range(first, last):
        if i in known and (known[i].places or known[i].id is not None):
            for place in known[i].places:
                found[knowledge.seats.get(place, place)] = None
            organisation = known[i].id
            if organisation is not None and not known[i].places and i not in own:
                found[knowledge.seats.get(organisation, organisation)] = None
        else:
            # An institution without an id says its country too: «глава МИД РФ».
            named = knowledge.countries.get(lows[i]) if i in known else None
            country = named or knowledge.country_of_adjective(lows[i], lexicon.lang)
            if country is not None:
                found[country] = None
    return tuple(found)


def _bound(lows: list[str], at: int, place: bool, lexicon: Lexicon) -> bool:
    """Whether a word belongs to a preposition before it («в Минске министр», «по данным министра»)."""
    for name in ("according", "demonstratives"):
        if any(lexicon.phrase_at(name, lows, at - back) > back for back in (0, 1, 2) if at >= back):
            return True
    return place and lexicon.cases and lexicon.has("prepositions", lows[at - 1])


def governed(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a mention at ``at`` depends on a preposition, over "and" too ("of Asian and Chinese ministers")."""
    back = at - 1
    if lexicon.order == "v2":
        # "Gegenüber dem serbischen Sender"
        while back > 0 and tokens[back].text.islower() and _declined(tokens[back].low, lexicon):
            back -= 1
    if back > 0 and tokens[back].text == "," and tokens[back - 1].capital:
        # An apposition has the case of its name: "after an hour with Blanar, his counterpart".
        back -= 1
        while back > 0 and tokens[back].capital:
            back -= 1
        return tokens[back].kind == "w" and lexicon.has("prepositions", tokens[back].low)
    while back > 0 and at - back < 6 and tokens[back].kind == "w" and not lexicon.has("prepositions", tokens[back].low):
        if not lexicon.has("conjunctions", tokens[back].low) and back == at - 1:
            return False
        back -= 1
    return back >= 0 and tokens[back].kind == "w" and lexicon.has("prepositions", tokens[back].low)


def _declined(low: str, lexicon: Lexicon) -> bool:
    return lexicon.has("oblique_articles", low) or (low.endswith("en") and not lexicon.has("prepositions", low))


def first_subject(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """The first mention that can be a person and a subject."""
    start = 0
    if tokens and (lexicon.has("openers", tokens[0].low) or lexicon.is_participle(tokens[0].low)):
        # "Asked about Putin, he said": the subject stands behind the comma.
        start = next((i for i, t in enumerate(tokens) if t.text == ","), 0)
    for mention in mentions:
        if (
            mention.first >= start and not mention.oblique
            # A stranger's name counts with an office that a counterpart could have.
            and (mention.kind in ("person", "role", "pronoun") or mention.office == "foreign_minister")
            and not lexicon.has("nobody", tokens[mention.first].low) and not _predicated(tokens, mention, lexicon)
            and (_behind_circumstance(tokens, mention, mentions) or not governed(tokens, mention.first, lexicon))
        ):  # fmt: skip
            return mention
    for mention in mentions[:1]:
        # "Lavrov's latest appearance came", «Лаврова спросили»: he is spoken of, though he is no subject.
        if mention.first <= 1 and mention.kind == "person":
            return mention
    return None


def _predicated(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """As in "of which Russia is still a member": what somebody is said to be."""
    at = mention.first - 1
    while at > 0 and lexicon.has("adverbs", tokens[at].low):
        at -= 1
    return mention.indefinite and at > 0 and lexicon.has("copulas", tokens[at].low)


def _behind_circumstance(tokens: list[Token], mention: Mention, mentions: list[Mention]) -> bool:
    """As in "On Ukraine, Lavrov spoke warmly": what stands before the comma is no person whom it describes."""
    comma = mention.first - 1
    if comma < 1 or tokens[comma].text != ",":
        return False
    return not any(m.last == comma and m.kind in ("person", "name", "role") for m in mentions)


def _modifier(token: Token, low: str, lexicon: Lexicon, place: bool) -> bool:
    if place or low.endswith("'s"):
        return True
    if lexicon.adjective_ends and not low.endswith(lexicon.adjective_ends) and (lexicon.cases or not token.capital):
        return False
    return not (function_word(low, lexicon) or low.isdigit() or (token.capital and lexicon.has("common_starts", low)))


def _nation(name: Mention, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """Whether a name is that of a people ("les Ukrainiens"), which no pronoun of one person takes up."""
    low = name.text.lower()
    forms = (low, low[:-1]) if low.endswith("s") else (low,)
    return _plural(low, lexicon) and any(knowledge.country_of_adjective(form, lexicon.lang) for form in forms)


def _plural(word: str, lexicon: Lexicon) -> bool:
    if lexicon.cases:
        return word.endswith(("ы", "и", "ти", "ні"))
    if lexicon.lang == "tr":
        return word.endswith(("ler", "lar", "leri", "ları"))
    return word.endswith("s") or lexicon.has("plural_nouns", word)
