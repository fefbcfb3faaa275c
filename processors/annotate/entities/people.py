"""Which person a name means: the rules that keep a stranger of the same surname from a known person's id.

A full name links. A surname alone links when it is distinctive, or when its full name stands in the article; not when
another given name precedes it ("Dmitry Lavrov"), or follows where the family name comes first ("Kim Yo Jong"). The
former makes the person a stranger here and for the rest of the text, and from its beginning where the known person is
nowhere named in full: a title that says "Lavrov scores" means the Kirill Lavrov of the second paragraph. A surname that
many share is that of whoever was named last with it, known or not. Nor does a full name link where a trade beside it
tells that its bearer is somebody else ("the coach Sergei Lavrov", "Sergei Lavrov, a coach"), unless the known person
stands there with his title, too.
"""

import re
from collections.abc import Collection, Iterable

from processors.annotate.entities.entry import Entry
from processors.annotate.entities.folding import WORD, fold
from processors.annotate.entities.found import Found
from processors.annotate.entities.gazetteer import Gazetteer
from processors.annotate.entities.surroundings import (
    INITIALS,
    begins_sentence,
    following,
    former,
    given_names,
    has_tail,
    headline,
    in_state,
    no_given_names,
    openers,
    preceding,
    title_case,
    titles,
    titles_of,
    trades,
    word_before,
)
from processors.annotate.morphology import parses
from schemas import Entity

NOUNS_IN_CAPITALS = frozenset(("tr", "de"))  # titles and nouns are capitals there: an unknown capital says nothing
_PATRONYMIC = re.compile(r"(?:ович|евич|ич|овна|евна|инична|йович|ївна)(?:а|у|ем|ом|е|ы|ой|и|і|ою)?$")
_CASE_ENDING = 3
_AS_IT_SOUNDS = str.maketrans("єіїы", "еиии")
_INFLECTED = frozenset(("ru", "uk"))
# Where a trade stands before a name: in its clause, so many words and characters from it.
_TRADE_WORDS, _TRADE_WINDOW = 5, 80
_WORDS_BEHIND = 2  # Chinese and Korean given names have two syllables, apart or not
_CLAUSE = re.compile(r"[.,;:!?()\n—–]")
# The longest of the articles and prepositions that may stand before another's trade: "a friend of the singer".
_LONGEST_PARTICLE = 3
_ARTICLES = {"a", "an", "the"}
_APPOSITION = re.compile(r",[ \u00a0](?P<age>\d{1,3},?[ \u00a0])?(?P<words>[^.,;:!?()\n—–]{2,80})")
_AND = frozenset(("и", "і", "та", "й"))


