"""Interviews printed as question and answer, and theses listed under one heading.

Labels at the beginning of a paragraph ("Question:", "Sergey Lavrov:", «С.В.Лавров:») or dashes that alternate tell who
speaks; whole answers are statements, questions are nobody's. A list after a colon belongs to whoever the sentence with
the colon is about.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from processors.annotate.statements.language.lexicon import Lexicon
from schemas import Entity

# "Sergei Lavrov: We have …": a name or word, a colon, and text on the same line.
_LABEL = re.compile(r"([^\W\d_][^\n:?!«»“”\"„]{0,58}?)\s?:\s+(?=\S)")
# "Q. Will you go?", where both letters come back.
_LETTER = re.compile(r"([^\W\d_])[.)]\s+(?=\S)")
# A turn that a dash opens.
_DASH = re.compile(r"[—–-]{1,2}\s*(?=\S)")
# ", — сказал он", "—dijo el ministro—"; a dash between two parts of a sentence is none.
_ATTRIBUTED = re.compile(r"[,!?…]\s?[—–-]{1,2}\s?[^\W\d_A-ZА-ЯІЇЄ]|\s[—–](?=[^\W\d_A-ZÁÉÍÓÚÑ])")
# "* Will you go?" and below it "- Yes."
_STAR = re.compile(r"[*•▪●■◆►▶]\s*(?=[^*\s])")
_ASKS = "?؟"
# The signs with which channels and sites begin the points of a list.
_POINT = "[•·▪▫◦‣●○■□◼◻◾◽►▸▶➤➡👉🔹🔸🔷🔶🔺🔻⚡❗❕✅✔☑📌📍]\ufe0f?"
_BULLET = re.compile(rf"(?:{_POINT}|[—–*-]|\d{{1,2}}[.)])\s*(?=\S)")
_POINTED = re.compile(rf"{_POINT}\s*(?=\S)")
# Words of the label of a turn, at most: "Minister Lavrov:".
_LABEL_WORDS = 6
# Turns that an unknown label begins, at least.
_MIN_REPEATED = 2
# Paragraphs of a list under a colon, at most.
_MAX_THESES = 40
# Questions of an interview, at least.
_MIN_QUESTIONS = 3
_PAIR = 2
_WORDS = re.compile(r"[^\W\d_]+")
# Characters in which a verb is looked for behind a dash.
_NEAR = 40
_MAX_ANSWER = 3
# Characters of a paragraph that is a question, at most.
_QUESTION_CHARS = 400
_QUOTED = re.compile(r"[«»“”\"„]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``[start, end)`` of a line that is not empty."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Words ``[start, end)`` of one speaker: ``entity`` as the label names him, None for the one who is interviewed.

    ``label``: where he is named. ``asks``: the words are a question's, or those of somebody without a name.
    """

    start: int
    end: int
    label: tuple[int, int] | None = None
    entity: Entity | None = None
    asks: bool = False


Label = tuple[Paragraph, int, str, Entity | None]
"""A paragraph, where its words begin behind the label, the label in lower case, whom it names."""


def paragraphs_of(text: str) -> list[Paragraph]:
    """The lines of a text that are not empty, the title first."""
    found: list[Paragraph] = []
    begin = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = begin + line.index(bare[0])
            found.append(Paragraph(start, start + len(bare)))
        begin += len(line) + 1
    return found


def find_turns(
    text: str, paragraphs: Sequence[Paragraph], entities: Sequence[Entity], lexicon: Lexicon
) -> dict[int, Turn]:
    """Turns by the start of their paragraph; empty where the text is no transcript."""
    body = paragraphs[1:]
    return (
        _labelled(text, body, entities, lexicon)
        or _starred(text, body)
        or _dashed(text, body, lexicon)
        or _answered(text, body, lexicon)
        or _asked(text, body, entities)
    )


