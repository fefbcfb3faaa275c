"""What an article tells of the occasion in sentences that report no words: the title, the beginning, his mentions."""

from collections.abc import Iterable, Sequence

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.setting import Passage, find_setting
from schemas import AnnotatedArticle, Setting

# Sentences that are asked: the title, the beginning, and the first that name him.
_SENTENCES = 5


def scene(
    article: AnnotatedArticle,
    speaker: str | None,
    places: Sequence[tuple[int, int]],
    knowledge: Knowledge = NOTHING,
) -> Setting | None:
    """What the title, the beginning and the sentences that name him tell of the occasion, statement or not."""
    text = article.article.full_text
    return find_setting(
        text,
        [
            Passage(start, end)
            for start, end in _sentences(text, (0, len(article.article.title) + 1, *(start for start, _ in places)))
            if start < end
        ],
        lang=article.lang,
        published=article.article.published,
        entities=article.entities,
        speaker_id=speaker,
        knowledge=knowledge,
    )


def _sentences(text: str, offsets: Iterable[int]) -> list[tuple[int, int]]:
    """The first sentences that stand at the offsets, each once."""
    found: dict[tuple[int, int], None] = {}
    known: list[tuple[int, int]] = []
    for at in offsets:
        # Looked up once for all offsets in it, and no more than are asked: a look-up may go through the whole text, and
        # thousands of mentions would take time by the square of the length.
        if any(first <= at <= last for first, last in known):
            continue
        start, end = _sentence_at(text, at)
        if not text.startswith(". ", at - 1):
            known.append((at, end))
        found[start, end] = None
        if len(found) == _SENTENCES:
            break
    return list(found)


def _sentence_at(text: str, at: int) -> tuple[int, int]:
    """The sentence that stands at an offset, roughly: up to a stop before a blank, or a line's end."""
    start = max(text.rfind("\n", 0, at), text.rfind(". ", 0, at) + 1) + 1
    ends = [end for mark in ("\n", ". ") if (end := text.find(mark, at)) >= 0]
    return start, min(ends, default=len(text))