class People:
    """Links the people of one article; names must come in the order of the text."""

    def __init__(self, text: str, lang: str | None, found: Collection[Found], gazetteer: Gazetteer) -> None:
        self._text = text
        self._lang = lang
        self._entries = gazetteer.entries
        self._given_names = given_names(gazetteer)
        # What is nothing but a given name may be that of the surname behind it: Pavel, a president, and Pavel Lavrov.
        self._ends = {name.end for name in found if fold(text[name.start : name.end]) not in self._given_names}
        self._full = {hit.entry for name in found for hit in name.hits if hit.reach == "full"}
        # A surname that many share may be a given name as well: Wang Li.
        self._starts = {name.start for name in found if any(hit.reach != "careful" for hit in name.hits)}
        self._taken = 0
        self._last: dict[str, int | None] = {}  # the person last named in full, by surname; None for a stranger
        # Family name first: seen in plain text, since in a headline of capitals any word may follow.
        self._kin = {
            (self._key(name), behind)
            for name in found
            if (behind := self._behind_another(name)[0]) and not headline(text, name.start)
        }
        full = [(hit.entry, name) for name in found for hit in name.hits if hit.reach == "full"]
        self._namesakes = {entry for entry, name in full if self._tradesman(name) or self._called_tradesman(name)}
        if self._namesakes:
            self._namesakes -= {entry for entry, name in full if self._titled(name)}
        others = self._first(name for name in found if self._another(name))
        known = self._first(name for name in found if self._known(name)) if others else {}
        self._strangers = others.keys() - known.keys()
        # "A forward, Artyom Lavrov … no kin of Minister Sergei Lavrov … Lavrov is 24": the article is about the former.
        self._about_stranger = {key for key, start in others.items() if start < known.get(key, start)}

    def entity(self, name: Found) -> Entity | None:
        if any(hit.reach == "full" for hit in name.hits):
            return self._full_name(name)
        return self._surname(name)

    def _full_name(self, name: Found) -> Entity | None:
        entries = {hit.entry for hit in name.hits if hit.reach == "full"}
        if len(entries) > 1 or has_tail(self._text, name.end) or not self._namesakes.isdisjoint(entries):
            return None
        entry = min(entries)
        self._last[self._key(name)] = entry
        return self._linked(name, entry)

    def _surname(self, name: Found) -> Entity | None:
        key = self._key(name)
        if name.start < self._taken or in_state(self._text, name.end) is not None:  # Clinton, Iowa
            return None
        if has_tail(self._text, name.end):
            self._strangers.add(key)
            return None
        given = self._given(name)
        candidates = sorted({hit.entry for hit in name.hits})
        if not self._namesakes.isdisjoint(candidates):
            return None
        distinctive = all(hit.reach == "surname" for hit in name.hits)
        behind, end = self._behind_another(name) if self._kin else ("", 0)
        if (key, behind) in self._kin:
            self._taken = end
            if self._lang != "de":  # a noun may follow there: „dass Kim Raketen baut“
                self._last[key] = None
            return None
        kin = [number for number in candidates if not self._stranger(given, self._entries[number])]
        addressed = [number for number in kin if self._addressed(name, self._entries[number])]
        if kin and not addressed:  # "Mme Poutine"
            if not distinctive:
                self._last[key] = None
            return None
        kin = addressed
        if not kin and given is not None:
            self._strangers.add(key)
            if not distinctive and fold(given[1]) in self._given_names:
                self._last[key] = None
            if not distinctive and fold(given[1]) not in self._given_names:
                return None
            start = given[0]
            return Entity(start=start, end=name.end, text=self._text[start : name.end], type="PER")
        if key in self._about_stranger and not self._known(name):
            return None
        known = {hit.entry for hit in name.hits if hit.reach == "surname"} & self._full
        if not distinctive and self._last.get(key, -1) is None and known.isdisjoint(kin):
            return None
        chosen = [number for number in kin if number in self._full]
        if len(chosen) > 1:
            chosen = [number for number in chosen if number == self._last.get(key)]
        if not chosen and key not in self._strangers and len(candidates) == 1:
            chosen = kin if any(hit.reach == "surname" for hit in name.hits) else []
        return self._linked(name, chosen[0]) if len(chosen) == 1 else None

    def _behind_another(self, name: Found) -> tuple[str, int]:
        """What stands behind a family name that comes first and is not of its bearer's (Yo Jong, behind Kim), and where
        it ends; empty where nothing of that kind does.
        """
        entries = [self._entries[hit.entry] for hit in name.hits if hit.reach != "full"]
        if not entries or not all(entry.behind and not entry.given for entry in entries):
            return "", name.end
        behind, end = "", name.end
        for _ in range(_WORDS_BEHIND):
            word = following(self._text, end)
            if word is None or word.start() in self._starts or fold(word[0]) in no_given_names():
                break
            joined = bool(behind) and self._text[end] == "-"  # Jae-myung
            if not joined and (not word[0][0].isupper() or (len(word[0]) > 1 and word[0].isupper())):
                break
            behind, end = behind + fold(word[0]), word.end()
        own = [one for entry in entries for one in entry.behind]
        known = any(one.startswith(behind) or _same_given(behind, one) for one in own)
        return "" if known else behind, end

    def _first(self, names: Iterable[Found]) -> dict[str, int]:
        """Where each surname stands first."""
        starts: dict[str, int] = {}
        for name in names:
            starts.setdefault(self._key(name), name.start)
        return starts

    def _given(self, name: Found) -> tuple[int, str] | None:
        """The word before a surname that may be a given name, and where it stands."""
        given = preceding(self._text, name.start)
        if given is not None and not agree(given[1], self._text[name.start : name.end], self._lang):
            return None  # «об исследователе Валькуре Лавров сказал»: a name of another case is another person's
        return given

    def _known(self, name: Found) -> bool:
        """Whether it is a full name, or has a title before it."""
        given = preceding(self._text, name.start)
        titled = given is not None and fold(given[1].rstrip(".")) in titles()
        return titled or any(hit.reach == "full" for hit in name.hits)

    def _titled(self, name: Found) -> bool:
        """Whether a title stands before it, capitalised or not: "Minister Sergei Lavrov", «министра Сергея Лаврова»."""
        words = WORD.findall(self._text[max(0, name.start - _TRADE_WINDOW) : name.start])
        return bool(words) and bool({fold(words[-1].rstrip(".")), *self._normal(words[-1])} & titles())

    def _normal(self, word: str) -> set[str]:
        """A word in the nominative, where a dictionary knows its cases."""
        if self._lang not in _INFLECTED:
            return set()
        return {fold(parse.normal_form) for parse in parses(word.lower(), self._lang)}

    def _tradesman(self, name: Found) -> bool:
        """Whether a trade stands before a full name and in its case: "goalkeeper Sergei Lavrov", «главный тренер
        хоккейной „Шексны“ Сергей Лавров»; next to it where nouns have no cases.
        """
        clause = _CLAUSE.split(self._text[max(0, name.start - _TRADE_WINDOW) : name.start])[-1]
        words = WORD.findall(clause)[-_TRADE_WORDS:] if self._lang in _INFLECTED else WORD.findall(clause)[-1:]
        for at in range(len(words) - 1, -1, -1):
            word = words[at]
            normal = self._normal(word) or {fold(word)}
            if normal & no_given_names() or fold(word) in _AND:
                return False
            if normal & trades():
                surname = WORD.findall(self._text[name.start : name.end])[-1]
                return agree(word, surname, self._lang)
        return False

    def _called_tradesman(self, name: Found) -> bool:
        """Whether a trade stands behind a full name, as its apposition: "Sergei Lavrov, 24, a goalkeeper", «Сергей
        Лавров, юный вратарь „Маяка“». Not one that he had before, nor that of the next of a list ("Sergei Lavrov,
        singer Anna Smith").
        """
        apposition = _APPOSITION.match(self._text, name.end)
        if apposition is None:
            return False
        words = list(WORD.finditer(self._text, apposition.start("words"), apposition.end("words")))[:_TRADE_WORDS]
        for at, word in enumerate(words):
            normal = self._normal(word[0]) or {fold(word[0])}
            if normal & former():
                return False
            if normal & trades():
                surname = WORD.findall(self._text[name.start : name.end])[-1]
                introduced = at > 0 or apposition["age"] is not None
                return agree(word[0], surname, self._lang) and (
                    introduced if self._lang in NOUNS_IN_CAPITALS else not self._names(words[at + 1 :], word.end())
                )
            if self._lang in _INFLECTED:
                if not word[0].isdigit() and not _adjective(word[0].lower(), self._lang):
                    return False
            elif (at > 0 and len(word[0]) <= _LONGEST_PARTICLE) or (at == 0 and word[0] in openers() - _ARTICLES):
                return False
        return False

    def _names(self, words: list[re.Match[str]], end: int) -> bool:
        """Whether a name follows right after."""
        return bool(words) and words[0].start() == end + 1 and words[0][0].istitle() and self._text[end] == " "

    def _another(self, name: Found) -> bool:
        """Whether a surname has a well-known given name that none of its people has."""
        before = preceding(self._text, name.start)
        # Asked first: whether two words agree in case is looked up in a dictionary.
        if before is None or fold(before[1]) not in self._given_names:
            return False
        given = self._given(name)
        return given is not None and all(self._stranger(given, self._entries[hit.entry]) for hit in name.hits)

    def _addressed(self, name: Found, entry: Entry) -> bool:
        """Whether no title before a surname says that a woman is meant where the person is a man, or a man where she is
        a woman.
        """
        before = preceding(self._text, name.start)
        title = fold(before[1].rstrip(".")) if before is not None else word_before(self._text, name.start)
        return title not in titles_of(women=not entry.feminine)

    def _linked(self, name: Found, number: int) -> Entity:
        text, entry = self._text[name.start : name.end], self._entries[number]
        return Entity(start=name.start, end=name.end, text=text, type=entry.type, id=entry.id)

    def _key(self, name: Found) -> str:
        """The beginning of the surname: case endings differ."""
        return fold(WORD.findall(self._text[name.start : name.end])[-1])[:5]

    def _stranger(self, given: tuple[int, str] | None, entry: Entry) -> bool:
        """Whether the word before the surname is the given name of somebody else."""
        if given is None:
            return False
        position, word = given
        folded = fold(word.rstrip(". \u00a0"))
        if word == "M." and self._lang in (None, "fr"):  # Monsieur
            return False
        if _own(word, folded, entry):
            return False
        if INITIALS.fullmatch(word) or _PATRONYMIC.search(folded):  # the given name may stand before: Sergey V. Lavrov
            before = preceding(self._text, position)
            return before is None or not _own(before[1], fold(before[1]), entry)
        if folded in no_given_names() or (word.endswith(".") and len(word) > 2):  # "Mr.", and the end of a sentence
            return False
        if position + len(word) in self._ends or "'" in word or "’" in word:
            return False
        if folded in self._given_names:
            return True
        if len(word) > 1 and word.isupper():
            return False
        if word_before(self._text, position) in trades():
            return True
        if begins_sentence(self._text, position):  # any word is a capital there; a dictionary may know it for a name
            return self._lang in _INFLECTED and _name_by_dictionary(word.lower(), self._lang)
        return self._lang not in NOUNS_IN_CAPITALS and self._lang is not None and not title_case(self._text, position)


