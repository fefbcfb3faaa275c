"""Whose words a noun of speech tells: "Lavrov's claim that X", «слова министра о том, что X», "les propos de X selon
lesquels Y". Whoever comments on remarks tells them so, and the verb around them is the commentator's.
"""

from functools import lru_cache

from msgspec.structs import replace

from processors.annotate.knowledge import Knowledge
from processors.annotate.morphology import parses
from processors.annotate.statements.language.case import LANGUAGES, is_infinitive
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import reported_clause
from processors.annotate.statements.sentence.nominals import genitive
from processors.annotate.statements.sentence.parts import Cue, Mention
from processors.annotate.statements.text.possessive import POSSESSIVE
from processors.annotate.statements.text.tokens import Token

CLAIM = "a claim"
"""The base of its cues; no verb has one with a blank."""
ADJECTIVE = "of a country"
"""The name of who is only an adjective; nobody's has a blank and no capital."""
# Words between a noun and whose claim it is: the owner behind it, in the genitive before it, who made it.
_OWNER_REACH = 10
_POSSESSOR_REACH = 4
_MAKER_REACH = 4
# Words from a claim to its infinitive: "the threat on Friday to close".
_CIRCUMSTANCE = 6
# Words from a claim's owner to its clause.
_CLAUSE_REACH = 14
# Words from a verb of saying to the preposition of an occasion.
_ADJUNCT_REACH = 8
# Words from the beginning to a claim that is the subject, at most.
_IN_FRONT = 2
_CLAUSE_ONLY = frozenset({"clause"})
_PEOPLE = ("person", "role")
_POSSESSIVE = (*POSSESSIVE, "s'", "s’")
# Words behind "to", at least.
_INFINITIVE_WORDS = 2
# Turkish: "taşınması", "açılacağı".
_VERBAL = ("ması", "mesi", "acağı", "eceği", "ma", "me")
_INFINITIVES = ("er", "ir", "re", "ar")


def find_claims(
    tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon, known: list[Cue]
) -> list[Cue]:
    """A cue for each, from the noun to where the clause begins; what follows is the content."""
    found: list[Cue] = []
    # Asked first: to look each word up in a dictionary costs more than all that follows.
    if not _may_have(lows, lexicon):
        return found
    if lexicon.order == "sov":
        return _behind_clauses(tokens, lows, mentions, lexicon)
    for at, token in enumerate(tokens):
        if token.kind != "w":
            continue
        commits, listed, named = _noun(token.low, lexicon)
        if not (listed or named):
            continue
        predicate = _predicate(tokens, lows, at, lexicon)
        if not listed and predicate is None:
            continue
        owner = None
        if not (at == 1 and lexicon.has("own", lows[0])):
            owner = _owner(tokens, lows, at, mentions, lexicon)
        if owner is None:
            own = next((i for i in (at - 1, at - 2) if i >= 0 and lexicon.has("own", lows[i])), None)
            told = own is not None and own > 0 and listed and lexicon.has("copulas", lows[own - 1])
            if told and lexicon.has_any("relative_complementizers", lows[at + 1 : at + 2]):
                predicate = at + 2
            if own == 0 and predicate is None and listed and not lexicon.has("own_feminine", lows[0]):
                # "His suggestion that …", «Его предложение перенести …»
                predicate = _begin(tokens, lows, at + 1, lexicon, commits=commits)
            if own is not None and predicate is not None:
                # "His message was that …", "What mattered was his assurance that …"
                found.append(Cue(own, predicate, frozenset({"noun"}), CLAIM, None, self_contained=True))
            continue
        begin = _begin(tokens, lows, max(at + 1, owner.last), lexicon, commits=commits)
        if begin is None:
            continue
        # "hat Äußerungen Lawrows zurückgewiesen, der Hafen sei zu": a participle that closes its clause
        closing = begin - 1 if lexicon.order == "v2" else -1
        if any(_stands_between(c, at, begin, closing) for c in known):
            continue
        first = min(at, owner.first)
        if lexicon.cases and is_infinitive(lows[begin], lexicon.lang or "") and _in_passing(first, begin, owner, known):
            continue
        if _only_occasion(tokens, lows, first, begin, known, lexicon):
            continue
        found.append(Cue(first, begin, frozenset({"noun"}), CLAIM, owner))
    return found


