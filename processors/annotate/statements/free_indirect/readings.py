"""What an article lets see of a sentence without attribution: how near it stands to what a speaker says elsewhere,
how much of the article is his, and what kind of sentence it is. All of it is read from places and marks; what the
sentence says is for its vector (find.py).
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.language.mood import prospective, subjunctive
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.rows import Row

LANGUAGES = ("en", "ru", "uk", "de", "fr", "es", "tr", "ar")
# Distances beyond this, in sentences, are all far.
_FAR = 10
_NEAR = 5
# A sentence of which at least so much is somebody's is his.
_MOSTLY = 0.4
# Who says less is cited in passing: what stands beside it is the reporter's as often as his.
_FEWEST_OWN = 2
# Fewer words are a caption or a remnant.
_FEWEST_WORDS = 3
_SHORT = 40
_QUOTE = re.compile("[«»“”„\"‘’]")  # fmt: skip
_DIGIT = re.compile(r"\d")
_BULLETS = frozenset("—–-•▪●🔹*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, by its number, that may be a ``speaker``'s; ``readings`` by their names, see the module."""

    number: int
    start: int
    end: int
    speaker: Person
    readings: dict[str, float]


def candidates(article: Article, drafts: Sequence[Draft], speaker: Person) -> Iterator[Candidate]:
    """The sentences of the body in which nothing is anybody's statement yet. ``drafts``: all statements, settled."""
    rows = article.rows
    own, others = [0.0] * len(rows), [0.0] * len(rows)
    for draft in drafts:
        covered = own if draft.speaker is speaker else others
        number = draft.sentence
        while number < len(rows) and rows[number].sentence.start < draft.end:
            sentence = rows[number].sentence
            common = min(sentence.end, draft.end) - max(sentence.start, draft.start)
            covered[number] += max(0, common) / max(1, sentence.end - sentence.start)
            number += 1
    his = [i for i, share in enumerate(own) if share > _MOSTLY]
    if len(his) < _FEWEST_OWN:
        return
    around = _Around(rows, own, others, his)
    for row in rows:
        number = row.number
        if row.sentence.paragraph == 0 or len(row.tokens) < _FEWEST_WORDS or own[number] or others[number]:
            continue
        turn = article.turn_of(number)
        if turn is not None and turn.asks:
            continue
        readings = around.of(number) | _sentence(article, row, speaker)
        yield Candidate(number, row.tokens[0].start, row.sentence.end, speaker, readings)


class _Around:
    """What stands around a sentence. ``own`` and ``others``: shares of each sentence that are his, and others'."""

    def __init__(self, rows: Sequence[Row], own: Sequence[float], others: Sequence[float], his: Sequence[int]) -> None:
        self._rows, self._own, self._others, self._his = rows, own, others, his
        self._share, self._other_share = sum(own) / len(own), sum(others) / len(others)

    def of(self, number: int) -> dict[str, float]:
        count, his = len(self._rows), self._his
        since = min((number - i for i in his if i < number), default=_FAR)
        until = min((i - number for i in his if i > number), default=_FAR)
        row = self._rows[number]
        before = self._rows[number - 1]
        follows, precedes = self._at(self._own, number - 1), self._at(self._own, number + 1)
        share = self._share
        text = before.sentence.end - before.sentence.start
        ends_in_colon = bool(before.tokens) and before.tokens[-1].text == ":"
        found = {
            "follows_his": follows,
            "second_before_his": self._at(self._own, number - 2),
            "precedes_his": precedes,
            "second_behind_his": self._at(self._own, number + 2),
            "follows_others": self._at(self._others, number - 1),
            "precedes_others": self._at(self._others, number + 1),
            "since": min(_FAR, since),
            "until": min(_FAR, until),
            "between": float(since < _FAR and until < _FAR),
            "share": share,
            "share_squared": share * share,
            "share_of_others": self._other_share,
            "his_sentences": math.log1p(len(his)),
            "place": number / count,
            "number": math.log1p(number),
            "sentences": math.log1p(count),
            "opens_paragraph": float(row.sentence.first),
            "follows_colon": float(ends_in_colon),
            "length_before": min(5.0, text / 100),
            "names_before": float(_named(before, None)),
            "far_since": float(since > _NEAR),
            "far_until": float(until > _NEAR),
            "amid": follows * precedes,
            "goes_on": follows * (not row.sentence.first),
            "follows_much": follows * share,
            "precedes_much": precedes * share,
        }
        found |= {f"since_{n}": float(since == n) for n in (1, 2, 3)}
        found |= {f"until_{n}": float(until == n) for n in (1, 2)}
        return found

    @staticmethod
    def _at(shares: Sequence[float], number: int) -> float:
        return min(1.0, shares[number]) if 0 <= number < len(shares) else 0.0


def _sentence(article: Article, row: Row, speaker: Person) -> dict[str, float]:
    text = article.text[row.sentence.start : row.sentence.end]
    lexicon = article.lexicon
    words = [t for t in row.tokens if t.kind != "q"]
    found = {
        "length": min(5.0, len(text) / 100),
        "length_squared": min(5.0, len(text) / 100) ** 2,
        "short": float(len(text) < _SHORT),
        "quotes": float(bool(_QUOTE.search(text))),
        "asks": float("?" in text),
        "ends_in_colon": float(text.rstrip().endswith(":")),
        "colon": float(":" in text),
        "semicolon": float(";" in text),
        "dash": float("—" in text or "–" in text),
        "digit": float(bool(_DIGIT.search(text))),
        "point": float(text.lstrip()[:1] in _BULLETS),
        "names_him": float(_named(row, speaker)),
        "names_others": float(any(m.kind in ("person", "role") for m in row.mentions) and not _named(row, speaker)),
        "pronoun": float(any(m.kind == "pronoun" for m in row.mentions)),
        "institution": float(any(m.kind == "org" for m in row.mentions)),
        "subjunctive": float(subjunctive(words, lexicon)),
        "prospective": float(prospective(words, lexicon)),
        "dated": float(any(lexicon.is_time(t.low) for t in words)),
    }
    return found | {f"in_{lang}": float(lexicon.lang == lang) for lang in LANGUAGES}


def _named(row: Row, speaker: Person | None) -> bool:
    """Whether a sentence names a person, or this one."""
    return any(m.kind in ("person", "role") and (speaker is None or m.id == speaker.id) for m in row.mentions)
