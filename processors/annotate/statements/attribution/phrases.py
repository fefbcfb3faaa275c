"""Phrases that attribute without a subject: "according to …", "it was stressed that", "in Lavrov's view"."""

from collections.abc import Sequence

from processors.annotate.statements.attribution.issuers import issuer
from processors.annotate.statements.attribution.strangers import noun_at
from processors.annotate.statements.language.case import LANGUAGES, part_of_speech
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.text.tokens import Token

# Words from "as" and its verb to who stated it.
_STATED = 3
_ELLIPSIS = "…"
# Words from who is quoted to "as saying".
_QUOTED = 8
# Words from a phrase like "according to" to its source.
_TELLER = 4
# "came the minister's one-word reply"
_REPLYING = 7
REPLY = "a reply"
"""The base of "came the answer", whose speaker is not who was named last: that is who asked."""


def phrase_at(
    tokens: list[Token], lows: list[str], at: int, mentions: list[Mention], lexicon: Lexicon
) -> tuple[Cue, int] | None:
    """The attribution that a phrase beginning at ``at`` makes, and how many words the phrase has."""
    length = lexicon.phrase_at("according", lows, at)
    if length and lexicon.has("copulas", lows[at]) and not _closes_words(tokens, at, at + length, lexicon):
        length = 0
    his = 0 if length else lexicon.phrase_at("according_his", lows, at)
    if his and at + his + 1 < len(tokens) and tokens[at + his].kind == "w" and tokens[at + his + 1].text == ",":
        # «по его прогнозу,»
        last = at + his + 1
        return Cue(at, last, frozenset({"say"}), "accord", None, accord=True, self_contained=True), his + 1
    if length:
        cue = _according(tokens, lows, at, length, mentions, lexicon)
        if cue is not None:
            return cue, length
    # «Условились, что …» begins a sentence; in one, it is of the words that somebody says.
    length = lexicon.phrase_at("impersonal", lows, at) or (lexicon.phrase_at("agreed", lows, at) if at == 0 else 0)
    return (_impersonal(tokens, lows, at, length, mentions, lexicon), length) if length else None


def replies(tokens: list[Token], lows: list[str], known: Sequence[Cue], lexicon: Lexicon) -> Sequence[Cue]:
    """As in '"Nonsense," came the one-word reply', „lautete die knappe Antwort“, «последовал ответ»: behind a
    quotation that begins its sentence or clause.
    """
    found: list[Cue] = []
    if not lexicon.has_any("replying", lows):
        return found
    for i, token in enumerate(tokens):
        if token.kind != "q" or (i and tokens[i - 1].kind == "w"):
            continue
        at = next((k for k in range(i + 1, min(len(tokens), i + _TELLER)) if tokens[k].kind == "w"), i)
        if at == i or not lexicon.has("replying", lows[at]) or any(c.first <= at < c.last for c in known):
            continue
        stop = next((k for k in range(at, min(len(tokens), at + _REPLYING)) if tokens[k].kind != "w"), at)
        noun = lexicon.has("speech_nouns", lows[stop - 1]) or lexicon.has("noun_cues", lows[stop - 1])
        # "was Petersen's answer"
        named = lexicon.lang != "de" and any(t.capital for t in tokens[at + 1 : stop])
        if noun and not named and stop > at + 1:
            found.append(Cue(at, stop, frozenset({"say", "name"}), REPLY, None, elided=True))
    return found