def _labelled(
    text: str, paragraphs: Sequence[Paragraph], entities: Sequence[Entity], lexicon: Lexicon
) -> dict[int, Turn]:
    people = {e.end: e for e in entities if e.type == "PER"}
    initials = _initials(entities)
    labels: list[Label] = []
    pattern = _LETTER if _lettered(text, paragraphs, lexicon) else _LABEL
    for paragraph in paragraphs:
        match = pattern.match(text, paragraph.start, paragraph.end)
        if match is None or len(match.group(1).split()) > _LABEL_WORDS:
            continue
        entity = people.get(match.end(1)) or initials.get(match.group(1))
        labels.append((paragraph, match.end(), match.group(1).strip().casefold(), entity))
    repeated = Counter(name for _, _, name, _ in labels)
    asked = any(
        lexicon.has("questioner", name)
        or (entity is None and repeated[name] >= _MIN_REPEATED and text[p.end - 1] in _ASKS)
        for p, _, name, entity in labels
    )
    if not asked:
        return {}
    answered = any(entity is not None or lexicon.has("answerer", name) for _, _, name, entity in labels)
    unnamed = "" if answered else _answers(text, labels, repeated)
    by_start = {p.start: (begin, name, entity) for p, begin, name, entity in labels}
    turns: dict[int, Turn] = {}
    current: Turn | None = None
    for paragraph in paragraphs:
        begin, name, entity = by_start.get(paragraph.start, (paragraph.start, "", None))
        if name and (entity is not None or lexicon.has("answerer", name)):
            label = (paragraph.start, paragraph.start + len(name)) if entity is not None else None
            current = Turn(begin, paragraph.end, label, entity)
        elif name and name == unnamed:
            current = Turn(begin, paragraph.end)
        elif name and (lexicon.has("questioner", name) or repeated[name] >= _MIN_REPEATED):
            current = Turn(begin, paragraph.end, asks=True)
        elif name and current is not None and current.asks:
            # Whoever answers under a name that no list has.
            current = Turn(begin, paragraph.end, (paragraph.start, paragraph.start + len(name)))
        elif current is not None:
            # Without labels of its own an answer is what follows a question.
            asks = current.asks and answered
            current = Turn(paragraph.start, paragraph.end, None, current.entity, asks)
        if current is not None:
            turns[paragraph.start] = current
    return turns


def _answers(text: str, labels: Sequence[Label], repeated: Counter[str]) -> str:
    """The label that answers: the second of two that take turns and name nobody, unless it asks more; else ""."""
    turns = list(dict.fromkeys(name for _, _, name, _ in labels if repeated[name] >= _MIN_REPEATED))
    asked = Counter(name for p, _, name, _ in labels if text[p.end - 1] in _ASKS)
    return turns[1] if len(turns) == 2 and asked[turns[0]] > asked[turns[1]] else ""


def _initials(entities: Sequence[Entity]) -> dict[str, Entity]:
    """Whom letters name, as "SL" does Sergei Lavrov, where they are nobody else's."""
    found: dict[str, Entity] = {}
    shared: set[str] = set()
    for entity in entities:
        words = entity.text.split()
        if entity.type == "PER" and len(words) > 1:
            known = found.setdefault("".join(word[0] for word in words), entity)
            if known.id != entity.id:
                shared.add("".join(word[0] for word in words))
    return {letters: entity for letters, entity in found.items() if letters.isupper() and letters not in shared}


