"""Demonstratives that take up the sentence before ("Das sagte er der Zeitung"): no content follows their verb."""

from processors.annotate.statements.found import Found
from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.tokens import Token
from processors.annotate.statements.verb_final import Content

_NAMING = 8


def pointed(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where a demonstrative that takes up the sentence before stands among the first words; -1 without one."""
    lows = [t.low for t in tokens]
    at = range(min(3, len(tokens)))
    return next((i for i in at if lexicon.phrase_at("demonstratives", lows, i)), -1)


def before_dash(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where words end that a pointer takes up behind a dash («Хозяев не спросили — так описал Лавров»,
    "No date — that was the message"); 0 without.
    """
    lows = [t.low for t in tokens]
    for at in range(1, len(tokens) - 2):
        if tokens[at].text in "—–-" and (
            lexicon.has("pointers", lows[at + 1]) or lexicon.phrase_at("demonstratives", lows, at + 1)
        ):
            return at
    return 0


def names_words(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "That was the answer": a pointer in front and a noun of speech."""
    words = [t.low for t in tokens if t.kind == "w"][:_NAMING]
    if not words or not lexicon.has("pointers", words[0]):
        return False
    verb = next((i for i, w in enumerate(words) if lexicon.has("finite_auxiliaries", w)), len(words))
    nouns = [i for i, w in enumerate(words) if lexicon.has("speech_nouns", w)]
    return bool(nouns) and nouns[0] > verb


def without_pointing(
    tokens: list[Token], contents: list[Content], lone: list[Found], lexicon: Lexicon
) -> tuple[list[Content], list[Found]]:
    """As in "Das sagte er der Zeitung": what follows a verb whose object stands in front is no content."""
    at = pointed(tokens, lexicon)
    if at < 0:
        return contents, lone
    kept: list[Content] = []
    for content in contents:
        mark = tokens[content.first - 1] if content.first else None
        ahead = content.first < content.cue.last and not at < content.first < content.last <= content.cue.first
        if (
            ahead
            or (tokens[content.first].kind == "q" and tokens[content.first].text.count(" ") >= 2)
            or content.cue.accord
            or (mark is not None and (mark.text == ":" or lexicon.has("complementizers", mark.low)))
            or any(c.cue is content.cue for c in kept)
        ):
            kept.append(content)
        else:
            lone = [*lone, content.cue]
    return kept, lone
