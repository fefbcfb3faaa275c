"""Common nouns that are subjects: what a stranger says is never given to somebody known."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.text.tokens import Token

# Words from the beginning to the word that sets a Turkish subject off ("ise").
_SET_OFF = 5
# "Bir kılavuz"
_ASKER = 2
_CASES = ("da", "de", "ta", "te", "dan", "den", "tan", "ten", "a", "e", "ken", "ın", "in", "un", "ün")


def stranger_before(
    tokens: list[Token], lows: list[str], back: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """A common noun directly before the verb that is no part of a prepositional phrase."""
    if lexicon.lang == "de":
        return _german_stranger(tokens, lows, back, mentions, lexicon)
    articled = lexicon.order == "v2" and lexicon.objects_behind  # "El capitán dijo", but no bare noun
    if not (lexicon.order == "svo" or articled) or back < 0 or tokens[back].kind != "w":
        return None
    if any(m.first <= back < m.last for m in mentions):
        return None
    low = lows[back]
    if not lexicon.may_be_noun(low):
        return None
    start = back
    while start > 0 and tokens[start - 1].kind == "w" and back - start < 5:
        previous = lows[start - 1]
        if lexicon.has("determiners", previous):
            start -= 1
            break
        if not lexicon.may_be_noun(previous):
            break
        start -= 1
    led = start > 0 and lexicon.has("prepositions", lows[start - 1]) and not _opens_clause(lows, start, lexicon)
    if led or (start > 0 and lows[start - 1] in lexicon.cues):
        return None
    if articled and (not lexicon.has("determiners", lows[start]) or lexicon.has("prepositions", lows[start])):
        return None
    return noun_at(tokens, start, back + 1)


def _opens_clause(lows: list[str], start: int, lexicon: Lexicon) -> bool:
    """As in "… as both sides accused each other": two of them do something, and are nobody's circumstance."""
    return lexicon.has("both", lows[start]) and lexicon.has("connectors", lows[start - 1])


def _german_stranger(
    tokens: list[Token], lows: list[str], back: int, mentions: list[Mention], lexicon: Lexicon
) -> Mention | None:
    """As in "Der Kapitän lobte": an article in the nominative and a noun before the verb, with adjectives between."""
    start = back - 1
    while start > 0 and tokens[start].kind == "w" and tokens[start].text.islower() and back - start < 3:
        if lexicon.has("nominative_articles", lows[start]):
            break
        start -= 1
    if start < 0 or not tokens[back].capital or not lexicon.has("nominative_articles", lows[start]):
        return None
    if (start > 0 and tokens[start - 1].kind == "w") or any(m.first < back + 1 and start < m.last for m in mentions):
        return None
    return noun_at(tokens, start, back + 1)


def set_off(tokens: list[Token], lows: list[str], cue: int, lexicon: Lexicon) -> Mention | None:
    """Turkish "Liman yönetimi ise": whom the particle sets against whoever has spoken."""
    stop = next((i for i in range(1, min(cue, _SET_OFF + 1)) if lexicon.has("contrasting", lows[i])), 0)
    # "Suriye konusunda ise" sets a topic against another.
    topic = bool(stop) and (lows[stop - 1].endswith(_CASES) or lexicon.has("postpositions", lows[stop - 1]))
    if not stop or topic or any(t.kind != "w" or lexicon.is_time(t.low) for t in tokens[:stop]):
        return None
    return noun_at(tokens, 0, stop)


def asks_first(tokens: list[Token], lows: list[str], cue: int, lexicon: Lexicon) -> Mention | None:
    """Turkish "Bir kılavuz limanın kapanıp kapanmayacağını sordu": who asks stands first, and is nobody known."""
    if cue <= _ASKER or not lexicon.has("indefinite", lows[0]) or any(t.kind != "w" for t in tokens[:_ASKER]):
        return None
    noun = lows[1]
    plain = not noun.endswith(_CASES) and lexicon.may_be_noun(noun) and not lexicon.is_time(noun)
    return noun_at(tokens, 0, _ASKER) if plain and not lexicon.has("postpositions", lows[_ASKER]) else None


def noun_at(tokens: list[Token], first: int, last: int) -> Mention:
    """Tokens ``[first, last)`` as a subject that no list has."""
    text = " ".join(t.text for t in tokens[first:last])
    return Mention(first, last, tokens[first].start, tokens[last - 1].end, text, "noun")
