"""What stands around a statement and tells when, where and to whom it was made."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from processors.annotate.setting import Passage
from processors.annotate.statements.article.drafts import Draft, overlapping
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.text.sentences import Sentence

# Sentences before a statement that may introduce it.
_INTRODUCTION = 3
_CLAUSE_WORDS = 5
"""At least, of a sentence that is no dateline."""
_CLOSING = re.compile(r"[,;:—–-]\s")


class Surroundings:
    """``starts``: where a sentence begins behind its dateline, by where it begins; ``topics``: persons by sentence;
    ``taking_up``: sentences that take up the words before them ("He made the remarks at …", «وجاء ذلك في …»);
    ``nested``: drafts that stand within others.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        starts: Mapping[int, int],
        topics: Mapping[int, set[Person]],
        drafts: Sequence[Draft],
        taking_up: AbstractSet[int] = frozenset(),
        nested: Sequence[Draft] = (),
    ) -> None:
        self._text = text
        self._sentences = sentences
        self._starts = starts
        self._topics = topics
        self._draft_starts = [d.start for d in drafts]
        # An institution's account of a meeting ("…, the ministry said") tells of the occasion.
        self._stating = {d.sentence for d in drafts if d.speaker is None or d.speaker.kind == "person"}
        self._own = {(d.sentence, d.speaker) for d in drafts}
        self._taking_up = taking_up - self._stating
        self._nested: dict[int, list[Draft]] = {}
        for draft in sorted(nested, key=lambda d: d.start):
            if draft.speaker is None or draft.speaker.kind == "person":
                self._nested.setdefault(draft.sentence, []).append(draft)

    def _inserted(self, draft: Draft) -> Passage | None:
        """The attribution inside a statement: "X, Lavrov told the channel on Monday, Y"."""
        cue, source = draft.cue, draft.source
        if cue is None or not draft.start < cue.start <= cue.end < draft.end:
            return None
        within = source is not None and draft.start < source.start and source.end < draft.end
        first = min(cue.start, source.start) if source is not None and within else cue.start
        last = max(cue.end, source.end) if source is not None and within else cue.end
        closing = _CLOSING.search(self._text, last, draft.end)
        return Passage(first, closing.start()) if closing is not None else None

    def announcing(self, draft: Draft) -> list[Passage]:
        """Sentences just before it in its paragraph that name nobody: "Then came the turn of the ambassadors: a
        briefing at noon. …". They tell on what kind of occasion the words were said, and nothing else reliably.
        """
        found: list[Passage] = []
        paragraph = self._sentences[draft.sentence].paragraph
        for at in range(draft.sentence - 1, max(0, draft.sentence - _INTRODUCTION - 1), -1):
            one = self._sentences[at]
            if one.paragraph != paragraph or at in self._stating or (at, draft.speaker) in self._own:
                break
            if not self._topics.get(at) and len(self._text[one.start : one.end].split()) >= _CLAUSE_WORDS:
                found.append(Passage(one.start, one.end))
        return found

    def passages(self, draft: Draft, drafts: list[Draft]) -> list[Passage]:
        """The rest of a statement's sentence and of its cue's, then what takes it up and what introduces it."""
        numbers = [draft.sentence]
        if draft.cue is not None:
            numbers += [
                n for n in (draft.sentence, draft.sentence + 1)
                if n < len(self._sentences) and self._sentences[n].start <= draft.cue.start < self._sentences[n].end
                and n != draft.sentence
            ]  # fmt: skip
        if draft.sentence + 1 in self._taking_up and draft.sentence + 1 not in numbers:
            numbers.append(draft.sentence + 1)
        at = draft.sentence - 1
        while at > 0 and draft.sentence - at <= _INTRODUCTION and (at, draft.speaker) not in self._own:
            if draft.speaker is not None and draft.speaker in self._topics.get(at, ()) and at not in self._stating:
                numbers.append(at)
            at -= 1
        passages: list[Passage] = []
        for number in numbers:
            sentence = self._sentences[number]
            start = self._starts.get(sentence.start, sentence.start)
            # Of what an institution tells, his words within it are left out.
            within = self._nested.get(number, [])
            stated = number in self._stating
            for other in overlapping(drafts, self._draft_starts, start, sentence.end) if stated else within:
                if other.end <= start or other.start >= sentence.end:
                    continue
                if other.start > start + 2:
                    passages.append(Passage(start, other.start))
                inserted = self._inserted(other)
                if inserted is not None:
                    passages.append(inserted)
                start = max(start, other.end)
            if sentence.end > start + 2:
                passages.append(Passage(start, sentence.end))
        return passages
