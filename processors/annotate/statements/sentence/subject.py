"""Whom a sentence is about: the first mention in it that can be a person and a subject."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.possessive import POSSESSIVE
from processors.annotate.statements.text.tokens import Token

_MINISTERS = ("foreign_minister", "other_minister")


def governed(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a mention at ``at`` depends on a preposition, over "and" too ("of Asian and Chinese ministers")."""
    back = at - 1
    if back > 0 and tokens[back].low.endswith(POSSESSIVE) and tokens[-1].text == ".":
        # "He spoke with Russia's Sergei Lavrov and said …", but "'We stay': an interview with Russia's Sergei Lavrov"
        at, back = back, back - 1
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
            # A stranger's name counts with an office that is a minister's.
            and (mention.kind in ("person", "role", "pronoun") or mention.office in _MINISTERS)
            and not lexicon.has("nobody", tokens[mention.first].low) and not _predicated(tokens, mention, lexicon)
            and not neither(tokens, mention, lexicon)
            and (_behind_circumstance(tokens, mention, mentions) or not governed(tokens, mention.first, lexicon))
        ):  # fmt: skip
            return mention
    for mention in mentions[:1]:
        # "Lavrov's latest appearance came", «Лаврова спросили»: he is spoken of, though he is no subject; not as in
        # «Про Рубио отозвался тепло: …».
        about = lexicon.cases and mention.first == 1 and lexicon.has("topic_prepositions", tokens[0].low)
        if mention.first <= 1 and mention.kind == "person" and not about:
            return mention
    return None


def neither(tokens: list[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """As in "Neither the host nor his neighbour replied": nobody whom a pronoun means. Negation alone has one mark."""
    at = mention.first - 1
    before = at - int(at > 0 and lexicon.has("determiners", tokens[at].low))
    marked = lexicon.has("neither", tokens[mention.first].low) or (
        at >= 0 and (lexicon.has("neither", tokens[at].low) or lexicon.has("neither", tokens[before].low))
    )
    return marked and sum(lexicon.has("neither", t.low) for t in tokens) > 1


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
