"""Speech that a dash opens: «— Это ответ. Не с нас началось, — сказал он»."""

from collections.abc import Mapping, Sequence

from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.found import Content
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.tokens import DASHES

# So many sentences of one paragraph at most.
_REACH = 12


def speech_so_far(
    row: Row, contents: Sequence[Content], whom: Mapping[int, Person | None], discourse: Discourse
) -> None:
    """Notes the sentences of a paragraph that begins with a dash, before the one that tells behind another dash whose
    they are, as spoken; not where something is told of them already.
    """
    content = contents[0] if contents else None
    if content is None or content.cue.first < content.last:
        return
    if not any(t.text in DASHES for t in row.tokens[content.last : content.cue.first]):
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
