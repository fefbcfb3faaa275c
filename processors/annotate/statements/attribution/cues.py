"""Reporting verbs and phrases of a sentence, each with the mention that is its subject.

Which mention that is, ``subjects`` tells.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from processors.annotate.statements.attribution.hearsay import HEARD, TOLD, audience, heard_from
from processors.annotate.statements.attribution.strangers import noun_at, set_off
from processors.annotate.statements.attribution.structure import by_structure
from processors.annotate.statements.attribution.subjects import led, subject_of
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.language.case import LANGUAGES, part_of_speech
from processors.annotate.statements.language.lexicon import NOMINAL, Cue, Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.claims import find_claims
from processors.annotate.statements.sentence.clauses import ends, skip_adjuncts
from processors.annotate.statements.sentence.found import Found
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.nominals import possessor_of
from processors.annotate.statements.text.tokens import Token

# A bound on the work for a sentence that is no sentence (a list, a table).
_MAX_CUES = 30
_RELAY_REACH = 8
_STATED = 3
_QUOTER = 8
_OCCASION_REACH = 14
_CLAUSE_BEFORE = 5
_ADDRESSED = 7
_TELLER = 4
_ADJECTIVES = 3
_TEXT_WORDS = 2
"""Of "the essay"."""
REPLY = "a reply"
"""The base of "came the answer", whose speaker is not who was named last: that is who asked."""
_NAMES = frozenset(["name"])


def find_cues(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> list[Found]:
    """Cues outside quotations in order of appearance."""
    lows = [t.low for t in tokens]
    spans = [(m.first, m.last) for m in mentions]
    starts = lexicon.cue_starts
    found: list[Found] = []
    at = 0
    while at < len(tokens) and len(found) < _MAX_CUES:
        if lows[at] not in starts or tokens[at].kind != "w":
            at += 1
            continue
        length = lexicon.phrase_at("according", lows, at)
        his = 0 if length else lexicon.phrase_at("according_his", lows, at)
        if his and at + his + 1 < len(tokens) and tokens[at + his].kind == "w" and tokens[at + his + 1].text == ",":
            # «по его прогнозу,»
            found.append(Found(at, at + his + 1, frozenset({"say"}), "accord", None, accord=True, self_contained=True))
            at += his + 1
            continue
        if length:
            cue = _according(tokens, lows, at, length, mentions, lexicon)
            if cue is not None:
                found.append(cue)
                at += length
                continue
        # «Условились, что …» begins a sentence; in one, it is of the words that somebody says.
        length = lexicon.phrase_at("impersonal", lows, at) or (lexicon.phrase_at("agreed", lows, at) if at == 0 else 0)
        if length:
            found.append(_impersonal(tokens, at, length, mentions, lexicon))
            at += length
            continue
        if any(a <= at < b for a, b in spans):
            at += 1
            continue
        hit = lexicon.cue_at(lows, at)
        teller = heard_from(tokens, lows, at, mentions, lexicon)
        if teller is not None:
            found.append(Found(at, teller.last, frozenset({"say"}), lows[at], teller))
            at = teller.last
            continue
        hearer = audience(tokens, lows, at, mentions, lexicon)
        if hearer is not None:
            base = HEARD if lexicon.has("heard_verbs", lows[at]) else TOLD
            found.append(Found(at, at + 1, frozenset({"say"}), base, hearer))
            at += 1
            continue
        agent = _agent(lows, at, hit, mentions, lexicon)
        if hit is not None and agent is not None:
            found.append(Found(at, agent.last, frozenset({"passive"}), hit.base, agent))
            at = agent.last
            continue
        if (
            hit is None
            or not _is_verb(tokens, lows, at, hit, mentions, lexicon)
            or (hit.kinds == _NAMES and _judges(tokens, lows, at, lexicon))
        ):
            at += 1
            continue
        if NOMINAL in hit.kinds:
            owner = possessor_of(tokens, lows, at, at + hit.length, mentions, found, lexicon)
            if owner is not None:
                found.append(Found(at, at + hit.length, frozenset({"say", NOMINAL}), hit.base, owner))
            if owner is not None or len(hit.kinds) == 1:
                at += hit.length
                continue
            hit = Cue(hit.kinds - {NOMINAL}, hit.length, hit.base)
        behind = (hit.kinds == _NAMES or lexicon.has("addressed", hit.base)) and not (
            _quoted_before(tokens, lows, at, lexicon) or _said_before(tokens, at, at + hit.length, mentions, lexicon)
        )
        verb = Verb(tokens, lows, at, at + hit.length, mentions, lexicon, found, behind)
        source, elided = subject_of(verb)
        # Who rejects somebody's words passes on none.
        relays = "say" in hit.kinds or lexicon.has("relay_verbs", hit.base)
        relayed = _relayed(tokens, lows, at + hit.length, hit.base, mentions, lexicon) if relays else None
        if relayed is not None:
            source, elided = relayed, False
        elif source is None and not elided and lexicon.pro_drop:
            if found and any(lexicon.has("complementizers", low) for low in lows[found[-1].last : at]):
                # A verb within the clause that another cue reports.
                at += hit.length
                continue
            source, elided = _unsaid(tokens, lows, at + hit.length, hit.kinds, lexicon)
            if source is None:
                source, elided = led(verb) or (source, elided)
        if source is None and lexicon.order == "sov" and not found:
            source = set_off(tokens, lows, at, lexicon)
        written = _inserted(tokens, at, at + hit.length, lexicon)
        source = written or source
        if written is None and _lasts(tokens, hit.base, source, lexicon):
            at += hit.length
            continue
        found.append(Found(at, at + hit.length, hit.kinds, hit.base, source, elided))
        at += hit.length
        if "infinitive" in hit.kinds and len(hit.kinds) > 1:
            found[-1] = replace(found[-1], kinds=hit.kinds - {"infinitive"})
    for i in range(1, len(tokens) - 2) if ":" in lows else ():
        noun = _noun_before_colon(tokens, lows, i, lexicon) if lows[i] == ":" else -1
        if noun >= 0 and not any(noun < c.last <= i for c in found):
            found.append(Found(noun, i + 1, frozenset({"noun"}), "noun", None, True))
    if len(found) >= _MAX_CUES:
        return found
    found.extend(c for c in by_structure(tokens, lows, mentions, lexicon, found) if not _explains(tokens, c, found))
    claims = find_claims(tokens, lows, mentions, lexicon, found)
    # "selon lesquels" belongs to the claim, and to nobody else.
    found = [c for c in found if not any(claim.first <= c.first < claim.last for claim in claims)] + claims
    found.extend(_after_phrases(tokens, lows, mentions, lexicon))
    found.extend(_views(tokens, lows, mentions, lexicon))
    quoted = _quoted_as(tokens, lows, mentions, lexicon)
    for cue in quoted:
        # What the paper does ("quoted") and "saying" are parts of the same attribution.
        found = [c for c in found if c.last <= cue.first - _QUOTER or c.first >= cue.last]
    found.extend(quoted)
    return sorted(found, key=lambda c: c.first)


def _noun_before_colon(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> int:
    """Where the noun of speech stands that leads up to a colon ("He gave this answer:", "a warning to the West:"); -1
    without.
    """
    for at in range(colon - 1, max(0, colon - _ADDRESSED) - 1, -1):
        if tokens[at].kind != "w":
            return -1
        if lexicon.has("noun_cues", lows[at]) or (at == colon - 1 and lexicon.has("speech_nouns", lows[at])):
            to = at == colon - 1 or lexicon.has("addressing", lows[at + 1])
            return at if to else -1
    return -1


def _announces(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether it is a noun with an adjective that leads up to a colon: "a stark warning to the West: …"."""
    behind = lows[at + 1] if at + 1 < len(lows) else ""
    if not lexicon.has("noun_cues", lows[at]) or not (behind == ":" or lexicon.has("addressing", behind)):
        return False
    colon = next((i for i in range(at + 1, min(len(tokens), at + _ADDRESSED)) if tokens[i].kind != "w"), at)
    article = any(lexicon.has("determiners", low) for low in lows[max(0, at - _ADJECTIVES) : at])
    return lows[colon] == ":" and article