def _according(
    tokens: list[Token], lows: list[str], at: int, length: int, mentions: list[Mention], lexicon: Lexicon
) -> Cue | None:
    if lexicon.phrase_at("according_self", lows, at) == length:
        return Cue(at, at + length, frozenset({"say"}), "accord", None, accord=True, self_contained=True)
    if lexicon.phrase_at("according_person", lows, at) == length:
        # "Pour le ministre, …": only of people, and only in front.
        near = [m for m in mentions if 0 <= m.first - at - length <= 1 and m.kind in ("person", "role")]
        if at == 0 and near and near[0].last < len(tokens) and tokens[near[0].last].text == ",":
            return Cue(at, at + length, frozenset({"say"}), "accord", near[0], accord=True)
        return None
    told = lexicon.verb_at(lows, at + length) if lexicon.pro_drop and length == 1 else None
    if told is not None and "say" in told.kinds:
        # "según dio a entender": whoever stands behind the verb
        last = at + length + told.length
        near = [m for m in mentions if 0 <= m.first - last <= _TELLER and m.kind in ("person", "role", "org")]
        # "según advirtió en La Habana" is whose words the article tells.
        away = near and lexicon.has_any("prepositions", lows[last : near[0].first])
        teller = near[0] if near and not (away and near[0].kind == "org") else None
        return Cue(at, last, frozenset({"say"}), "accord", teller, accord=True, self_contained=teller is None)
    if length == 1 and lexicon.has("according_behind", lows[at]):
        # „…, so Lawrow“ is an attribution, „So verlangte der Minister“ and „…, so wie es im Vertrag stehe“ are none.
        compared = at + 1 < len(tokens) and lexicon.has("complementizers", lows[at + 1])
        if compared or at == 0 or tokens[at - 1].kind == "w":
            return None
    for mention in mentions:
        if mention.last > at + length > mention.first >= at:
            # "aux yeux du ministre": the phrase has taken the article.
            return Cue(at, at + length, frozenset({"say"}), "accord", mention, accord=True)
        if mention.first >= at + length:
            between = tokens[at + length : mention.first]
            # "according to figures that Lavrov disputed"
            related = lexicon.order == "svo" and any(lexicon.has("relatives", t.low) for t in between)
            if len(between) <= 3 and not related and all(t.kind == "w" for t in between):
                return Cue(at, at + length, frozenset({"say"}), "accord", mention, accord=True)
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
        return Cue(at, at + length, frozenset({"say"}), "accord", noun_at(tokens, nxt, stop), accord=True)
    return None


def _impersonal(
    tokens: list[Token], lows: list[str], at: int, length: int, mentions: list[Mention], lexicon: Lexicon
) -> Cue:
    """As in "It was stressed that", «отмечается в сообщении МИД»: whose words they are stands behind, or nowhere."""
    last = at + length
    behind = [m for m in mentions if m.kind in ("person", "role", "org") and 0 <= m.first - last <= _STATED]
    between = tokens[last : behind[0].first] if behind else []
    if any(lexicon.has("that", t.low) for t in tokens[last - 1 : last + len(between)]):
        behind = []  # "it was stressed that Washington …"
    # «подтверждена готовность направить делегацию»: an object of the content.
    inside = lexicon.lang in LANGUAGES and any(part_of_speech(t.low, lexicon.lang or "") == "INFN" for t in between)
    if behind and not inside and all(t.kind == "w" for t in between):
        return Cue(at, last, frozenset({"say"}), "impersonal", behind[0])
    issued = issuer(tokens, lows, at, mentions, lexicon)
    if issued is not None:
        return Cue(at, last, frozenset({"say", "name"}), "impersonal", issued)
    if any(lexicon.has("speech_nouns", t.low) for t in tokens[at:last]):
        return Cue(at, last, frozenset({"say", "name"}), REPLY, None, elided=True)
    return Cue(at, last, frozenset({"say", "name"}), "impersonal", None, elided=True)