def _in_passing(first: int, begin: int, owner: Mention, known: list[Cue]) -> bool:
    """Whether what a country proposes is only spoken of: in a sentence that tells of nobody's words, or as the object
    of somebody's verdict («Предложение Киева отложить встречу министр отверг»), which is told as a whole.
    """
    if owner.kind != "org":
        return False
    if first > _IN_FRONT:
        return not known
    return any(c.first > begin and c.source is not None and begin < c.source.first <= c.first for c in known)


def _stands_between(cue: Cue, noun: int, begin: int, closing: int) -> bool:
    """Whether somebody's verb stands between a noun and the clause: no clause that is only known by its structure."""
    told = cue.source is not None and not cue.accord and not (cue.kinds == _CLAUSE_ONLY and not cue.base)
    return told and noun < cue.first < begin and cue.last != closing


def _begin(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon, *, commits: bool) -> int | None:
    """Where the content begins behind the noun and its owner: a clause, or the infinitive of a promise or threat."""
    begin = _clause(tokens, lows, at, lexicon)
    if begin is None and commits:
        begin = _infinitive(tokens, lows, _behind_place(lows, at, lexicon), lexicon)
    return begin


def _only_occasion(
    tokens: list[Token], lows: list[str], first: int, begin: int, known: list[Cue], lexicon: Lexicon
) -> bool:
    """Whether a preposition makes the noun the occasion of a verb of saying, to which the clause behind it belongs:
    "sagte mit Blick auf Trumps Äußerung, dass", "said after Lavrov's claim that". Who answers does so to the claim.
    """
    # «слова о том, что» has a clause of its own.
    own = begin > 2 and lexicon.has("that_correlatives", lows[begin - 3])
    that = not own and (tokens[begin - 1].text == "," or lexicon.has("that", lows[begin - 1]))
    governing = first - 1
    governing -= int(governing > 0 and lexicon.has("determiners", lows[governing]))
    if not that or governing < 1 or not lexicon.has("prepositions", lows[governing]):
        return False
    if lexicon.has("about", lows[governing]):
        return False  # «сказал о заявлении Лаврова, что»
    if any(lexicon.has("that", low) for low in lows[begin:]):
        return False
    verb = next((c for c in reversed(known) if c.last <= governing), None)
    if verb is None or "say" not in verb.kinds or verb.accord or governing - verb.last > _ADJUNCT_REACH:
        return False
    if lexicon.has("responders", verb.base) or lexicon.has("clausal", verb.base):
        return False
    between = range(verb.last, governing)
    led = any(lexicon.has("prepositions", lows[i]) for i in between)
    if not (led or lexicon.has("occasion_prepositions", lows[governing])):
        return False  # "laughed at Lavrov's claim that"
    return all(tokens[i].kind == "w" and not lexicon.has("reflexives", lows[i]) for i in between)


