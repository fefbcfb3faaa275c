"""Offices and descriptions that stand for somebody: "the Russian minister", «глава МИД РФ», "Bakan'ın"."""

from dataclasses import replace

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.case import LANGUAGES, is_genitive_of_thing
from processors.annotate.statements.language.lexicon import Lexicon, Role
from processors.annotate.statements.people.names import function_word
from processors.annotate.statements.people.portfolios import with_portfolio
from processors.annotate.statements.people.spokespeople import behind_spoken_for
from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.possessive import POSSESSIVE, without_possessive
from processors.annotate.statements.text.tokens import Token

# Words before "Russian" in "the gravel-voiced Russian", at least; behind "author", at most.
_PICTURED = 2
_OWNED = 4
# "the minister's latest public claim"
_DESCRIBED = 3
# Classes of roles in whose plural nobody is meant by name.
_SEVERAL = frozenset({"other", "counterpart", "epithet", "diplomat"})
# Words before a role that belong to it, and words of the body that it speaks for, at most.
_MODIFIERS = 5
_BODY_WORDS = 6
_ARTICLE = "ال"
_VOWELS = "аеєиіїоуюя"
_SINGULAR_ENDS = ("ого", "его", "ому", "ему", "ої", "ой")
_OBLIQUE_ENDS = ("ого", "его", "ому", "ему", "у", "ю", "их", "ых", "ими", "ыми", "ої", "ою")


def find_roles(
    text: str, tokens: list[Token], known: list[Mention], lexicon: Lexicon, knowledge: Knowledge
) -> list[Mention]:
    """Roles outside ``known`` people, in order, with the countries that their words name."""
    return _Search(text, tokens, known, lexicon, knowledge).apply()