def views(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
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
            found.append(Cue(mention.first - 1, at + 1, frozenset({"say"}), "accord", mention, accord=True))
    return found


def around(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """As in "as far as Lavrov is concerned": the phrase stands on both sides of the source, which is … in the list."""
    found: list[Cue] = []
    if not lexicon.may_have("according_around", lows):
        return found
    phrases = [phrase for some in lexicon.phrases["according_around"].values() for phrase in some]
    for mention in mentions:
        for phrase in phrases if mention.kind in TELLERS else ():
            gap = phrase.index(_ELLIPSIS)
            first, last = mention.first - gap, mention.last + len(phrase) - gap - 1
            words = (*lows[max(0, first) : mention.first], _ELLIPSIS, *lows[mention.last : last])
            if words != phrase or (first > 0 and tokens[first - 1].kind == "w"):
                continue
            closes = not lexicon.has("copulas", lows[first]) or _closes_words(tokens, first, last, lexicon)
            if closes and not _said_behind(lows, last, lexicon):
                found.append(Cue(first, last, frozenset({"say"}), "accord", mention, accord=True))
    return found


def _said_behind(lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """As in "As far as Lavrov is concerned, Rubio said, …"."""
    told = (lexicon.verb_at(lows, i) for i in range(at, len(lows)))
    return any(cue is not None and "say" in cue.kinds for cue in told)


def _closes_words(tokens: list[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether words end before it and nothing follows: "The claim is just, was his answer", but neither "equally short
    was his answer" nor "Silence, once again, was his reply to them".
    """
    apart = first > 0 and tokens[first - 1].kind != "w" and (last >= len(tokens) or tokens[last].text in ",.")
    return apart and any(t.kind == "q" or lexicon.has("finite_auxiliaries", t.low) for t in tokens[:first])


def _is_quoted(lows: list[str], at: int, last: int, lexicon: Lexicon) -> bool:
    """Whether "was quoted" stands at ``at``, and no comma up to ``last``."""
    verb = next((low for low in lows[at + 1 : last] if not low.endswith("ly")), "")
    return lexicon.has("copulas", lows[at]) and lexicon.has("quoted", verb) and "," not in lows[at:last]


def _set_apart(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a clause begins or ends with a phrase: no "drawn by Lavrov's words to the envoys"."""
    return first == 0 or tokens[first - 1].kind != "w" or last >= len(tokens) or tokens[last].kind != "w"


def after_phrases(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """As in "Lawrow zufolge", "Lavrov'a göre": the phrase stands behind the source."""
    found: list[Cue] = []
    if not lexicon.may_have("according_after", lows):
        return found
    for mention in mentions:
        if mention.last < len(tokens) and lexicon.phrase_at("according_after", lows, mention.last):
            length = lexicon.phrase_at("according_after", lows, mention.last)
            found.append(Cue(mention.last, mention.last + length, frozenset({"say"}), "accord", mention, accord=True))
    return found


def quoted_as(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """As in "the paper quoted Lavrov as saying": the speaker is whom the paper quotes."""
    found: list[Cue] = []
    if not lexicon.may_have("quoted_as", lows):
        return found
    for i in range(1, len(tokens) - 1):
        if lexicon.phrase_at("quoted_as", lows, i):
            length = lexicon.phrase_at("quoted_as", lows, i)
            near = [m for m in mentions if m.last <= i and i - m.last <= _QUOTED and m.kind in TELLERS]
            before = [m for m in near if m.kind != "pronoun" or m.last == i]
            him = object_pronoun(tokens, i - 1, lexicon)
            passive = next((m for m in reversed(near) if _is_quoted(lows, m.last, i, lexicon)), None)
            if passive is not None:
                # "…, the minister was quoted by agencies as saying"
                found.append(Cue(passive.last, i + length, frozenset({"say"}), "quoted_as", passive))
            elif him is not None or before:
                found.append(Cue(i, i + length, frozenset({"say"}), "quoted_as", him or before[-1]))
    return found


def object_pronoun(tokens: list[Token], at: int, lexicon: Lexicon) -> Mention | None:
    """Somebody whom a verb's object at ``at`` stands for: "quoted him"."""
    if at >= len(tokens) or tokens[at].low not in lexicon.object_pronouns:
        return None
    token, (number, gender) = tokens[at], lexicon.object_pronouns[tokens[at].low]
    return Mention(at, at + 1, token.start, token.end, token.text, "pronoun", number=number, gender=gender)