def _behind_clauses(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> list[Cue]:
    """Turkish: owner in the genitive, clause, noun: "Lavrov'un yolun kapanacağı yönündeki sözleri", "Lavrov'un yolun
    kapanması önerisi".
    """
    found: list[Cue] = []
    stems = tuple(lexicon.words.get("claims", ()))
    for at in range(1, len(tokens) - 1):
        length = lexicon.phrase_at("claimed", lows, at)
        if not length and lows[at].startswith(stems) and lows[at - 1].endswith(_VERBAL):
            length = 0  # "yarışın taşınması önerisi"
        elif not length or at + length >= len(tokens) or not lows[at + length].startswith(stems):
            continue
        # "Lavrov'un açıklaması" has no clause.
        last = at - int(not length)
        owners = [m for m in mentions if m.last < last and m.kind in _PEOPLE and genitive(m, lows)]
        if owners:
            found.append(Cue(at, at + length + 1, frozenset({"noun"}), CLAIM, owners[-1]))
    return found


def claimants(tokens: list[Token], lexicon: Lexicon, knowledge: Knowledge) -> list[Mention]:
    """Countries whose adjective stands at a noun of claims: "the Russian assurance that", « la menace russe de »."""
    lows = [t.low for t in tokens]
    if not _may_have(lows, lexicon):
        return []
    found = []
    for at, token in enumerate(tokens):
        if token.kind != "w" or not _noun(token.low, lexicon)[1]:
            continue
        for i in (at - 1,) if lexicon.cases else (at - 1, at - 2, at + 1):
            country = knowledge.country_of_adjective(lows[i], lexicon.lang) if 0 <= i < len(lows) else None
            if country is not None:
                of = tokens[i]
                found.append(
                    Mention(
                        i, i + 1, of.start, of.end, of.text, "org", country, None,
                        oblique=True, places=(country,), name=ADJECTIVE,
                    )
                )  # fmt: skip
                break
    return found


def _predicate(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> int | None:
    """Where the clause begins behind "was that"; None where the noun has none as its predicate."""
    then = at + 2 + int(at + 2 < len(tokens) and tokens[at + 2].text == ",")
    if then + 1 >= len(tokens) or not lexicon.has("finite_auxiliaries", lows[at + 1]):
        return None
    return then + 1 if lexicon.has("that", lows[then]) else None


def _behind_place(lows: list[str], at: int, lexicon: Lexicon) -> int:
    """Over where a promise was made: "the threat in the Duma to"."""
    if lexicon.order != "svo" or at >= len(lows) or not lexicon.has("prepositions", lows[at]) or lows[at] == "to":
        return at
    to = (i for i in range(at + 1, min(len(lows), at + _CIRCUMSTANCE)) if lexicon.has("to", lows[i]))
    return next(to, at)


def _infinitive(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> int | None:
    """Where the infinitive of a promise begins: "die Drohung, X zu schließen", "la promesse de rouvrir"."""
    if at + _INFINITIVE_WORDS >= len(tokens):
        return None
    if lexicon.lang == "de":
        stop = next((i for i in range(at + 1, len(tokens)) if tokens[i].kind != "w"), len(tokens))
        marks = lexicon.words["infinitive_marks"]
        marked = not marks.isdisjoint(lows[at:stop]) or any(mark in lows[stop - 1] for mark in marks)
        infinitive = lows[stop - 1].endswith("n") and marked
        return at + 1 if tokens[at].text == "," and infinitive else None
    if lexicon.lang in LANGUAGES:
        verb = at + int(lexicon.has("negations", lows[at]))
        return at if is_infinitive(lows[verb], lexicon.lang) else None
    if lexicon.order == "svo" and lexicon.has("to", lows[at]):
        # "threat to close the bridge", but "threat to peace": an object follows a verb.
        verb = not tokens[at + 1].capital and not _apart(tokens[at + 1], lexicon)
        after = tokens[at + 2]
        return at + 1 if verb and (after.capital or lexicon.has("determiners", after.low)) else None
    if lexicon.has("infinitive_marks", lows[at]) and lows[at + 1].endswith(_INFINITIVES) and not tokens[at + 1].capital:
        return at + 1
    return None


@lru_cache(maxsize=20_000)
def _noun(low: str, lexicon: Lexicon) -> tuple[bool, bool, bool]:
    """Whether a word is a noun of promises; of these or of claims; of speech."""
    low = low.rpartition("'")[2] if lexicon.lang == "fr" else low  # « l'assurance donnée par »
    commits = _listed(low, "commitments", lexicon)
    return commits, commits or _listed(low, "claims", lexicon), lexicon.has("speech_nouns", low)


def _listed(low: str, name: str, lexicon: Lexicon) -> bool:
    """Whether a noun, in whatever case, stands in that list of the lexicon."""
    if lexicon.has(name, low):
        return True
    if lexicon.lang not in LANGUAGES or not lexicon.words.get(name):
        return False
    return any(lexicon.has(name, parse.normal_form) for parse in parses(low, lexicon.lang or "ru")[:2])


def _owner(tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Who stands in the genitive beside the noun: "of", "by", a case, or "'s" before it."""
    maker = _maker(tokens, lows, at, mentions, lexicon)
    for mention in mentions:
        # "a warning from Moscow that …": whether that is the minister's, the speakers tell.
        if mention.kind not in _PEOPLE and not (mention.kind == "org" and mention.places and mention.office is None):
            continue
        if mention.name == ADJECTIVE and -2 <= mention.first - at <= 1:
            return maker or mention
        if (
            mention.last == at
            and mention.kind == "role"
            and mention.places
            and _only_an_adjective(mention, tokens, lexicon)
        ):
            return maker or mention
        possesses = 0 <= at - mention.last <= _POSSESSOR_REACH and lows[mention.last - 1].endswith(_POSSESSIVE)
        if possesses and not any(_apart(token, lexicon) for token in tokens[mention.last : at]):
            return mention  # "Lavrov's latest offer"
        if lexicon.lang == "de" and mention.kind == "person" and mention.last == at and lows[at - 1].endswith("s"):
            return mention  # "Lawrows Drohung"
        if lexicon.cases and mention.oblique and mention.first <= at < mention.last - 1:
            # «слова российского министра» has been taken for one description.
            text = " ".join(t.text for t in tokens[at + 1 : mention.last])
            return replace(mention, first=at + 1, start=tokens[at + 1].start, text=text)
        gap = mention.first - at - 1
        between = tokens[at + 1 : mention.first]
        if not 0 <= gap <= _OWNER_REACH or any(t.kind != "w" and t.text != "." for t in between):
            continue
        if gap == 0 and lexicon.lang in (*LANGUAGES, "de", "ar"):
            # «слова Лаврова»: a man's in the genitive looks like a woman's in the nominative.
            genitive = mention.oblique or mention.gender == "f" or lexicon.lang in {"de", "ar"}
            return mention if genitive else None
        linked = any(lexicon.has("genitives", lows[i]) for i in range(at + 1, mention.first))
        taken_in = lexicon.has("genitives", lows[mention.first])
        if linked or taken_in or (lexicon.cases and mention.oblique):
            return mention
    return _maker(tokens, lows, at, mentions, lexicon)


def _only_an_adjective(role: Mention, tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether "the Russian", before "claim", has been taken for a description of somebody."""
    words = tokens[role.first : role.last]
    return lexicon.order == "svo" and len(words) == 2 and lexicon.has("determiners", words[0].low) and words[1].capital


def _maker(tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Who has made it, in an aside: "the claim, made by Lavrov on Friday, that"."""
    if at + 3 >= len(tokens) or tokens[at + 1].text != ",":
        return None
    near = (m for m in mentions if m.kind in _PEOPLE and 0 < m.first - at - 2 <= _MAKER_REACH)
    maker = next((m for m in near if lexicon.has("agents", lows[m.first - 1])), None)
    closed = maker is not None and all(t.kind == "w" for t in tokens[at + 2 : maker.first])
    return maker if closed else None


def _may_have(lows: list[str], lexicon: Lexicon) -> bool:
    """Whether a sentence can have a claim: most have not, and then none of their words need be looked up."""
    commitments = lexicon.words.get("commitments", frozenset())
    if lexicon.lang in LANGUAGES:
        return bool(commitments) or lexicon.may_have("claimed", lows)
    if lexicon.order == "sov":
        stems = tuple(lexicon.words.get("claims", ()))
        return lexicon.may_have("claimed", lows) or any(low.startswith(stems) for low in lows)
    if lexicon.lang == "fr" and any(low.rpartition("'")[2] in commitments for low in lows):
        return True  # « l'offre »
    if lexicon.order == "v2" and not lexicon.words["claims"].isdisjoint(lows):
        return True  # "die Behauptung, der Hafen sei zu": no word begins the clause
    return not commitments.isdisjoint(lows) or lexicon.may_have("claimed", lows)


def _apart(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word cannot stand between an owner and the noun of what he owns."""
    classes = ("determiners", "prepositions", "auxiliaries", "connectors", "conjunctions", "relatives", "modals")
    return token.kind != "w" or token.low.endswith(_POSSESSIVE) or any(lexicon.has(name, token.low) for name in classes)


def _clause(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> int | None:
    """Where the content begins: behind "that", "о том, что", "selon lesquels", or the comma before a German clause in
    the subjunctive; None without.
    """
    for i in range(at, min(len(tokens) - 2, at + _CLAUSE_REACH)):
        token = tokens[i]
        if token.text in ".;:—–" or token.kind == "q":
            return None
        if (
            token.text == ","
            and not lexicon.phrase_at("claimed", lows, i + 1)
            and reported_clause(tokens, i + 1, lexicon)
        ):
            return i + 1  # "Lawrows Behauptung, der Hafen sei zu"
        length = lexicon.phrase_at("claimed", lows, i) if token.kind == "w" else 0
        if length:
            stop = i + length
            # «о том, что»
            that = stop + 1 < len(tokens) and tokens[stop].text == "," and lexicon.has("that", lows[stop + 1])
            return stop + 2 if that else stop
        # "in the State Duma" has no verb.
        if token.kind == "w" and i > at and not token.capital and lexicon.verb_at(lows, i) is not None:
            # "hat Äußerungen Lawrows zurückgewiesen, wonach"
            closes = lexicon.order == "v2" and tokens[i + 1].text == ","
            if not closes:
                return None
    return None