class _Search:
    """The roles of a sentence, from the left; ``at`` is where a role's noun begins, what describes it stands around."""

    def __init__(
        self, text: str, tokens: list[Token], known: list[Mention], lexicon: Lexicon, knowledge: Knowledge
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._lexicon = lexicon
        self._knowledge = knowledge
        self._people = {i for m in known if m.kind == "person" for i in range(m.first, m.last)}
        self._places = {i: m for m in known if m.kind == "org" for i in range(m.first, m.last)}
        self._lows = [t.low for t in tokens]
        self._plain = [
            _without_ending(self._lows, i, lexicon) if low.endswith(POSSESSIVE) else low
            for i, low in enumerate(self._lows)
        ]
        self._found: list[Mention] = []

    def apply(self) -> list[Mention]:
        at = 0
        while at < len(self._tokens):
            role = self._role_at(at)
            at = self._take(role, at) if role is not None else at + 1
        return self._found

    def _role_at(self, at: int) -> Role | None:
        """The role whose noun begins there, unless it is a verb, or a noun that means nobody."""
        tokens, lows, lexicon = self._tokens, self._lows, self._lexicon
        if tokens[at].kind != "w" or at in self._people:
            return None
        definite = at > 0 and lexicon.has("definite", lows[at - 1])
        opens = lexicon.begins_role(self._plain[at]) or lexicon.has("nationals", lows[at]) or definite
        national = not opens and lexicon.lang == "en" and _pictured(lows, tokens, at, lexicon, self._knowledge)
        if not opens and not national:
            return None
        role = lexicon.role_at(self._plain, at)
        if role is None:
            national = national or _national(lows, tokens, at, lexicon, self._knowledge)
            return Role("minister", 1, True, lows[at]) if national else None
        if role.office == "other" and at and lexicon.has("pointers", lows[at - 1]):
            return None  # «С таким заявлением Лавров выступил»
        after_person = at > 0 and (at - 1 in self._people or lows[at - 1] in lexicon.pronouns)
        if lows[at] in lexicon.cues and (after_person or not role.nominative):
            return None
        return role

    def _take(self, role: Role, at: int) -> int:
        """Notes a role with all that describes it. Returns the token behind it."""
        role, first, last = self._specified(role, at)
        before = self._found[-1] if self._found else None
        described = before is not None and before.last == first and self._describes(before)
        if described:
            first = self._found.pop().first
        elif not self._lexicon.subject_follows:
            first = self._with_modifiers(role, at, first)
        last = self._with_complements(role, last)
        own = range(at, at + role.length)
        places = _places(self._lows, first, last, self._places, own, self._lexicon, self._knowledge)
        places = places or _implied(role, self._plain, at, self._lexicon)
        if not places and self._lexicon.has("needs_country", role.base):
            return own.stop  # "Russian FM", but no "Capital FM"
        self._found.append(self._mention(role, own, first, last, places))
        return last

    def _specified(self, role: Role, at: int) -> tuple[Role, int, int]:
        """What a role is with the words beside it, and its tokens: whose source, what author, which minister."""
        tokens, lows, lexicon = self._tokens, self._lows, self._lexicon
        first, last = at, at + role.length
        if role.office == "epithet" and lexicon.has("interviewees", role.base):
            # «собеседник издания в порту», «собеседники издания» are its sources
            placed = last < len(tokens) and lexicon.has("prepositions", lows[last])
            if placed or not lexicon.has("interviewees", lows[at]):
                role, last = Role("counterpart", 1, True, role.base), at + 1
        if lexicon.has("authors", role.base) and _of_another_text(tokens, lows, last, lexicon):
            role = replace(role, office="other")
        # Arabic has the bare noun in front of a portfolio only: «وزير الزراعة», «الوزير الضيف».
        bare = "other_minister" if lexicon.subject_follows else "minister"
        if role.office == bare and role.length == 1:
            matter = with_portfolio(tokens, first, last, self._places, lexicon, self._knowledge)
            if matter is not None:
                return replace(role, office="other_minister"), *matter
        return role, first, last

    def _describes(self, before: Mention) -> bool:
        """As in "the veteran diplomat", "principal deputy spokesman": two roles are one description."""
        return before.office == "epithet" or (self._lexicon.lang == "en" and not before.oblique)

    def _with_modifiers(self, role: Role, at: int, first: int) -> int:
        """Where a role begins with its article, adjectives and countries, which stand before ``first``."""
        lows, lexicon, places = self._lows, self._lexicon, self._places
        floor = self._found[-1].last if self._found else 0
        for _ in range(_MODIFIERS):
            before = first - 1
            if first <= floor or self._tokens[before].kind != "w" or before in self._people:
                break
            low = lows[before]
            if lexicon.has("determiners", low):
                # Turkish "bir" belongs to the noun beside it: "bir ateşkese sıcak bakmayan Rus bakan"
                return before if lexicon.order != "sov" or first == at else first
            if lexicon.cases and role.nominative and low.endswith(_OBLIQUE_ENDS) and lows[at][-1] not in _VOWELS:
                # «приєднатися до статуту російський міністр»: another phrase; «свого візаві» has no cases.
                break
            if lexicon.cases and before in places:
                # Where nouns have cases a country's name before a role is another phrase («с Польшей глава МИД»).
                break
            if not _modifier(self._tokens[before], low, lexicon, before in places):
                break
            if before > 0 and _bound(lows, before, before in places, lexicon):
                break
            first = before
        return first

    def _with_complements(self, role: Role, last: int) -> int:
        """Where a role ends with the countries and institutions that it is of, which stand from ``last`` on."""
        tokens, lows, lexicon, places = self._tokens, self._lows, self._lexicon, self._places
        while last < len(tokens) and (
            last in places
            # «заяву російського колеги»: where nouns have cases an adjective stands before its noun.
            or (not lexicon.cases and self._knowledge.country_of_adjective(lows[last], lexicon.lang) is not None)
        ):
            last += 1
        if role.office == "spokesperson" and last < len(lows) and lexicon.has("spoken_for", lows[last]):
            last = behind_spoken_for(tokens, lows, last, self._people, places, lexicon)
        link = last + 1 if last + 1 < len(tokens) and lexicon.has("role_links", lows[last]) else len(tokens)
        # "of the United Nations"
        link += int(link < len(tokens) and link not in places and lexicon.has("determiners", lows[link]))
        if link in places:
            last = link
            while last < len(tokens) and last in places:
                last += 1
        if lexicon.has("bodies_behind", lows[last - 1]):
            last = _behind_body(lows, last, self._people, places, lexicon)
        return last

    def _mention(self, role: Role, own: range, first: int, last: int, places: tuple[str, ...]) -> Mention:
        """The role with its number, gender and case, as far as its words show them; ``own``: the tokens of its noun."""
        tokens, lows, lexicon, at = self._tokens, self._lows, self._lexicon, own.start
        noun = own.stop - 1
        # «российского коллеги» is one, though «коллеги» can be several.
        one = lexicon.cases and first < at and lows[at - 1].endswith(_SINGULAR_ENDS)
        plural = role.office in _SEVERAL and not one and is_plural(self._plain[noun], lexicon)
        female = lexicon.has_any("female_titles", lows[first:last])
        # « la diplomatie russe »: the article of another noun
        article = not lexicon.has("nationals", lows[at]) or first + 1 == at
        gender = "f" if female or (article and lexicon.has("feminine_articles", lows[first])) else ""
        oblique = not role.nominative or lows[last - 1].endswith("'s") or _german_case(tokens, lows, first, at, lexicon)
        oblique = oblique or (lexicon.order == "sov" and "'" in lows[last - 1])
        collective = lexicon.has("collective", lows[noun]) or lexicon.has("collective", role.base)
        start, end = tokens[first].start, tokens[last - 1].end
        return Mention(
            first, last, start, end, self._text[start:end],
            kind="org" if role.office == "other" and collective else "role",
            office=role.office, number="p" if plural else "s", gender=gender, oblique=oblique, places=places,
            indefinite=lexicon.has("indefinite", lows[first]),
        )  # fmt: skip


def _behind_body(lows: list[str], at: int, people: set[int], places: dict[int, Mention], lexicon: Lexicon) -> int:
    """Behind the body that an Arabic role speaks for, «المتحدث باسم وزارة الخارجية الروسية»: a noun, and all words with
    an article behind it. A name that follows has none.
    """
    last = at
    while last < len(lows) and last - at < _BODY_WORDS and last not in people and lexicon.may_be_noun(lows[last]):
        if last > at and last not in places and not lows[last].startswith(_ARTICLE):
            break
        last += 1
    return last


def _implied(role: Role, lows: list[str], at: int, lexicon: Lexicon) -> tuple[str, ...]:
    """The country of a title that is only its own, or of its people: "the secretary of state", „der Russe“."""
    title = role.base if role.length == 1 else "_".join(lows[at : at + role.length])
    country = lexicon.office_countries.get(title)
    return (country,) if country is not None else ()


def _without_ending(lows: list[str], at: int, lexicon: Lexicon) -> str:
    """The word as roles have it in "the minister's claim"; in "the minister's spokesman" he only describes another."""
    then = lows[at + 1 : at + 1 + _DESCRIBED]
    spoken = any(lexicon.has_any(name, then) for name in ("claims", "view_nouns", "speech_nouns"))
    return without_possessive(lows[at]) if spoken else lows[at]


def _german_case(tokens: list[Token], lows: list[str], first: int, noun: int, lexicon: Lexicon) -> bool:
    """Whether a German article shows an oblique case; "der" does before a feminine or a weak noun, and behind another
    noun ("beim Treffen der Finanzminister").
    """
    article = lows[first]
    behind = first > 0 and tokens[first - 1].capital and tokens[first - 1].kind == "w"
    if behind and lexicon.has("oblique_feminine_articles", article) and not lexicon.is_time(lows[first - 1]):
        return True
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


def _pictured(lows: list[str], tokens: list[Token], at: int, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """As in "the gravel-voiced Russian said", "the tall, chain-smoking Russian": adjectives before such a subject."""
    if at < _PICTURED or not tokens[at].capital or at + 1 >= len(tokens) or tokens[at - 1].capital:
        return False
    following = lows[at + 1]
    ends = tokens[at + 1].kind == "p"
    if not (ends or following in lexicon.cues or lexicon.has("auxiliaries", following)):
        return False
    if knowledge.country_of_adjective(lows[at], lexicon.lang) is None:
        return False
    back = at - 1
    while back > max(0, at - _PICTURED * 2) and not lexicon.has("definite", lows[back]):
        plain = tokens[back].text == "," or (tokens[back].kind == "w" and not function_word(lows[back], lexicon))
        if not plain or tokens[back].capital:
            return False
        back -= 1
    # "…," said the gravel-voiced Russian.
    return lexicon.has("definite", lows[back]) and (not ends or (back > 0 and lows[back - 1] in lexicon.cues))


def _of_another_text(tokens: list[Token], lows: list[str], last: int, lexicon: Lexicon) -> bool:
    """As in "the author of the new plan", «автор проекта»: of something that is no text, which an article may be."""
    if last >= len(tokens) or tokens[last].kind != "w":
        return False
    if lexicon.lang in LANGUAGES:
        owned = is_genitive_of_thing(lows[last], lexicon.lang or "")
    else:
        owned = lexicon.has("genitives", lows[last])
    # "The author of the article", „Der Autor des Textes“
    behind = lows[last : last + _OWNED]
    texts = tuple(w[:-1] if lexicon.cases else w for w in lexicon.words.get("documents", ()))
    return owned and not any(low.startswith(texts) for low in behind)


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
    for i in own if lexicon.compounds else ():
        # German „Nato-Generalsekretär“
        of = knowledge.countries.get(lows[i].partition("-")[0]) if "-" in lows[i] else None
        if of is not None:
            found[of] = None
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


def _modifier(token: Token, low: str, lexicon: Lexicon, place: bool) -> bool:
    if place or low.endswith("'s"):
        return True
    if lexicon.adjective_ends and not low.endswith(lexicon.adjective_ends) and (lexicon.cases or not token.capital):
        return False
    if function_word(low, lexicon) or lexicon.has("postpositions", low) or low.isdigit():
        return False  # "Filistin'e ilişkin olarak Bakan"
    return not (token.capital and lexicon.has("common_starts", low))


def is_plural(word: str, lexicon: Lexicon) -> bool:
    """Whether a noun of a role stands for several, as far as its ending tells."""
    if lexicon.cases:
        return word.endswith(("ы", "и", "ти", "ні"))
    if lexicon.lang == "tr":
        return word.endswith(("ler", "lar", "leri", "ları"))
    return word.endswith("s") or lexicon.has("plural_nouns", word)
