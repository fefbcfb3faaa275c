"""Speech that a dash opens: «— Это ответ. Не с нас началось, — сказал он. — Подождем», « — Attendons, dit-il. »."""

from collections.abc import Mapping, Sequence

from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.parts import Content
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.tokens import DASHES, Token

# So many sentences of one paragraph at most.
_REACH = 12


def speech_so_far(
    row: Row, contents: Sequence[Content], whom: Mapping[int, Person | None], discourse: Discourse
) -> None:
    """Notes the sentences of a paragraph that begins with a dash, before the one that tells behind another dash whose
    they are, as spoken; not where something is told of them already.
    """
    content = contents[0] if contents else None
    if content is None or not _told_behind(row.tokens, content, discourse.article.lexicon):
        return
    article, first = discourse.article, row.number
    while first > max(0, row.number - _REACH) and article.same_paragraph(first - 1, row.number):
        first -= 1
    opening = article.rows[first].tokens
    person = whom[content.cue.first]
    if person is None or not opening or opening[0].text not in DASHES:
        return
    latest = discourse.drafts[-_REACH:]
    for draft in latest:
        draft.spoken = draft.spoken or draft.sentence == row.number
    if any(first <= draft.sentence < row.number for draft in latest):
        return
    for number in range(first, row.number):
        discourse.add_row(article.rows[number], person)
        discourse.drafts[-1].spoken = True


def speech_going_on(discourse: Discourse) -> None:
    """Notes as spoken what the speaker goes on to say behind the attribution, in the same paragraph: «…, — сказал он.
    — Подождем».
    """
    last: Draft | None = None
    for draft in sorted(discourse.drafts, key=lambda d: d.start):
        if draft.spoken:
            last = draft
        elif last is not None and draft.cue is None and draft.speaker is last.speaker:
            draft.spoken = discourse.article.same_paragraph(last.sentence, draft.sentence)


def _told_behind(tokens: list[Token], content: Content, lexicon: Lexicon) -> bool:
    """Whether an attribution behind the first words of a sentence, or inserted in them, shows that they are spoken: by
    a dash before it, or where speech has one at its beginning only, by its verb before its subject.
    """
    cue = content.cue
    begin = cue.first if cue.source is None else min(cue.first, cue.source.first)
    if content.first < begin < content.last:
        return tokens[begin - 1].text in DASHES
    if cue.first < content.last:
        return False
    between = tokens[content.last : cue.first]
    inverted = lexicon.dash_speech and cue.source is not None and cue.last <= cue.source.first
    return any(t.text in DASHES for t in between) or (inverted and any(t.text == "," for t in between))
