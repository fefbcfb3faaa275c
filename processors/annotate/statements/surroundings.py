"""What stands around a statement and tells when, where and to whom it was made."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from processors.annotate.setting import Passage
from processors.annotate.statements.drafts import Draft, overlapping
from processors.annotate.statements.sentences import Sentence
from processors.annotate.statements.speakers import Person

_INTRODUCTION = 3


class Surroundings:
    """``starts``: where a sentence begins behind its dateline, by where it begins; ``topics``: persons by sentence;
    ``taking_up``: sentences that take up the words before them ("He made the remarks at …", «وجاء ذلك في …»).
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        starts: Mapping[int, int],
        topics: Mapping[int, set[Person]],
        drafts: Sequence[Draft],
        taking_up: AbstractSet[int] = frozenset(),
    ) -> None:
        self._sentences = sentences
        self._starts = starts
        self._topics = topics
        self._draft_starts = [d.start for d in drafts]
        # An institution's account of a meeting ("…, the ministry said") tells of the occasion.
        self._stating = {d.sentence for d in drafts if d.speaker is None or d.speaker.kind == "person"}
        self._own = {(d.sentence, d.speaker) for d in drafts}
        self._taking_up = taking_up - self._stating

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
            for other in overlapping(drafts, self._draft_starts, start, sentence.end):
                if other.end <= start or other.start >= sentence.end or number not in self._stating:
                    continue
                if other.start > start + 2:
                    passages.append(Passage(start, other.start))
                start = max(start, other.end)
            if sentence.end > start + 2:
                passages.append(Passage(start, sentence.end))
        return passages
