"""Who could be speaking in a sentence: named people, roles, pronouns, institutions, and any other capitalised name.

A role and the name beside it are one mention ("Russian Foreign Minister Sergei Lavrov"; "Sergei Lavrov, the Russian
foreign minister"). Institutions and strangers are found as well, because a cue that is theirs must not be given to
somebody who is merely known.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.appositions import merge
from processors.annotate.statements.people.names import case_of, find_names, function_word
from processors.annotate.statements.people.roles import find_roles, is_plural
from processors.annotate.statements.sentence.claims import claimants
from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.tokens import Token
from schemas import Entity

__all__ = ["Mention", "find_mentions"]

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
    roles = find_roles(text, tokens, known, lexicon, knowledge)
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
    # "A spokesman for Lavrov" is not Lavrov.
    people = [m for m in known if m.kind == "person" and m.first not in inside]
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
    merged += [m for m in claimants(tokens, lexicon, knowledge) if m.first not in covered]
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
            # "the latter", « ce dernier »
            of = i - int(i > 0 and i - 1 not in covered and lexicon.has("determiners", tokens[i - 1].low))
            start, text = tokens[of].start, " ".join(t.text for t in tokens[of : i + 1])
            merged.append(Mention(of, i + 1, start, token.end, text, "pronoun", gender="m", name=LATTER))
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
    """Whether a reporting verb follows, or behind its auxiliary: "Dieser hatte gesagt, …", « ce dernier a dit »."""
    if at + 1 >= len(tokens):
        return False
    verb = at + 1
    while verb + 1 < len(tokens) and lexicon.order != "free" and lexicon.has("auxiliaries", tokens[verb].low):
        verb += 1
    if tokens[verb].low in lexicon.cues:
        return True
    if lexicon.order == "v2" and lexicon.has("auxiliaries", tokens[at + 1].low):
        # The participle closes the clause.
        stop = next((i for i in range(at + 2, len(tokens)) if tokens[i].kind != "w" and tokens[i].text != "."), at + 2)
        return tokens[stop - 1].low in lexicon.cues
    return tokens[at + 1].low in lexicon.cues


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
            # "Lavrov, Brezilya ve Hindistan'ın": he is no part of the list.
            alike = chosen[i].kind == chosen[i - 1].kind
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


def _nation(name: Mention, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """Whether a name is that of a people ("les Ukrainiens"), which no pronoun of one person takes up."""
    low = name.text.lower()
    forms = (low, low[:-1]) if low.endswith("s") else (low,)
    return is_plural(low, lexicon) and any(knowledge.country_of_adjective(form, lexicon.lang) for form in forms)
