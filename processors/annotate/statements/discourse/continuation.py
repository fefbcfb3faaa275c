"""Sentences without any attribution that still report the last speaker: free indirect speech.

"Lavrov said the levy would go. The ferries must run on time." No cue tells whose the second sentence is; what tells is
that nobody else is introduced, that it is not about an event at some time, and that its mood is that of a claim: it
says what must, should, can or may not be (Konjunktiv in German, the conditional in French and Spanish).
"""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import dated, subjunctive
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.clauses import has_verb
from processors.annotate.statements.text.tokens import Token

# Words of a sentence that goes on with somebody's words, at least and at most.
_MIN_WORDS = 3
_MAX_WORDS = 45
# Words of a fragment that only names a topic, at most.
_HEADING_WORDS = 7
_TOPIC_WORDS = 14
"""At most, in front of a colon: "As for relations with Washington, progress was slow: …"."""
# Words from the beginning to a mention that leads a sentence, at most.
_OPENING = 4
_MARKS = 3
# Words from the beginning to a noun of speech in a sentence that announces words.
_ANNOUNCED = 7
# Words of a sentence, or its part before a colon, that announces words, at most.
_MAX_ANNOUNCING = 22
_BRIEF = 6
_EXPLAINING = 5
"""At least, of words that stand behind a colon."""


