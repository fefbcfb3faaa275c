"""What the rules know of a language: lists of words, and the verbs and roles that a sentence has at some place.

It is read from the language's data file by ``lexicon_file``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from processors.annotate.statements.language.case import part_of_speech
from processors.annotate.statements.language.forms import Phrase

_VOWELS = "аяоеуюиыьйіїєёэ"


@dataclass(frozen=True)
class Role:
    """A noun (phrase) for a speaker: its class (``foreign_minister``, ``spokesperson``, …) and whether in base form."""

    office: str
    length: int
    nominative: bool
    base: str = ""


@dataclass(frozen=True)
class ReportingVerb:
    """A reporting verb: ``say``, ``clause`` (only with a clause or quotation), ``name`` (its object is the content)."""

    kinds: frozenset[str]
    length: int
    base: str


_NONE: frozenset[str] = frozenset()
_REMEMBERED = 20_000
_ROLE_WORDS = 6
_PHRASE_WORDS = 6
_ASIDE = 3
_ATTRIBUTING = ("according", "according_his", "impersonal", "agreed")
# "stellte in den Raum, dass": with a clause as well.
_SPLIT = frozenset({"say", "name"})
_ELLIPSIS = "…"
# Words of what stands between a verb and the end of its clause, at least, and where that end is looked for.
_OBJECT = 2
_OBJECT_REACH = 16
SPLIT = "a split verb"
"""The base of such a cue; no verb has one with blanks."""
NOMINAL = "nominal"
"""The kind of a verb's noun, whose subject is a possessor: Turkish "Lavrov'un … söylediği"."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """One language; sets hold lower-case words, phrases are tuples of words.

    Compared by identity, so that what is known of a word can be remembered by lexicon and word.
    """

    lang: str | None
    order: str = "svo"
    """``svo``; ``v2``: subjects may stand behind verbs; ``free``: case endings tell them; ``sov``: verbs come last."""
    cases: bool = False
    """Nouns have case endings."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    pronouns: dict[str, tuple[str, str]] = field(default_factory=dict)
    object_pronouns: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Those that somebody who is quoted has ("quoted him as saying"): number and gender, as of ``pronouns``."""
    cues: dict[str, list[tuple[Phrase, str, str]]] = field(default_factory=dict)
    role_words: dict[str, list[tuple[Phrase, str]]] = field(default_factory=dict)
    role_stems: dict[str, list[tuple[Phrase, str]]] = field(default_factory=dict)
    compounds: dict[str, str] = field(default_factory=dict)
    """Offices by the last parts of compounds: German "Verkehrsminister"."""
    governed_roles: frozenset[str] = frozenset()
    """First words of roles with a preposition joined to them: Arabic «للقناة»."""
    phrases: dict[str, dict[str, list[Phrase]]] = field(default_factory=dict)
    weekday_stems: tuple[str, ...] = ()
    month_stems: tuple[str, ...] = ()
    uninflected_times: frozenset[str] = frozenset()
    """Days and months that the data file gives as whole words."""
    participles: tuple[str, ...] = ()
    adjective_ends: tuple[str, ...] = ()
    finite_ends: tuple[str, ...] = ()
    """Of verbs that no list has, beside a person and a clause."""
    predicate_ends: tuple[str, ...] = ()
    """Of what may stand before "that"."""
    claim_ends: tuple[str, ...] = ()
    """Of verbs that go on claiming in a sentence without a cue: the conditional."""
    reportive_ends: tuple[str, ...] = ()
    """Of verbs whose mood says that something is reported, as the German subjunctive does."""
    inserted_ends: tuple[str, ...] = ()
    """Of verbs between commas whose form has their subject: Spanish "X, rememoró, Y"."""
    future_ends: tuple[str, ...] = ()
    plural_ends: tuple[str, ...] = ()
    feminine_ends: tuple[str, ...] = ()
    """Of words beside a name that tell a woman: French "ancienne"."""
    indicative_ends: tuple[str, ...] = ()
    """Of words that look like a German subjunctive and are none."""
    question_stems: tuple[str, ...] = ()
    circumstance_ends: tuple[str, ...] = ()
    """Where a Turkish circumstance ends ("toplantıda"), if it begins as one of ``circumstances`` does."""
    complement_ends: tuple[str, ...] = ()
    """Of Turkish words that end no circumstance though they have such an ending: "görüşmeye hazır"."""
    place_ends: tuple[str, ...] = ()
    article_genders: dict[str, str] = field(default_factory=dict)
    office_countries: dict[str, str] = field(default_factory=dict)
    """Ids of the countries whose office a title is where no country is named: "the foreign secretary" is Britain's."""
    contracted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What a preposition becomes with an article: French "de" is "du"."""
    circumstances: tuple[str, ...] = ()
    pro_drop: bool = False
    """Verbs may have no subject: it is who spoke last."""
    subject_follows: bool = False
    """The subject stands only behind its verb: Arabic."""
    objects_behind: bool = False
    """An object never stands before its verb, though a subject may stand behind it."""
    que_conjunctions: bool = False
    """The second word of a conjunction is a complementizer: "alors que"."""
    dash_speech: bool = False
    """Whether a dash at the beginning alone may mark direct speech, with its attribution behind a comma."""
    home: str = ""
    """Id of the country whose ministers need no country in this language; empty where several speak it."""

    @cached_property
    def phrase_starts(self) -> frozenset[str]:
        """Words at which an attributing phrase can begin."""
        return frozenset().union(*(self.phrases.get(name, ()) for name in _ATTRIBUTING))

    @cached_property
    def cue_starts(self) -> frozenset[str]:
        """Words at which a reporting verb or an attributing phrase can begin."""
        return self.phrase_starts.union(self.cues, self.words.get("heard_verbs", _NONE), self.phrases.get("split", ()))

    @cached_property
    def infinitives(self) -> dict[str, frozenset[str]]:
        """Reporting verbs of one word by their base, with their kinds: infinitives where these are base forms."""
        kinds: dict[str, set[str]] = {}
        for verbs in self.cues.values():
            for _, kind, base in verbs:
                kinds.setdefault(base, set()).add(kind)
        return {base: frozenset(some) for base, some in kinds.items() if "_" not in base}

    @cached_property
    def closed(self) -> frozenset[str]:
        """Words of classes that no name or noun belongs to, and those at which known cues begin."""
        classes = ("prepositions", "connectors", "auxiliaries", "complementizers", "relatives")
        return frozenset(self.pronouns).union(self.cues, *(self.words.get(name, _NONE) for name in classes))

    def has(self, name: str, word: str) -> bool:
        return word in self.words.get(name, _NONE)

    def has_any(self, name: str, words: Iterable[str]) -> bool:
        """Whether any of the words is in that list."""
        return not self.words.get(name, _NONE).isdisjoint(words)

    def phrase_at(self, name: str, lows: list[str], at: int) -> int:
        """Length in words of the longest phrase of that list beginning at ``at``, 0 where there is none or no word."""
        phrases = self.phrases.get(name)
        if not phrases or at >= len(lows) or lows[at] not in phrases:
            return 0
        best = 0
        for phrase in phrases[lows[at]]:
            if len(phrase) > best and tuple(lows[at : at + len(phrase)]) == phrase:
                best = len(phrase)
        return best

    def may_have(self, name: str, lows: list[str]) -> bool:
        """Whether a phrase of that list begins with any word of a sentence: asked before each is looked at."""
        return not self.phrases.get(name, {}).keys().isdisjoint(lows)

    def _reads(self, lows: list[str], phrase: Phrase) -> bool:
        """Whether words are a phrase; French joins "de" with an article or a vowel ("parlé du port", "parlé d'une")."""
        joined = self.contracted.get(phrase[-1])
        if joined and lows and (lows[-1] in joined or any(lows[-1].startswith(w) for w in joined if w[-1] == "'")):
            return tuple(lows[:-1]) == phrase[:-1]
        return tuple(lows) == phrase

    def verb_at(self, lows: list[str], at: int) -> ReportingVerb | None:
        """The longest reporting verb beginning at ``at``; None behind the last word."""
        verbs = self.cues.get(lows[at]) if at < len(lows) else None
        if verbs is None:
            return None
        length, base, kinds = 0, "", set[str]()
        if at + 1 < len(lows) and self.has("inserted_particles", lows[at + 1]):
            # Turkish "uyarısında da bulundu"
            apart = self.verb_at([*lows[: at + 1], *lows[at + 2 :]], at)
            return replace(apart, length=apart.length + 1) if apart is not None and apart.length > 1 else apart
        if (self.order == "v2" or self.words.get("adverbs")) and any(len(phrase) > 1 for phrase, _, _ in verbs):
            gap = self._aside(lows, at + 1)
            if gap:
                # "abogó este martes por", "s'est également félicité de", "spoke warmly of"
                joined = [*lows[at : at + 1], *lows[at + 1 + gap : at + _PHRASE_WORDS + gap]]
                apart = self.verb_at(joined, 0) if len(joined) > 1 else None
                if apart is not None and apart.length > 1:
                    return replace(apart, length=apart.length + gap)
        for phrase, kind, name in verbs:
            if len(phrase) < length or not self._reads(lows[at : at + len(phrase)], phrase):
                continue
            if len(phrase) > length:
                length, base, kinds = len(phrase), name, set()
            kinds.add(kind)
        return ReportingVerb(frozenset(kinds), length, base) if length else None

    def split_at(self, lows: list[str], at: int) -> ReportingVerb | None:
        """A verb at ``at`` to which words at the end of its clause belong: "ruled a deal out", German "hielt an dem
        Plan fest".
        """
        if at and not lows[at - 1][:1].isalnum():
            return None  # "X, stellte der Minister in Aussicht": the content stands in front
        for phrase in self.phrases.get("split", {}).get(lows[at], ()):
            gap = phrase.index(_ELLIPSIS)
            closing = phrase[gap + 1 :]
            if tuple(lows[at : at + gap]) != phrase[:gap]:
                continue
            stop = min(len(lows), at + gap + _OBJECT_REACH)
            if self.order == "svo":
                stop = next((i for i in range(at + gap, stop) if self._parts(lows[i])), stop)
            for end in range(at + gap + _OBJECT, stop - len(closing) + 1):
                if tuple(lows[end : end + len(closing)]) != closing:
                    continue
                # "put the fall in catches down to greed" has another part behind.
                led = self.order == "svo" and self.has("prepositions", closing[-1])
                if led or self._closes(lows, end + len(closing)):
                    return ReportingVerb(_SPLIT, gap, SPLIT)
        return None

    def _closes(self, lows: list[str], at: int) -> bool:
        """Whether a clause may end there: at a mark, a word of time, a preposition or a conjunction."""
        if at < len(lows) and lows[at] == "," and self.order == "v2":
            return False  # "stellte der Minister in Aussicht, dass": the content is a clause
        if at >= len(lows) or not lows[at][:1].isalnum() or self.is_time(lows[at]):
            return True
        led = any(self.has(name, lows[at]) for name in ("prepositions", "conjunctions", "connectors"))
        return led and not (self.lang == "en" and self.has("genitives", lows[at]))  # "out of fear"

    def _parts(self, low: str) -> bool:
        """Whether another clause, or another verb of the same one, may begin with a word or mark."""
        return not low[:1].isalnum() or self.has("conjunctions", low) or self.has("relatives", low)

    def may_be_noun(self, word: str) -> bool:
        """No function word, pronoun, word of time or known cue."""
        return not (word in self.closed or self.has("time_words", word))

    def only_begins(self, word: str) -> bool:
        """Whether a word is a cue with others behind it only: German "hielt dagegen"."""
        return self.lang == "de" and word in self.cues and all(len(phrase) > 1 for phrase, _, _ in self.cues[word])

    def _aside(self, lows: list[str], at: int) -> int:
        """How many words of time and adverbs stand there."""
        stop = at
        while stop < len(lows) and stop - at < _ASIDE:
            # English has words of time behind the phrase: "set this out".
            time = self.order == "v2"
            timed = (time and self.is_time(lows[stop])) or self.has("adverbs", lows[stop])
            following = time and stop + 1 < len(lows) and self.is_time(lows[stop + 1])
            if not timed and not (following and self.has("determiners", lows[stop])):
                break
            stop += 1
        return stop - at

    def begins_role(self, word: str) -> bool:
        """Whether any role phrase begins with ``word`` in some case."""
        return _begins_role(self, word)

    def role_at(self, lows: list[str], at: int) -> Role | None:
        """The longest role phrase beginning at ``at``, in any case."""
        if not _begins_role(self, lows[at]):
            return None
        if self.order == "sov":
            # Turkish "Bakan'ın": case endings stand behind an apostrophe.
            lows, at = [low.partition("'")[0] for low in lows[at : at + _ROLE_WORDS]], 0
        best: Role | None = None
        for phrase, office in self.role_words.get(lows[at], ()):
            gap = _gap(lows, at, phrase)
            if (best is None or len(phrase) > best.length) and tuple(
                lows[at + 1 + gap : at + gap + len(phrase)]
            ) == phrase[1:]:
                best = Role(office, len(phrase) + gap, lows[at] not in self.governed_roles, phrase[0])
        if best is None and lows[at].endswith(tuple(self.compounds)):
            office = next(office for end, office in self.compounds.items() if lows[at].endswith(end))
            return Role(office, 1, True, lows[at])
        if not self.cases:
            return best
        word = lows[at]
        for cut in range(4):
            stem = word[: len(word) - cut] if cut else word
            for phrase, office in self.role_stems.get(stem, ()):
                gap = _gap(lows, at, phrase)
                rest = lows[at + 1 + gap : at + gap + len(phrase)]
                if (
                    (best is None or len(phrase) > best.length)
                    and len(rest) == len(phrase) - 1
                    and all(
                        a == b or (len(b) >= 3 and a.startswith(role_stem(b)) and len(a) <= len(b) + 2)
                        for a, b in zip(rest, phrase[1:], strict=True)
                    )
                ):
                    best = Role(office, len(phrase) + gap, word == phrase[0], phrase[0])
        return best

    def is_participle(self, word: str) -> bool:
        """Whether a word is a gerund or present participle; Russian adjectives have the same ending («российская»)."""
        if not self.participles or not word.endswith(self.participles) or self.has("not_participles", word):
            return False
        return self.lang != "ru" or part_of_speech(word, "ru") == "GRND"

    def is_time(self, word: str) -> bool:
        return _is_time(self, word)


@lru_cache(maxsize=_REMEMBERED)
def _is_time(lexicon: Lexicon, word: str) -> bool:
    if lexicon.has("time_words", word):
        return True
    return any(_names_time(lexicon, stem, word) for stem in lexicon.weekday_stems + lexicon.month_stems)


def _names_time(lexicon: Lexicon, stem: str, word: str) -> bool:
    """Whether a word is the day or month of that stem, inflected where the language does."""
    if not word.startswith(stem):
        return False
    # "Mondays", "Monday's"; but French "mais" is no May, nor is an English mayor.
    rest = word[len(stem) :]
    whole = not rest or rest[0] == "'" or (rest == "s" and stem in lexicon.weekday_stems)
    return whole or stem not in lexicon.uninflected_times


@lru_cache(maxsize=_REMEMBERED)
def _begins_role(lexicon: Lexicon, word: str) -> bool:
    if lexicon.order == "sov":
        word = word.partition("'")[0]
    if word in lexicon.role_words or word.endswith(tuple(lexicon.compounds)):
        return True
    return lexicon.cases and any(word[: len(word) - cut] in lexicon.role_stems for cut in range(4))


def _gap(lows: list[str], at: int, phrase: Phrase) -> int:
    """1 where an adjective stands inside a phrase ("ministre russe des affaires étrangères"), else 0."""
    if len(phrase) < 2 or at + 2 >= len(lows) or not lows[at + 1].isalpha():
        return 0
    between, behind, second = (role_stem(word)[:4] for word in (lows[at + 1], lows[at + 2], phrase[1]))
    return int(between != phrase[1][:4] and behind == second)


def role_stem(word: str) -> str:
    """A word of a role without the vowel that cases change."""
    return word[:-1] if len(word) > 3 and word[-1] in _VOWELS else word
