"""Clauses without a subject that lead up to a colon and what somebody says: «С трапа обернулся: рапорта он не писал»,
"Sobre el puente fue tajante: …", "Asked about the toll, no hesitation: …", "The gist: …".
"""

from processors.annotate.statements.language.case import LANGUAGES, may_be_subject, past_gender
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.tokens import Token

LED_UP = "led up"
GIST = "gist"
"""Bases of these cues: of whoever spoke last, and of whom this sentence or the one before is about."""
# Words of what leads up to a colon, at most.
_WORDS = 16
# Words of content behind the colon, at least.
_CONTENT_WORDS = 3
# Words of "It was short", and from the beginning to "the gist", at most.
_BRIEF = 3
# Words of "said it plainly for all to hear", at most.
_STATING = 6
# What a Turkish predicate in the past ends with.
_PAST = ("di", "dı", "du", "dü", "ti", "tı", "tu", "tü")


def led_up(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Cue | None:
    """The colon of such a clause, in a sentence in which nothing else reports."""
    colon = next((i for i, low in enumerate(lows[: _WORDS + 1]) if low == ":"), 0)
    if not colon or tokens[-1].text == "?" or tokens[colon + 1 : colon + 2] == []:
        return None
    least = _CONTENT_WORDS - int(lexicon.order == "sov")
    if tokens[colon + 1].start == tokens[colon].end or sum(t.kind == "w" for t in tokens[colon:]) < least:
        return None
    base = ""
    if _names_gist(tokens, lows, colon, lexicon):
        base = GIST
    elif not any(_may_be_subject(m, tokens, lexicon) for m in mentions if m.first < colon) and (
        _by_verb(tokens, lows, colon, lexicon)
        or _by_topic(tokens, lows, colon, lexicon)
        or _by_predicate(tokens, lows, colon, lexicon)
        or _asked(tokens, lows, colon, lexicon)
    ):
        base = LED_UP
    return Cue(colon, colon + 1, frozenset({"noun"}), base, None, True) if base else None


def _may_be_subject(mention: Mention, tokens: list[Token], lexicon: Lexicon) -> bool:
    return not mention.oblique and not governed(tokens, mention.first, lexicon)


def _by_verb(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """Slavic: a verb in the past that shows its subject's gender, and no noun that could be the subject."""
    lang = lexicon.lang or ""
    if lang not in LANGUAGES or any(t.text.isdigit() for t in tokens[:colon]):
        return False
    genders = {past_gender(low, lang) for t, low in zip(tokens[:colon], lows, strict=False) if t.kind == "w"} - {""}
    if len(genders) != 1:
        return False
    gender = next(iter(genders))
    return not any(
        tokens[i].kind == "w" and lows[i] not in lexicon.closed and not lexicon.has("conjunctions", lows[i])
        and may_be_subject(lows[i], lang, gender) and not governed(tokens, i, lexicon)
        for i in range(colon)
    )  # fmt: skip


def _by_topic(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """Spanish: a topic, a verb of speech or "was", and no noun behind it: "Del puerto habló con cariño:", "Fue breve:".
    In a place there may be anything ("En el puerto era fiesta: …").
    """
    if not lexicon.pro_drop or not lexicon.objects_behind or any(t.kind == "p" for t in tokens[:colon]):
        return False
    was = next((i for i in range(colon - 1) if lexicon.has("predicating", lows[i])), -1)
    if was >= 0 and colon - was <= _BRIEF:
        behind = lows[was + 1]
        nominal = lexicon.has("determiners", behind) or lexicon.has("prepositions", behind) or lexicon.is_time(behind)
        return not nominal and (was == 0 or lexicon.has("topics", lows[0]))
    if not lexicon.has("prepositions", lows[0]):
        return False
    for at in range(2, colon):
        behind = lows[at + 1]
        if lows[at] in lexicon.cues:
            led = lexicon.has("prepositions", behind) or lexicon.has("adverbs", behind)
            return led or at + 1 == colon or (at + 2 == colon and behind.endswith("mente"))
    return False


def _by_predicate(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """As in "Was brief about the visas:"; in Turkish one word behind a topic: "Vizeler konusunda netti:"."""
    if lexicon.order == "svo" and not lexicon.pro_drop:
        return lexicon.has("copulas", lows[0]) and all(t.kind == "w" for t in tokens[:colon])
    topic = lexicon.order == "sov" and colon > 2 and lexicon.has("postpositions", lows[colon - 2])
    return topic and lows[colon - 1].endswith(_PAST)


def _asked(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """As in "Asked about the toll, no hesitation: …": an opener and words without a verb."""
    if not lexicon.has("openers", lows[0]) or lexicon.cases or lexicon.subject_follows:
        return False
    comma = next((i for i in range(colon) if tokens[i].text == ","), colon)
    words = lows[comma + 1 : colon]
    verbs = any(word in lexicon.cues or lexicon.has("auxiliaries", word) for word in words)
    return comma > 1 and len(words) <= _BRIEF + 1 and not verbs


def _names_gist(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """As in "The main thing: …", «Суть сказанного проста: …»: what is said in short, whoever says it."""
    at = int(lexicon.has("conjunctions", lows[0]))
    length = lexicon.phrase_at("gists", lows, at)
    if not length and lexicon.order == "sov":
        # as in "Konuşmasının özü: …"
        at = colon - 1
        length = lexicon.phrase_at("gists", lows, at) if at <= _BRIEF else 0
    if not length:
        return _states(tokens, lows, colon, lexicon)
    behind = lows[at + length : colon]
    if not behind:
        return True
    if lexicon.has("genitives", behind[0]):
        # as in "The essence of his remarks: …"
        owned = lexicon.has_any("own", behind) or behind[-1] in lexicon.pronouns
        return owned and len(behind) <= _BRIEF
    plain = lexicon.has_any("copulas", behind) or lexicon.has_any("plainly", behind)
    return len(behind) <= _BRIEF and (plain or lexicon.has("addressing", behind[0]))


def _states(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> bool:
    """As in "His position remains the same: …", «Мысль была простая: …»: a noun for what is thought, and how it is."""
    noun = next((i for i in range(min(colon, _BRIEF)) if lexicon.has("stances", lows[i])), -1)
    if noun < 0 or any(t.kind != "w" for t in tokens[:colon]):
        return False
    behind = lows[noun + 1 : colon]
    if not lexicon.has_any("plainly", behind) or len(behind) > _STATING:
        return False
    # What "The idea behind the ferry is simple: …" tells is no one's words.
    return not lexicon.has("prepositions", behind[0]) or lexicon.has("addressing", behind[0])