def claims(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether a sentence is in the mood of a claim and places no event in time."""
    words = [t for t in tokens if t.kind == "w"]
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS or tokens[-1].text == "?":
        return False
    if dated(tokens, lexicon):
        return False
    joined = lexicon.has("conjunctions", words[0].low) and not lexicon.has("adversatives", words[0].low)
    goes_on = joined or (lexicon.order == "free" and lexicon.has("going_on", words[0].low))
    if lexicon.has("connectors", words[0].low) and not goes_on:
        return False
    if joined and any(lexicon.has("weak_modals", t.low) for t in words):
        # "…, he said. And the producers would go on …"
        return True
    # "L'armée les considérera …" is a claim, "Il rencontrera …" his programme.
    future = lexicon.future_ends if words[0].low not in lexicon.pronouns else ()
    claim_ends = lexicon.claim_ends + future
    return any(
        lexicon.has("modals", t.low) or lexicon.has("subjunctive", t.low)
        or bool(claim_ends and len(t.low) > 4 and t.text.islower() and t.low.endswith(claim_ends))
        for t in words
    )  # fmt: skip


def plans(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> bool:
    """As in "He would be calling Baku within the week": the tense of reported speech, with the speaker as a pronoun."""
    first = next((m for m in mentions if m.kind == "pronoun" and m.number == "s" and m.first <= 1), None)
    return first is not None and first.last < len(tokens) and lexicon.has("weak_modals", tokens[first.last].low)


def shifted(tokens: list[Token], before: list[Token], lexicon: Lexicon) -> bool:
    """Whether a sentence goes on in the tense of reported speech: "Talks had not stopped, he said. A new round was
    being prepared, but Moscow would not be hurried."
    """
    if tokens[-1].text == "?" or dated(tokens, lexicon):
        return False
    words = [t.low for t in tokens if t.kind == "w"]
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS or lexicon.has("connectors", words[0]):
        return False
    back = any(lexicon.has("backshifted", t.low) for t in before)
    # "He would not say who", "Under that draft the guarantors would have had to agree" are the reporter's.
    own = words[0] in lexicon.pronouns or lexicon.has_any("pointers", words[:2])
    return back and lexicon.has_any("prospective", words) and not own


def names_a_topic(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether it is a heading within the text, as in "On the frozen assets", «О перемирии — коротко», or says no more
    than what comes next ("Then, more quietly").
    """
    if len(tokens) > _HEADING_WORDS + _MARKS + 1:
        return False
    words = [t for t in tokens if t.kind == "w"]
    topic = len(words) > 0 and lexicon.has("topic_prepositions", words[0].low)
    told = any(t.low in lexicon.cues for t in words[int(topic) :])
    if not 0 < len(words) <= _HEADING_WORDS or told or dated(tokens, lexicon):
        return False
    marks = [t for t in tokens[:-1] if t.kind != "w"]
    if topic:
        verbless = not marks or (len(marks) == 1 and marks[0].text in ",—–" and not _has_verb(tokens, lexicon))
        return len(words) > 1 and verbless
    staged = lexicon.has("stages", words[0].low) and tokens[-1].text in ".:" and len(marks) < _MARKS
    return staged and not _has_verb(tokens, lexicon)


def _has_verb(tokens: list[Token], lexicon: Lexicon) -> bool:
    auxiliary = any(lexicon.has("finite_auxiliaries", t.low) or lexicon.has("finite", t.low) for t in tokens)
    return auxiliary or has_verb(tokens, 0, len(tokens), lexicon)


def topic_colon(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where the words begin behind a topic and a colon («О Кубе: блокаду пора снимать»); 0 without."""
    if all(token.text != ":" for token in tokens[: _TOPIC_WORDS + 1]):
        return 0
    for at, token in enumerate(tokens[: _TOPIC_WORDS + 1]):
        if token.text == ":":
            first = next((t for t in tokens[:at] if not lexicon.has("conjunctions", t.low)), tokens[0])
            opens = at > 1 and lexicon.has("topic_prepositions", first.low) and at + _MIN_WORDS < len(tokens)
            return at + 1 if opens and not dated(tokens[:at], lexicon) else 0
        if token.kind != "w" and token.text not in ",—–":
            break
    return 0


def announced_by_colon(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where a clause begins that a sentence about somebody leads up to ("On the project he was cautious: …"); 0
    without, and where a list of names follows.
    """
    at = next((i for i, token in enumerate(tokens) if token.text == ":"), len(tokens))
    words = sum(1 for token in tokens[at + 1 :] if token.kind == "w")
    if not 1 < at < _MAX_ANNOUNCING or words < _EXPLAINING or tokens[-1].text == "?":
        return 0
    first = tokens[at + 1]
    named = first.capital and lexicon.lang != "de" and first.kind == "w" and not _known_word(first.low, lexicon)
    named = named and not _claiming(tokens[at + 2].low, lexicon)  # "…: Moscow could wait"
    return 0 if named or first.kind == "q" else at + 1


def _claiming(low: str, lexicon: Lexicon) -> bool:
    return any(lexicon.has(name, low) for name in ("modals", "weak_modals", "finite_auxiliaries"))


def reported_behind(tokens: list[Token], lexicon: Lexicon) -> int:
    """Where a clause begins behind a semicolon whose mood says that it is reported: "Lawrow blieb vage; der Termin
    werde noch gesucht"; 0 without.
    """
    at = next((i for i, token in enumerate(tokens[:_MAX_ANNOUNCING]) if token.text == ";"), 0)
    # A sentence that is reported as a whole goes on as one.
    return at + 1 if at > 1 and subjunctive(tokens[at + 1 :], lexicon) and not subjunctive(tokens[:at], lexicon) else 0


def _known_word(low: str, lexicon: Lexicon) -> bool:
    return low in lexicon.closed or lexicon.has("common_starts", low)


def moves_topic(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "He then turned to the question of guarantees": what follows is likely his."""
    lows = [t.low for t in tokens]
    return lexicon.may_have("topic_moves", lows) and any(
        lexicon.phrase_at("topic_moves", lows, i) for i in range(len(lows))
    )


def leads_up(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """As "He explained why.": a verb whose content is a bare word of asking, and stands in the next sentence."""
    behind = tokens[at:]
    return len(behind) == 2 and behind[1].text in ".:" and lexicon.has("complementizers", behind[0].low)


def prompts(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether the next sentence answers this one: a question of the reporter, or one that announces words without
    saying them ("Then came the line that the hall had waited for").
    """
    if tokens and tokens[-1].text == "?":
        return True
    words = [t.low for t in tokens if t.kind == "w"]
    if len(words) <= _BRIEF and lexicon.has_any("negations", words):
        return False  # "The offer is not new": about the words
    announced = lexicon.has_any("speech_nouns", words[:_ANNOUNCED])
    return announced and len(words) <= _MAX_ANNOUNCING and all(t.kind == "w" or t.text in ",.—–-" for t in tokens)


def others_lead(mentions: list[Mention], lows: list[str], lexicon: Lexicon) -> bool:
    """Whether a person other than a pronoun's, or an institution, opens the sentence as its subject."""
    for mention in mentions:
        if mention.kind == "name" and mention.first == 0 and mention.last == 1:
            # Any word has a capital there.
            continue
        if mention.first > _OPENING:
            break
        if mention.kind in ("person", "name", "role", "noun"):
            before = lows[mention.first - 1] if mention.first else ""
            if not mention.oblique and not lexicon.has("prepositions", before):
                return True
    return False
