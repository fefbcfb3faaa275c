"""Demonstratives that take up the sentence before ("Das sagte er der Zeitung"): no content follows their verb."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import Content, Cue, Mention
from processors.annotate.statements.text.tokens import DASHES, Token

# Words from the beginning to what names words that the sentence before has.
_NAMING = 8
# Words from the beginning to a pointer.
_POINTING = 3
# A demonstrative and its noun.
_OBJECT = 2
# "The Russian foreign minister made the remarks".
_TAKING = 7
# Words from the beginning to the verb of "He made the remarks".
_MAKING = 14


def pointed(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where a demonstrative that takes up the sentence before stands among the first words; -1 without one."""
    lows = [t.low for t in tokens[:_POINTING]]
    if not lexicon.may_have("demonstratives", lows):
        return -1
    lows = [t.low for t in tokens]
    for i in range(min(_POINTING, len(lows))):
        length = lexicon.phrase_at("demonstratives", lows, i)
        if length and not (length == 1 and _article(tokens, i, lexicon)):
            return i
    return -1


def _article(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """German: whether "das" belongs to a noun: "Das russische Ministerium", and not as in "Das sagte Lawrow"."""
    if lexicon.order != "v2" or not lexicon.has("determiners", tokens[at].low) or at + 2 >= len(tokens):
        return False
    after, then = tokens[at + 1], tokens[at + 2]
    verb = after.low in lexicon.cue_starts or lexicon.has("auxiliaries", after.low)
    return after.kind == "w" and (after.capital or (not verb and then.kind == "w" and then.capital))


def takes_up(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a sentence begins with what was said before it: "He made the remarks at …", «وجاء ذلك في …»."""
    return pointed(tokens, lexicon) >= 0 or lexicon.has_any("claims", [t.low for t in tokens[:_TAKING]])


def pointed_object(tokens: list[Token], cue: Cue, lexicon: Lexicon) -> bool:
    """As in "Lavrov announced this upon arrival", «Такой срок назвал Лавров»: the verb's object takes up the sentence
    before.
    """
    if these_in_front(tokens, cue, lexicon):
        return True
    if not lexicon.phrases.get("pointed_objects"):
        return False
    at = cue.last
    while at < len(tokens) and tokens[at].kind == "w" and lexicon.has("addressees", tokens[at].low):
        at += 1
    lows = [t.low for t in tokens]
    length = lexicon.phrase_at("pointed_objects", lows, at) if at < len(tokens) else 0
    if length == 1 and at + 1 < len(tokens) and lexicon.has("determiners", lows[at]) and lexicon.is_time(lows[at + 1]):
        return False  # "said this Thursday"
    return length > 0 and (at + length >= len(tokens) or _closes(tokens[at + length], lexicon))


def these_in_front(tokens: list[Token], cue: Cue, lexicon: Lexicon) -> bool:
    """As in «Такой срок назвал в Анкаре министр», "Diesen Termin nannte Lawrow": a demonstrative and a noun, the verb
    by which words are given, its subject, and no verdict on either side of it.
    """
    source = cue.source
    if not lexicon.has("voicing", cue.base) or source is None or source.first < cue.last or cue.first < _OBJECT:
        return False
    first = tokens[0].low
    points = lexicon.has("pointers", first) and not lexicon.has("determiners", first)  # "Das Gespräch führte …"
    if not (points or lexicon.has("these", first)) or cue.first > _NAMING // 2:
        return False
    between = tokens[cue.last : source.first - int(lexicon.has("determiners", tokens[source.first - 1].low))]
    if any(t.kind != "w" for t in (*tokens[: cue.first], *between)):
        return False
    aside = not between or _closes(between[0], lexicon)
    return aside and (source.last >= len(tokens) or _closes(tokens[source.last], lexicon))


def _closes(token: Token, lexicon: Lexicon) -> bool:
    return token.kind == "p" or lexicon.has("prepositions", token.low) or lexicon.is_time(token.low)


def stated_by(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> Mention | None:
    """Whom "This was stated by Lavrov" names."""
    lows = [t.low for t in tokens]
    if lows and lexicon.has("thus", lows[0]):
        # "Thus Sergei Lavrov, on Saturday"
        named = next((m for m in mentions if m.first == 1 and m.kind in ("person", "role")), None)
        return named if named is not None and [t.text for t in tokens[named.last : named.last + 1]] != [":"] else None
    if lows and lexicon.has("so", lows[0]):
        # "So Lavrov told the channel", but not "So Lavrov flew home"
        named = next((m for m in mentions if m.first == 1 and m.kind in ("person", "role")), None)
        cue = lexicon.verb_at(lows, named.last) if named is not None else None
        return named if cue is not None and "say" in cue.kinds else None
    if not lows or not lexicon.has("pointers", lows[0]):
        return None
    for mention in mentions:
        verb = mention.first - 2
        # "This was reported to journalists by …"
        by = 2 <= mention.first <= _NAMING and lexicon.has("agents", lows[mention.first - 1])
        if by and any(low in lexicon.cues for low in lows[1 : verb + 1]):
            return mention
    return None


def before_dash(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where words end that a pointer takes up behind a dash («Хозяев не спросили — так описал Лавров»,
    "No date — that was the message"); 0 without.
    """
    lows = [t.low for t in tokens]
    for at in range(1, len(tokens) - 2) if not DASHES.isdisjoint(lows) else ():
        if lows[at] not in DASHES:
            continue
        then = at + 1 + int(lexicon.cases and lexicon.has("prepositions", lows[at + 1]))
        if (
            lexicon.has("pointers", lows[then])
            or (then > at + 1 and lexicon.has("these", lows[then]))
            or lexicon.phrase_at("demonstratives", lows, at + 1)
            or lexicon.phrase_at("demonstratives", lows, then)
        ):
            return at
    return 0


def names_words(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "That was the answer": a pointer in front and a noun of speech; "Lavrov made the remarks in Baku"."""
    lows = [t.low for t in tokens[:_MAKING]]
    for at, low in enumerate(lows[:-1]) if lexicon.has_any("makes", lows) else ():
        if lexicon.has("makes", low) and lexicon.phrase_at("pointed_objects", lows, at + 1) > 1:
            return True
        then, behind = lows[at + 1 : at + 3], tokens[at + 3 : at + 4]
        closed = all(_closes(t, lexicon) and not lexicon.has("addressing", t.low) for t in behind)
        said = lexicon.has("pointers", then[0]) and lexicon.has("speech_nouns", then[-1])
        if lexicon.has("makes", low) and said and closed:
            return True  # "gave this warning on Tuesday"
    words = [t.low for t in tokens if t.kind == "w"][:_NAMING]
    if not words or not lexicon.has("pointers", words[0]):
        return False
    verb = next((i for i, w in enumerate(words) if lexicon.has("finite_auxiliaries", w)), len(words))
    if verb + 1 < len(words) and lexicon.has("free_relatives", words[verb + 1]):
        return True  # "That, in short, is what Lavrov put on the table"
    nouns = [i for i, w in enumerate(words) if lexicon.has("speech_nouns", w)]
    return bool(nouns) and nouns[0] > verb


def without_pointing(
    tokens: list[Token], contents: list[Content], lone: list[Cue], lexicon: Lexicon
) -> tuple[list[Content], list[Cue]]:
    """As in "Das sagte er der Zeitung": what follows a verb whose object stands in front is no content."""
    if not contents:
        return contents, lone
    taken_up = [c for c in contents if pointed_object(tokens, c.cue, lexicon) and not _answers(tokens, c, lexicon)]
    if taken_up:
        return [c for c in contents if c not in taken_up], [*lone, *(c.cue for c in taken_up)]
    at = pointed(tokens, lexicon)
    if at < 0 and _so_told(tokens, contents, lexicon):
        return [], [*lone, contents[0].cue]
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
            or _answers(tokens, content, lexicon)
            or any(c.cue is content.cue for c in kept)
        ):
            kept.append(content)
        else:
            lone = [*lone, content.cue]
    return kept, lone


def _so_told(tokens: list[Token], contents: list[Content], lexicon: Lexicon) -> bool:
    """As in "So Lavrov assured his listeners, to applause": only those who were told stand behind the verb."""
    source, first = contents[0].cue.source, contents[0].first
    so = lexicon.has("so", tokens[0].low) and lexicon.has("told", contents[0].cue.base)
    behind = so and source is not None and source.first == 1 and first >= contents[0].cue.last
    told = any(t.kind == "q" or t.text == ":" or lexicon.has("complementizers", t.low) for t in tokens)
    return behind and len(contents) == 1 and not told


def _answers(tokens: list[Token], content: Content, lexicon: Lexicon) -> bool:
    """As in "Darauf entgegnete Lawrow, Moskau zwinge niemanden": what is answered is pointed at, not what is said."""
    behind = content.first > content.cue.last and tokens[content.first - 1].text == ","
    return behind and lexicon.has("responders", content.cue.base)