def _lettered(text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> bool:
    begun = (_LETTER.match(text, p.start, p.end) for p in paragraphs)
    letters = Counter(match.group(1).lower() for match in begun if match is not None)
    asked, answered = (
        sum(count for letter, count in letters.items() if lexicon.has(name, letter))
        for name in ("questioner", "answerer")
    )
    return min(asked, answered) >= _MIN_REPEATED


def _starred(text: str, paragraphs: Sequence[Paragraph]) -> dict[int, Turn]:
    """Questions that begin with a star or bullet, each with an answer behind a dash below it; what follows the dash up
    to the next question is the answer's.
    """
    stars = [_STAR.match(text, p.start, p.end) if not _is_marked(text, p) else None for p in paragraphs]
    at = [i for i, star in enumerate(stars) if star is not None]
    if sum(text[paragraphs[i].end - 1] in _ASKS for i in at) < _MIN_REPEATED:
        return {}
    turns: dict[int, Turn] = {}
    for n, i in enumerate(at):
        star, below = stars[i], paragraphs[i + 1] if i + 1 < len(paragraphs) else None
        dash = _DASH.match(text, below.start, below.end) if below is not None else None
        if star is None or below is None or dash is None:
            return {}
        turns[paragraphs[i].start] = Turn(star.end(), paragraphs[i].end, asks=True)
        turns[below.start] = Turn(dash.end(), below.end)
        following = at[n + 1] if n + 1 < len(at) else i + 2  # behind the last answer the article may go on
        turns.update({p.start: Turn(p.start, p.end) for p in paragraphs[i + 2 : following]})
    return turns


def _dashed(text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> dict[int, Turn]:
    """Question and answer in paragraphs that begin with a dash; one with an attribution inside is a story's."""
    rows = [(p, _DASH.match(text, p.start, p.end)) for p in paragraphs]
    if any(dash is not None and _attributed(text, dash.end(), p.end, lexicon) for p, dash in rows):
        return {}
    turns = _alternating(text, rows)
    if turns:
        return turns
    asked = False
    for paragraph, dash in rows:
        if dash is None:
            asked = False
            continue
        asks = text[paragraph.end - 1] in _ASKS and not asked
        if asks or asked or turns:
            turns[paragraph.start] = Turn(dash.end(), paragraph.end, asks=asks)
        asked = asks
    answers = sum(1 for t in turns.values() if not t.asks)
    return turns if answers and len(turns) > answers else {}


def _answered(text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> dict[int, Turn]:
    """Answers behind a dash, each below the question, which has none: some end with a question mark, others only name
    what is asked about.
    """
    dashes = [_DASH.match(text, p.start, p.end) for p in paragraphs]
    at = [i for i, dash in enumerate(dashes) if dash is not None]
    if len(at) < _MIN_QUESTIONS or at[0] == 0 or any(b - a != _PAIR for a, b in pairwise(at)):
        return {}
    questions = [paragraphs[i - 1] for i in at]
    asked = sum(text[p.end - 1] in _ASKS for p in questions)
    long = any(p.end - p.start > _QUESTION_CHARS for p in questions)
    if (
        asked < _MIN_REPEATED
        or long
        or any(_attributed(text, paragraphs[i].start, paragraphs[i].end, lexicon) for i in at)
    ):
        return {}
    turns = {p.start: Turn(p.start, p.end, asks=True) for p in questions}
    for i in at:
        dash, paragraph = dashes[i], paragraphs[i]
        turns[paragraph.start] = Turn(dash.end() if dash is not None else paragraph.start, paragraph.end)
    return turns


def _alternating(text: str, rows: Sequence[tuple[Paragraph, re.Match[str] | None]]) -> dict[int, Turn]:
    """Where dashes stand in one row and questions only in every other place, the first among them, what else stands
    there is asked too: «— Киев настаивает на паузе».
    """
    dashed = [(i, p, dash) for i, (p, dash) in enumerate(rows) if dash is not None]
    asked = [n for n, (_, p, _) in enumerate(dashed) if text[p.end - 1] in _ASKS]
    together = bool(dashed) and dashed[-1][0] - dashed[0][0] == len(dashed) - 1
    if not together or len(asked) < _MIN_REPEATED or asked[0] != 0 or any(n % 2 for n in asked):
        return {}
    return {p.start: Turn(dash.end(), p.end, asks=n % 2 == 0) for n, (_, p, dash) in enumerate(dashed)}


def _attributed(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a reporting verb, or its subject and it, follow a dash inside."""
    for match in _ATTRIBUTED.finditer(text, start, end):
        words = _WORDS.findall(text, match.end() - 1, min(end, match.end() + _NEAR))[:2]
        if any(word.lower() in lexicon.cues for word in words):
            return True
    return False


def _asked(text: str, paragraphs: Sequence[Paragraph], entities: Sequence[Entity]) -> dict[int, Turn]:
    """Question and answer without marks: paragraphs that are questions, with a few that are none after each; the
    first answer may have its speaker's name before it.
    """
    people = {e.end: e for e in entities if e.type == "PER"}
    at = [i for i, p in enumerate(paragraphs) if _is_question(text, p)]
    marked = [i for i in at if _is_marked(text, paragraphs[i])]
    if sum(1 for i in marked if set(_ASKS) & set(text[paragraphs[i].end - 4 : paragraphs[i].end])) >= _MIN_REPEATED:
        # Where questions are printed in bold or italics, an answer may end with a question of its own.
        at = marked
    elif len(at) < _MIN_QUESTIONS:
        return {}
    if any(not 2 <= b - a <= 1 + _MAX_ANSWER for a, b in pairwise(at)):
        return {}
    turns: dict[int, Turn] = {}
    for n, i in enumerate(at):
        stop = at[n + 1] if n + 1 < len(at) else min(i + 2, len(paragraphs))
        turns[paragraphs[i].start] = Turn(paragraphs[i].start, paragraphs[i].end, asks=True)
        for p in paragraphs[i + 1 : stop]:
            label = _LABEL.match(text, p.start, p.end)
            named = people.get(label.end(1)) if label is not None else None
            begin = label.end() if label is not None and named is not None else p.start
            turns[p.start] = Turn(begin, p.end, (p.start, named.end) if named is not None else None, named)
    return _asked_between(paragraphs, turns)


def _asked_between(paragraphs: Sequence[Paragraph], turns: dict[int, Turn]) -> dict[int, Turn]:
    """Where each answer has its speaker's name, what stands between two of his is asked, though it is no question."""
    answers = [turn for turn in turns.values() if turn.entity is not None]
    names = {turn.entity.id or turn.entity.text for turn in answers if turn.entity is not None}
    if len(answers) < _MIN_QUESTIONS or len(names) > 1:
        return turns
    for paragraph, following in pairwise(paragraphs):
        turn, then = turns.get(paragraph.start), turns.get(following.start)
        if turn is not None and turn.entity is None and then is not None and then.entity is not None:
            turns[paragraph.start] = replace(turn, asks=True)
    return turns


def _is_question(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is nothing but a question of moderate length, without a quotation."""
    words = text[paragraph.start : paragraph.end]
    if len(words) > _QUESTION_CHARS or _QUOTED.search(words):
        return False
    return words.endswith(tuple(_ASKS)) or _is_marked(text, paragraph)


def _is_marked(text: str, paragraph: Paragraph) -> bool:
    """Whether all of a paragraph stands between the marks of bold or italics of Markdown."""
    words = text[paragraph.start : paragraph.end]
    return len(words) > 2 and words[0] in "*_" and words[-1] == words[0]


def pointed(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph begins with a sign of its own, as points of a list do."""
    return _POINTED.match(text, paragraph.start, paragraph.end) is not None


def theses_after(text: str, paragraphs: Sequence[Paragraph], index: int) -> list[Paragraph]:
    """The items listed after paragraph ``index``, without their marks; unless it ends with a colon, those that
    all begin with one sign.
    """
    announced = text[paragraphs[index].end - 1] == ":"
    marks, sign = _BULLET if announced else _POINTED, ""
    found: list[Paragraph] = []
    for paragraph in paragraphs[index + 1 : index + 1 + _MAX_THESES]:
        bullet = marks.match(text, paragraph.start, paragraph.end)
        if bullet is None or (found and not announced and text[paragraph.start] != sign):
            break
        sign = text[paragraph.start]
        found.append(Paragraph(bullet.end(), paragraph.end))
    return found if len(found) > 1 else []
