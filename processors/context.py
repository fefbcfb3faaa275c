"""A watched speaker's place in an article: whether it tells of him, answers him, or names him by the way.

``group`` decides by it what a report is to its story. Pure.
"""

from collections.abc import Iterable, Sequence

from processors.annotate.features import (
    answers,
    dates_named,
    earlier,
    explains,
    fold,
    habits,
    lead_answers,
    lines,
    numbers,
    remarks_named,
)
from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.article.scene import scene
from schemas import AnnotatedArticle, Context, Entity, Setting, Statement

_LEAD_STATEMENTS = 3
# Mentions and statements whose surroundings are read. No article that somebody wrote has so many; a megabyte that
# repeats one name has a hundred thousand.
_MOST = 1_000


def context_of(
    article: AnnotatedArticle,
    speaker: str,
    his: Sequence[Statement],
    mentions: Sequence[Entity],
    offices: Sequence[tuple[int, int]],
    known: Knowledge,
) -> Context:
    """``his``: the speaker's statements; ``mentions``: where he is named; ``offices``: where his office stands for
    him.
    """
    clean, full = article.article, article.article.full_text
    title = len(clean.title)
    # What place he has in an article is seen by what it says that he says.
    his = [s for s in his if s.confidence is None]
    others = [s for s in article.statements if s.speaker_id != speaker]
    lead = _lead([s for s in article.statements if s.confidence is None], speaker, known)
    leader = lead[0] if lead else None
    dates = dates_named(full, article.lang)
    places = _places(his, mentions)
    meant = sorted({*places, *offices})[:_MOST]
    first_mention = min((start for start, _ in places), default=None)
    in_title = first_mention is not None and first_mention < title
    return Context(
        mentions=max(len(mentions), 1 if his or offices else 0),
        in_title=in_title,
        first_mention=first_mention,
        length=len(full),
        other_statements=len(others),
        other_in_lead=sum(s.speaker_id != speaker for s in lead),
        leader=(leader.speaker_id or leader.speaker) if leader is not None else None,
        dates=len(dates),
        names=names_but(speaker, article.entities),
        numbers=sorted(numbers(full, article.lang)),
        setting=_setting(his),
        scene=scene(article, speaker, places, known),
        lines=lines(full, title + 1, article.lang, article.entities, speaker),
        remarks_named=remarks_named(full, places[:_MOST]),
        answers=answers(clean.title, clean.text, meant) + _answered(title, his, others, mentions),
        lead_answers=lead_answers(clean.title, clean.text),
        habits=habits(clean.title, clean.text, meant),
        earlier=earlier(clean.title, clean.text, [(s.start, s.end) for s in his[:_MOST]]),
        explains=explains(clean.title, named=in_title),
        other_in_title=leader is not None and _speaks_in_title(leader, title, speaker),
        days=sorted(day for day in dates if "-" in day),
    )


def _lead(statements: Sequence[Statement], speaker: str, known: Knowledge) -> list[Statement]:
    """The first statements of the article. What "Moscow" says beside him answers him no more than he does himself."""
    first = sorted(statements, key=lambda s: (s.start, s.end))[:_LEAD_STATEMENTS]
    return [s for s in first if not _of_his_side(s.speaker_id, speaker, known)]


def _of_his_side(other: str | None, speaker: str, known: Knowledge) -> bool:
    """Whether it is the country that he holds an office of, or its capital, government or ministry."""
    if other is None or other == speaker:
        return False
    return known.seats.get(other, other) in {country for _, country in known.offices_of(speaker)}


def _speaks_in_title(statement: Statement, title: int, speaker: str) -> bool:
    """Whether it is somebody else's in the title, which has ``title`` characters."""
    return statement.start < title and statement.speaker is not None and statement.speaker_id != speaker


def _places(his: Sequence[Statement], mentions: Sequence[Entity]) -> list[tuple[int, int]]:
    """Where he is named; where his words are told that is often by his office, which is no mention in the entities."""
    sources = {(s.source.start, s.source.end) for s in his if s.source is not None}
    return sorted({(m.start, m.end) for m in mentions} | sources)


def _answered(title: int, his: Sequence[Statement], others: Sequence[Statement], mentions: Sequence[Entity]) -> bool:
    """Whether in the title, which has ``title`` characters, somebody else speaks of him, and he does not speak there:
    that answers him, in whatever words.
    """
    if any(s.start < title for s in his):
        return False
    told = [s for s in others if s.speaker is not None and s.start < title]
    return any(s.start <= m.start < s.end for s in told for m in mentions)


def names_but(speaker: str | None, entities: Iterable[Entity]) -> list[str]:
    """Wikidata ids, else folded words, of everything named but the speaker himself."""
    return sorted({e.id or fold(e.norm or e.text) for e in entities if e.id is None or e.id != speaker})


def _setting(his: Sequence[Statement]) -> Setting | None:
    """What his first statements say of the occasion: each field as it stands first."""
    found = [s.setting for s in sorted(his, key=lambda s: s.start) if s.setting and not s.setting.flashback]
    if not found:
        return None
    dated = next((s for s in found if s.date), None)
    return Setting(
        date=dated.date if dated else None,
        vague=dated.vague if dated else False,
        place=next((s.place for s in found if s.place), None),
        counterparts=next((s.counterparts for s in found if s.counterparts), []),
        medium=next((s.medium for s in found if s.medium), None),
        occasion=next((s.occasion for s in found if s.occasion), None),
    )
