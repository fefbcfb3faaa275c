"""Whether what has the form of a reporting verb reports: nouns and passives do not, nor what nobody did."""

from processors.annotate.statements.attribution.colons import announces
from processors.annotate.statements.language.lexicon import Lexicon, ReportingVerb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.clauses import ends, of_relative, skip_adjuncts
from processors.annotate.statements.sentence.deeds import by_deed
from processors.annotate.statements.text.tokens import Token

# From "used a visit" to the verb that it was used for.
_OCCASION_REACH = 14
NAMES = frozenset(["name"])
"""The kinds of a verb whose object is all that it tells."""


def reports(
    tokens: list[Token], lows: list[str], at: int, hit: ReportingVerb, mentions: list[Mention], lexicon: Lexicon
) -> bool:
    """Whether somebody reports or judges with what has the form of a reporting verb."""
    if not _is_verb(tokens, lows, at, hit, mentions, lexicon):
        return False
    return hit.kinds != NAMES or not _judges(tokens, lows, at, lexicon)


def denied(lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether nobody said what a verb of saying governs: "did not say that", «не говорил, что», "sagte nicht, dass"
    (there ``at`` is the denial). Other verbs tell as much where they are denied: "does not believe that".
    """
    if lexicon.has("negations", lows[at]):
        return True
    verb = lexicon.verb_at(lows, at)
    if verb is None or "say" not in verb.kinds or not lexicon.has_any("negations", lows[max(0, at - 2) : at]):
        return False
    return not any(lexicon.has(name, verb.base) for name in ("told_negated", "only_negated", "opinions"))


def _denied_behind(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """German: "sagte nicht, dass"."""
    return at + 1 < len(tokens) and lexicon.has("negations", tokens[at].low) and tokens[at + 1].text == ","


def _is_verb(
    tokens: list[Token], lows: list[str], at: int, hit: ReportingVerb, mentions: list[Mention], lexicon: Lexicon
) -> bool:
    """Tells verbs from nouns and passives of the same form (most are English; elsewhere forms are rarely shared)."""
    length, base = hit.length, hit.base
    if _other_form(tokens, lows, at, hit, lexicon):
        return False
    if lexicon.has("purposes", lows[at]) and not base.startswith(lows[at]):
        # "aprovechó la sesión para advertir que"
        return lexicon.has_any("occasion_verbs", lows[max(0, at - _OCCASION_REACH) : at])
    if lexicon.has("verbal_nouns", lows[at]) and _of_country(lows, at, mentions, lexicon):
        return False
    if lexicon.order == "v2" and (_told_of(tokens, lows, at, lexicon) or _without_particle(lows, at, base, lexicon)):
        return False
    if lexicon.order == "v2" and "say" in hit.kinds and _denied_behind(tokens, at + length, lexicon):
        return False
    if lexicon.lang != "en":
        return _asserts(lows, at, base, mentions, lexicon)
    if announces(tokens, lows, at, lexicon) or of_relative(tokens, at, at + length, lexicon):
        return False
    if at + length < len(lows) and lexicon.has("agents", lows[at + length]) and not lows[at].endswith("ing"):
        return False
    if hit.kinds == NAMES and length == 1 and _no_object(tokens, at + 1, lexicon):
        return False  # "compared with last year", "called in to a show"
    if lexicon.has("naming", base) and _rung_up(tokens, at + length, mentions, lexicon):
        return False
    return _is_english_verb(tokens, lows, at, base, mentions, lexicon)


def _other_form(tokens: list[Token], lows: list[str], at: int, hit: ReportingVerb, lexicon: Lexicon) -> bool:
    """Whether the words beside it say that it is a noun, a participle, a reflexive verb, or nothing that was said."""
    length, base = hit.length, hit.base
    before = lows[at - 1] if at else ""
    led = at == 0 or (at == 1 and lexicon.has("connectors", lows[0]))
    tells = lexicon.lang != "en" and lexicon.has_any("that", lows[at + 1 : at + 3])  # «Упомянув, что …»
    if led and lexicon.has("openers", lows[at]) and not tells:
        return True  # "Asked about the ferries, he said", "When asked if they would sail, he said"
    if lexicon.lang == "de" and at and tokens[at].capital and tokens[at - 1].kind == "w":
        return True
    if length == 1 and lexicon.has("determiners", before) and lexicon.has("claims", lows[at]):
        return True  # French "la menace", also a form of "menacer"
    if lexicon.has("not_reflexive", base) and lexicon.has("reflexives", before):
        return True  # « se trouvait dans la ville »
    if by_deed(tokens, at + length, base, lexicon) and all(t.kind == "w" for t in tokens[:at]):
        return True  # "Moscow will respond in kind", and nothing before it that it might tell
    beside = lows[max(0, at - 1) : at] + lows[at + length : at + length + 1]
    return lexicon.has_any("conditional", beside)  # «Москва бы отклонила»: nobody has done it


def _of_country(lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Arabic: «رفض بلاده», «رفض موسكو»: of a country, which is feminine, the verb would be another form."""
    return (
        (at > 0 and lexicon.has("prepositions", lows[at - 1]))
        or (at + 1 < len(lows) and lexicon.has("own_country", lows[at + 1]))
        or any(m.first == at + 1 and m.kind == "org" for m in mentions)
    )


def _asserts(lows: list[str], at: int, base: str, mentions: list[Mention], lexicon: Lexicon) -> bool:
    """Whether a verb tells something as it stands, denied or not: «не исключил встречи», «не скрывал разочарования»."""
    if at == 0 or not lexicon.has("negations", lows[at - 1]):
        return not lexicon.has("only_negated", base)
    # «Визит Лаврова не исключает новых санкций»
    of_whom = any(m.last == at - 1 and (m.oblique or m.gender == "f") for m in mentions)
    return not of_whom and (lexicon.has("told_negated", base) or lexicon.has("only_negated", base))


def _is_english_verb(
    tokens: list[Token], lows: list[str], at: int, base: str, mentions: list[Mention], lexicon: Lexicon
) -> bool:
    """Whether an English word is a verb that somebody has reported with, by the words before it."""
    word, before = lows[at], lows[at - 1] if at else ""
    # "did not rule out a meeting" tells as much as that he ruled it out.
    denied = lexicon.has_any("negating", lows[max(0, at - 2) : at])
    if not denied and lexicon.has("only_negated", base):
        return False
    lists = ("told_negated", "only_negated", "opinions") if denied else ("told_negated",)
    negated = any(lexicon.has(name, base) for name in lists)
    if lexicon.has("to", before):
        return _infinitive_tells(tokens, lows, at, lexicon, negated=negated)
    if lexicon.has("determiners", before) or before.endswith("'s"):
        return False
    if lexicon.has("prepositions", before) and not word.endswith("ing"):
        return False
    head = base.split("_", maxsplit=1)[0]
    if word in (head, head + "s") or word.endswith("ies"):
        if lexicon.has("regional", before):
            return False  # "the Baltic states", "Asian claims"
        verb = None if lexicon.has("only_verbs", head) else _has_subject(tokens, lows, at, head, mentions, lexicon)
        if verb is not None:
            return verb
    back = at - 1
    while back >= 0 and (lexicon.has("auxiliaries", lows[back]) or lows[back].endswith("ly")):
        if lexicon.has("negations", lows[back]) and not negated:
            return False
        if lexicon.has("copulas", lows[back]) and not word.endswith("ing"):
            return False
        back -= 1
    return negated or not (back >= 0 and lexicon.has("negations", lows[back]))


def _infinitive_tells(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon, *, negated: bool) -> bool:
    """Whether what somebody was "to" say has been said. ``negated``: the verb tells also where it is denied."""
    if negated and at > 1 and lexicon.has("refusals", lows[at - 2]):
        return True
    if at > 2 and lexicon.has("telling_moods", lows[at - 2]):
        # "was pleased to report that", but not "will be glad to", "was not keen to"
        return lexicon.has("copulas", _ahead(tokens, at - 3, lexicon))
    # "used a visit to Vietnam to accuse the West", "took the opportunity to warn"
    return lexicon.has_any("occasion_verbs", lows[max(0, at - _OCCASION_REACH) : at - 1])


def _has_subject(
    tokens: list[Token], lows: list[str], at: int, head: str, mentions: list[Mention], lexicon: Lexicon
) -> bool | None:
    """Whether a word that may be a noun ("claim", "states") is a verb, by what stands before it and its adverbs; None
    where that does not tell.
    """
    back = at - 1
    while back >= 0 and (lexicon.has("auxiliaries", lows[back]) or lows[back].endswith(("ly", "n't"))):
        back -= 1
    if back < 0 or (tokens[back].kind not in ("w", "q") and tokens[back].text not in ",—–"):
        return False
    subject = next((m for m in mentions if m.last == back + 1), None)
    clause = at + 1 < len(lows) and lexicon.has("that", lows[at + 1]) and lows[at] != head and tokens[back].kind == "w"
    if subject is None:
        unknown = tokens[back].kind == "w" and not lexicon.has("subject_links", lows[back])
        return (clause and lows[back] not in lexicon.cues) if unknown else None
    if lows[at] == head and back == at - 1 and subject.number == "s":
        # "heard Lavrov argue that", but no "Lavrov claim".
        return subject.first > 0 and lexicon.has("hearing", lows[subject.first - 1])
    # "Security guarantees for": any word has a capital there.
    opening = subject.kind == "name" and subject.first == 0 and subject.last == 1
    return clause if opening else None


def _ahead(tokens: list[Token], at: int, lexicon: Lexicon) -> str:
    """The word that stands before adverbs: "was" of "was also quite"; "" where something denies it or it is to come."""
    while at > 0 and (tokens[at].low.endswith("ly") or lexicon.has("auxiliaries", tokens[at].low)):
        low = tokens[at].low
        if lexicon.has("negations", low) or lexicon.has("modals", low):
            return ""
        if lexicon.has("copulas", low):
            return "" if lexicon.has("before_infinitives", tokens[at - 1].low) else low
        at -= 1
    return tokens[at].low


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


def _without_particle(lows: list[str], at: int, base: str, lexicon: Lexicon) -> bool:
    """Whether of a verb that is another one without its particle the particle is missing: "bot", "bot Hilfe an"."""
    if not lexicon.has("separated", base) or lows[at][:2] == base[:2]:
        return False
    particle = next((p for p in lexicon.words.get("particles", ()) if base.startswith(p)), "")
    return particle not in lows[at + 1 :]


def _judges(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """As in "…, was er als falsch bezeichnete": a verdict on what stands before, at the end of its clause."""
    if lexicon.order != "v2" or (at + 1 < len(tokens) and tokens[at + 1].kind == "w"):
        return False
    comma = next((i for i in range(at - 1, -1, -1) if tokens[i].kind == "p"), -1)
    # "…, was er als „Ende des Zollkriegs“ bezeichnete" has words of his.
    quoted = any(t.kind == "q" for t in tokens[comma + 1 : at]) and lows[comma + 2] in lexicon.pronouns
    return comma >= 0 and not quoted and lexicon.has("free_relatives", lows[comma + 1])


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
