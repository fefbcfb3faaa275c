"""Who speaks where it is not the subject that stands beside the verb."""

from processors.annotate.statements.attribution.phrases import object_pronoun
from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.language.lexicon import Lexicon, ReportingVerb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.clauses import ends
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.text.tokens import Token

# Words from a verb to the phrase that tells whose words it passes on: "reported, citing Lavrov".
_RELAY_REACH = 8
# Words of a clause before an inserted verb, at least.
_CLAUSE_BEFORE = 5
# What an Arabic word for how somebody speaks begins and ends with.
_WITH, _FEMININE = "ب", "ة"
_TEXT_WORDS = 2
"""Of "the essay"."""


def agent(lows: list[str], at: int, hit: ReportingVerb, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Whose verdict a passive tells: "was described by the minister as a trap"."""
    if at == 0 or not lexicon.has("agents", (lows[at + hit.length : at + hit.length + 1] or [""])[0]):
        return None
    passive = any(lexicon.has("copulas", low) for low in lows[max(0, at - 3) : at])
    if not passive or not lexicon.has("verdicts", hit.base):
        return None
    near = (m for m in mentions if 1 <= m.first - at - hit.length <= 2 and m.kind in ("person", "role", "name"))
    return next(near, None)


def relayed(
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
        if length and lexicon.has("clausal", base) and lexicon.has_any("claims", lows[i : i + length]):
            continue  # "comentó las palabras de Lavrov"
        if lexicon.subject_follows and lexicon.has("prepositions", lows[i - 2]):
            continue  # «ردا على سؤال عن لافروف»
        if length:
            return next((m for m in mentions if 0 <= m.first - i - length <= 1 and m.kind in ("person", "role")), None)
    return None


def quoted(tokens: list[Token], at: int, base: str, mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Whom others quote, behind the verb: «…», цитує його агентство; „…“, zitierten ihn Journalisten."""
    if not lexicon.has("quoters", base) or at >= len(tokens):
        return None
    they = lexicon.pronouns.get(tokens[at].low, ("",))[0] == "p"  # «цитують вони Лаврова»
    at += int(they)
    near = (m for m in mentions if m.first == at and m.kind in ("person", "role"))
    whom = next((m for m in near if m.oblique or they), None)
    return whom or object_pronoun(tokens, at, lexicon)


def unsaid(
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
    if lexicon.subject_follows and low.startswith(_WITH):
        how = low.endswith(_FEMININE) or (at + 1 < len(tokens) and tokens[at + 1].text == ":")
        if how:
            return None, True  # «وأضاف بجدية: …», «قال باقتضاب: …»
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


def inserted(tokens: list[Token], at: int, last: int, lexicon: Lexicon) -> Mention | None:
    """A text between commas: "Peace, the essay continues, is near"."""
    closed = at > _TEXT_WORDS and last < len(tokens) and tokens[last].text == ","
    if not closed or not lexicon.has("documents", tokens[at - 1].low) or tokens[at - 1 - _TEXT_WORDS].text != ",":
        return None
    return noun_at(tokens, at - _TEXT_WORDS, at) if lexicon.has("determiners", tokens[at - _TEXT_WORDS].low) else None


def lasts(tokens: list[Token], base: str, source: Mention | None, lexicon: Lexicon) -> bool:
    """As in "Since then, the fighting has continued": what no person does where nothing is quoted is no speech."""
    if not (lexicon.has("clausal", base) and lexicon.has("continuing", base)):
        return False
    return source is not None and source.kind not in TELLERS and all(t.kind != "q" for t in tokens)


def quoted_before(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a quotation stands in front of the verb, so that who stands behind it has said it: « … », a accusé X."""
    back = at - 1
    while back >= 0 and tokens[back].kind == "w" and lexicon.has("auxiliaries", lows[back]):
        back -= 1
    back -= int(back > 0 and tokens[back].text == ",")
    return back >= 0 and tokens[back].kind == "q" and " " in tokens[back].text


def said_before(tokens: list[Token], at: int, last: int, mentions: list[Mention], lexicon: Lexicon) -> bool:
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