def agree(given: str, surname: str, lang: str | None) -> bool:
    """Whether two words can stand in one case, where nouns have cases that a dictionary knows."""
    if lang not in _INFLECTED:
        return True
    ours, theirs = _cases(given.lower(), lang), _cases(surname.lower(), lang)
    return not ours or not theirs or bool(ours & theirs)


def _name_by_dictionary(word: str, lang: str) -> bool:
    known = [parse for parse in parses(word, lang) if parse.is_known]
    return bool(known) and "Name" in known[0].tag


def _adjective(word: str, lang: str | None) -> bool:
    return lang is not None and any(parse.tag.POS in ("ADJF", "PRTF") for parse in parses(word, lang))


def _cases(word: str, lang: str) -> set[str]:
    """Cases of a word as a noun in the singular; empty where it is none, or does not change."""
    tags = [parse.tag for parse in parses(word, lang) if parse.tag.POS in ("NOUN", "ADJF")]
    if any("Fixd" in tag for tag in tags):
        return set()
    return {str(tag.case) for tag in tags if tag.number == "sing"}


def _own(word: str, folded: str, entry: Entry) -> bool:
    """Whether a word is a given name of the person, or initials that begin with one's first letter."""
    if INITIALS.fullmatch(word):
        return any(name.startswith(fold(word[0])) for name in entry.given)
    return any(_same_given(folded, name) for name in entry.given)


def _same_given(word: str, own: str) -> bool:
    """Case forms of a given name share all but the end: Владимира, Владимир. Ukrainian texts also write Russian ones as
    they sound: Сергєй, Владімір.
    """
    word, own = word.translate(_AS_IT_SOUNDS), own.translate(_AS_IT_SOUNDS)
    if word == own:
        return True
    stem = own[:-1] if len(own) > _CASE_ENDING else own
    return len(word) - len(own) <= _CASE_ENDING and word.startswith(stem)