def _judges(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """As in "…, was er als falsch bezeichnete": a verdict on what stands before, at the end of its clause."""
    if lexicon.order != "v2" or (at + 1 < len(tokens) and tokens[at + 1].kind == "w"):
        return False
    comma = next((i for i in range(at - 1, -1, -1) if tokens[i].kind == "p"), -1)
    return comma >= 0 and lexicon.has("free_relatives", lows[comma + 1])


def _told_of(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """German: a verb within what is reported: "die Bedingungen, die Putin genannt habe, gälten", "schätze man"."""
    behind = lows[at + 1] if at + 1 < len(lows) else ""
    indefinite = lexicon.has("subjunctive_subjects", behind) and behind not in lexicon.pronouns
    if lows[at].endswith("e") and not lows[at].endswith("te") and indefinite:
        return True
    if not (lexicon.has("perfect_auxiliaries", behind) and lexicon.has("subjunctive", behind)):
        return False
    opened = next((i for i in range(at - 1, -1, -1) if tokens[i].kind != "w"), -1)
    begins = tokens[opened + 1 : opened + 3]
    return opened >= 0 and any(
        lexicon.has("relatives", t.low) or lexicon.phrase_at("as_verb", [t.low], 0) for t in begins
    )


def _agent(lows: list[str], at: int, hit: Cue | None, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Whose verdict a passive tells: "was described by the minister as a trap"."""
    if hit is None or at == 0 or not lexicon.has("agents", (lows[at + hit.length : at + hit.length + 1] or [""])[0]):
        return None
    passive = any(lexicon.has("copulas", low) for low in lows[max(0, at - 3) : at])
    if not passive or not lexicon.has("verdicts", hit.base):
        return None
    near = (m for m in mentions if 1 <= m.first - at - hit.length <= 2 and m.kind in ("person", "role", "name"))
    return next(near, None)


def _rung_up(tokens: list[Token], at: int, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """As in "Rubio called Lavrov on Thursday": somebody, and nothing that he is called."""
    whom = next((m for m in mentions if m.first == at and m.kind in ("person", "role", "name")), None)
    return whom is not None and ends(tokens, whom.last, lexicon)


def _no_object(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether what follows a verb is neither an object nor an infinitive, nor what an object is taken for."""
    if at >= len(tokens) or not lexicon.has("prepositions", tokens[at].low):
        return False
    behind = skip_adjuncts(tokens, at, len(tokens), lexicon)
    if behind > at and behind < len(tokens) and tokens[behind].kind == "w":
        return False  # "dismissed on Friday a warning"
    return not lexicon.has("to", tokens[at].low) and not lexicon.phrase_at("as_verb", [tokens[at].low], 0)


def _lasts(tokens: list[Token], base: str, source: Mention | None, lexicon: Lexicon) -> bool:
    """As in "Since then, the fighting has continued": what no person does where nothing is quoted is no speech."""
    if not (lexicon.has("clausal", base) and lexicon.has("continuing", base)):
        return False
    return source is not None and source.kind not in TELLERS and all(t.kind != "q" for t in tokens)


def _inserted(tokens: list[Token], at: int, last: int, lexicon: Lexicon) -> Mention | None:
    """A text between commas: "Peace, the essay continues, is near"."""
    closed = at > _TEXT_WORDS and last < len(tokens) and tokens[last].text == ","
    if not closed or not lexicon.has("documents", tokens[at - 1].low) or tokens[at - 1 - _TEXT_WORDS].text != ",":
        return None
    return noun_at(tokens, at - _TEXT_WORDS, at) if lexicon.has("determiners", tokens[at - _TEXT_WORDS].low) else None


def _explains(tokens: list[Token], cue: Found, found: list[Found]) -> bool:
    """Whether it stands behind a colon that another attribution has in front of it: "He promised an answer: X"."""
    colon = next((i for i in range(cue.first - 1, -1, -1) if tokens[i].text == ":"), -1)
    return any(c.last <= colon and c.source is not None and "name" in c.kinds for c in found)


def _impersonal(tokens: list[Token], at: int, length: int, mentions: list[Mention], lexicon: Lexicon) -> Found:
    """As in "It was stressed that", «отмечается в сообщении МИД»: whose words they are stands behind, or nowhere."""
    last = at + length
    behind = [m for m in mentions if m.kind in ("person", "role", "org") and 0 <= m.first - last <= _STATED]
    between = tokens[last : behind[0].first] if behind else []
    if any(lexicon.has("that", t.low) for t in tokens[last - 1 : last + len(between)]):
        behind = []  # "it was stressed that Washington …"
    # «подтверждена готовность направить делегацию»: an object of the content.
    inside = lexicon.lang in LANGUAGES and any(part_of_speech(t.low, lexicon.lang or "") == "INFN" for t in between)
    if behind and not inside and all(t.kind == "w" for t in between):
        return Found(at, last, frozenset({"say"}), "impersonal", behind[0])
    if any(lexicon.has("speech_nouns", t.low) for t in tokens[at:last]):
        return Found(at, last, frozenset({"say", "name"}), REPLY, None, elided=True)
    return Found(at, last, frozenset({"say", "name"}), "impersonal", None, elided=True)


def _according(
    tokens: list[Token], lows: list[str], at: int, length: int, mentions: list[Mention], lexicon: Lexicon
) -> Found | None:
    if lexicon.phrase_at("according_self", lows, at) == length:
        return Found(at, at + length, frozenset({"say"}), "accord", None, accord=True, self_contained=True)
    if lexicon.phrase_at("according_person", lows, at) == length:
        # "Pour le ministre, …": only of people, and only in front.
        near = [m for m in mentions if 0 <= m.first - at - length <= 1 and m.kind in ("person", "role")]
        if at == 0 and near and near[0].last < len(tokens) and tokens[near[0].last].text == ",":
            return Found(at, at + length, frozenset({"say"}), "accord", near[0], accord=True)
        return None
    told = lexicon.cue_at(lows, at + length) if lexicon.pro_drop and length == 1 else None
    if told is not None and "say" in told.kinds:
        # "según dio a entender": whoever stands behind the verb
        last = at + length + told.length
        teller = next((m for m in mentions if 0 <= m.first - last <= _TELLER and m.kind in ("person", "role")), None)
        return Found(at, last, frozenset({"say"}), "accord", teller, accord=True, self_contained=teller is None)
    if length == 1 and lexicon.has("according_behind", lows[at]) and (at == 0 or tokens[at - 1].kind == "w"):
        # „…, so Lawrow“ is an attribution, „So verlangte der Minister“ is none.
        return None
    for mention in mentions:
        if mention.last > at + length > mention.first >= at:
            # "aux yeux du ministre": the phrase has taken the article.
            return Found(at, at + length, frozenset({"say"}), "accord", mention, accord=True)
        if mention.first >= at + length:
            between = tokens[at + length : mention.first]
            if len(between) <= 3 and all(t.kind == "w" for t in between):
                return Found(at, at + length, frozenset({"say"}), "accord", mention, accord=True)
            break
    nxt = at + length
    if nxt < len(tokens) and tokens[nxt].kind == "w":
        stop = nxt
        while stop < len(tokens) and tokens[stop].kind == "w" and stop - nxt < 6:
            stop += 1
        if at and tokens[at - 1].kind == "w" and stop < len(tokens) and tokens[stop].text not in ",.;":
            return None  # "las obras avanzan según el plan y …"
        if at and tokens[at - 1].kind == "w" and lexicon.subject_follows and not lexicon.has("documents", lows[nxt]):
            return None  # «يسير وفق الجدول، و…»
        return Found(at, at + length, frozenset({"say"}), "accord", noun_at(tokens, nxt, stop), accord=True)
    return None


def _relayed(
    tokens: list[Token], lows: list[str], at: int, base: str, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """Whose words an agency passes on: «передает «Гавань» слова Лаврова», "reported, citing Lavrov"."""
    if not lexicon.may_have("relayed", lows[at : at + _RELAY_REACH]):
        return None
    for i in range(at, min(at + _RELAY_REACH, len(tokens))):
        length = lexicon.phrase_at("relayed", lows, i)
        # «прокомментировал слова Лаврова» is no relay, «передает слова Лаврова» is.
        if length == 1 and lexicon.words["relay_verbs"] and not lexicon.has("relay_verbs", base):
            continue
        if length:
            return next((m for m in mentions if 0 <= m.first - i - length <= 1 and m.kind in ("person", "role")), None)
    return None


def _unsaid(
    tokens: list[Token], lows: list[str], at: int, kinds: frozenset[str], lexicon: Lexicon
) -> tuple[Mention | None, bool]:
    """The subject that a verb without one has where pronouns are left out: the last speaker, or a noun behind it."""
    if at >= len(tokens) or tokens[at].kind != "w":
        return None, True
    low = lows[at]
    if lexicon.has("complementizers", low) or lexicon.has("prepositions", low) or lexicon.is_time(low):
        return None, True
    if low in lexicon.governed_roles:
        return None, True  # «وصرح لقناة …»
    if lexicon.has("determiners", low) and at + 1 < len(tokens) and lexicon.is_time(tokens[at + 1].low):
        return None, True  # "afirmó este viernes"
    if "name" in kinds and not lexicon.subject_follows:
        return None, True  # "exigió el cese del bloqueo"
    if lexicon.subject_follows or lexicon.has("determiners", low):
        stop = at + 1
        while stop < len(tokens) and stop - at < 5 and tokens[stop].kind == "w" and lexicon.may_be_noun(lows[stop]):
            stop += 1
        return noun_at(tokens, at, stop), False
    return None, True


def _quoted_as(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Found]:
    """As in "the paper quoted Lavrov as saying": the speaker is whom the paper quotes."""
    found: list[Found] = []
    if not lexicon.may_have("quoted_as", lows):
        return found
    for i in range(1, len(tokens) - 1):
        if lexicon.phrase_at("quoted_as", lows, i):
            length = lexicon.phrase_at("quoted_as", lows, i)
            before = [m for m in mentions if m.last <= i and i - m.last <= 8 and m.kind in ("person", "role")]
            if before:
                found.append(Found(i, i + length, frozenset({"say"}), "quoted_as", before[-1]))
    return found


def _views(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Found]:
    """As in "in Lavrov's view"."""
    found = []
    for mention in mentions:
        at = mention.last
        if (
            mention.kind in ("person", "role") and mention.first > 0 and at < len(tokens)
            and (mention.oblique or lows[at - 1].endswith("s"))
            and lexicon.has("view_prepositions", lows[mention.first - 1]) and lexicon.has("view_nouns", lows[at])
            and (lexicon.lang != "en" or _set_apart(tokens, mention.first - 1, at + 1))
        ):  # fmt: skip
            found.append(Found(mention.first - 1, at + 1, frozenset({"say"}), "accord", mention, accord=True))
    return found


def _set_apart(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a clause begins or ends with a phrase: no "drawn by Lavrov's words to the envoys"."""
    return first == 0 or tokens[first - 1].kind != "w" or last >= len(tokens) or tokens[last].kind != "w"


def _after_phrases(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Found]:
    """As in "Lawrow zufolge", "Lavrov'a göre": the phrase stands behind the source."""
    found: list[Found] = []
    if not lexicon.may_have("according_after", lows):
        return found
    for mention in mentions:
        if mention.last < len(tokens) and lexicon.phrase_at("according_after", lows, mention.last):
            length = lexicon.phrase_at("according_after", lows, mention.last)
            found.append(Found(mention.last, mention.last + length, frozenset({"say"}), "accord", mention, accord=True))
    return found


def _quoted_before(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a quotation stands in front of the verb, so that who stands behind it has said it: « … », a accusé X."""
    back = at - 1
    while back >= 0 and tokens[back].kind == "w" and lexicon.has("auxiliaries", lows[back]):
        back -= 1
    back -= int(back > 0 and tokens[back].text == ",")
    return back >= 0 and tokens[back].kind == "q" and " " in tokens[back].text


def _said_before(tokens: list[Token], at: int, last: int, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Romance: whether a clause stands in front and behind only who says it: "X debe decidir, defendió Lavrov ayer"."""
    if not lexicon.objects_behind or at <= _CLAUSE_BEFORE or tokens[at - 1].text != ",":
        return False
    while last + 1 < len(tokens) and (
        lexicon.is_time(tokens[last].low)
        or (lexicon.has("determiners", tokens[last].low) and lexicon.is_time(tokens[last + 1].low))
    ):
        last += 1
    teller = next((m for m in mentions if m.first == last and m.kind in ("person", "role")), None)
    if teller is None or not ends(tokens, teller.last, lexicon):
        return False
    return not (teller.last < len(tokens) and lexicon.has("object_prepositions", tokens[teller.last].low))


def _is_verb(
    tokens: list[Token], lows: list[str], at: int, hit: Cue, mentions: list[Mention], lexicon: Lexicon
) -> bool:
    """Tells verbs from nouns and passives of the same form (English; elsewhere forms are rarely shared)."""
    length, base = hit.length, hit.base
    if lexicon.lang == "de" and at and tokens[at].capital and tokens[at - 1].kind == "w":
        return False
    if at and length == 1 and lexicon.has("determiners", lows[at - 1]) and lexicon.has("claims", lows[at]):
        return False  # French "la menace", also a form of "menacer"
    beside = lows[max(0, at - 1) : at] + lows[at + length : at + length + 1]
    if any(lexicon.has("conditional", low) for low in beside):
        return False  # «Москва бы отклонила»: nobody has done it
    if lexicon.has("purposes", lows[at]) and not base.startswith(lows[at]):
        # "aprovechó la sesión para advertir que"
        return lexicon.has_any("occasion_verbs", lows[max(0, at - _OCCASION_REACH) : at])
    if lexicon.has("verbal_nouns", lows[at]) and (
        (at and lexicon.has("prepositions", lows[at - 1]))
        or (at + 1 < len(lows) and lexicon.has("own_country", lows[at + 1]))
        or any(m.first == at + 1 and m.kind == "org" for m in mentions)
    ):
        return False  # «رفض بلاده», «رفض موسكو»: of a country, which is feminine, the verb would be another form
    if lexicon.order == "v2" and _told_of(tokens, lows, at, lexicon):
        return False
    if lexicon.lang != "en":
        return not (lexicon.has("negations", lows[at - 1]) if at else False)
    before = lows[at - 1] if at else ""
    if _announces(tokens, lows, at, lexicon):
        return False
    if at + length < len(lows) and lexicon.has("agents", lows[at + length]) and not lows[at].endswith("ing"):
        return False
    if hit.kinds == _NAMES and length == 1 and _no_object(tokens, at + 1, lexicon):
        return False  # "compared with last year", "called in to a show"
    if lexicon.has("naming", base) and _rung_up(tokens, at + length, mentions, lexicon):
        return False
    if at == 0 and lexicon.has("openers", lows[0]):
        return False
    if lexicon.has("to", before):
        # "used a visit to Vietnam to accuse the West", "took the opportunity to warn"
        return any(lexicon.has("occasion_verbs", low) for low in lows[max(0, at - _OCCASION_REACH) : at - 1])
    if lexicon.has("determiners", before) or before.endswith("'s"):
        return False
    word = lows[at]
    head = base.split("_", maxsplit=1)[0]
    noun_like = word == head or word == head + "s" or word.endswith("ies")
    if lexicon.has("prepositions", before) and not word.endswith("ing"):
        return False
    if noun_like and lexicon.has("regional", before):
        return False  # "the Baltic states", "Asian claims"
    if noun_like and not lexicon.has("only_verbs", head):
        back = at - 1
        while back >= 0 and (lexicon.has("auxiliaries", lows[back]) or lows[back].endswith("ly")):
            back -= 1
        if back < 0 or (tokens[back].kind != "w" and tokens[back].kind != "q" and tokens[back].text not in ",—–"):
            return False
        subject = next((m for m in mentions if m.last == back + 1), None)
        clause = at + 1 < len(lows) and lexicon.has("that", lows[at + 1]) and word != head and tokens[back].kind == "w"
        if tokens[back].kind == "w" and subject is None and not lexicon.has("subject_links", lows[back]):
            return clause and lows[back] not in lexicon.cues
        if word == head and back == at - 1 and subject is not None and subject.number == "s":
            # "heard Lavrov argue that", but no "Lavrov claim".
            return subject.first > 0 and lexicon.has("hearing", lows[subject.first - 1])
        if subject is not None and subject.kind == "name" and subject.last - subject.first == 1 and subject.first == 0:
            # "Security guarantees for": any word has a capital there.
            return clause
    back = at - 1
    while back >= 0 and (lexicon.has("auxiliaries", lows[back]) or lows[back].endswith("ly")):
        if lexicon.has("negations", lows[back]):
            return False
        if lexicon.has("copulas", lows[back]) and not word.endswith("ing"):
            return False
        back -= 1
    return not (back >= 0 and lexicon.has("negations", lows[back]))
