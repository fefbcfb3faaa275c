"""What somebody named says within another's words ("The paper wrote that Lavrov had said that X"); both are kept."""

from msgspec.structs import replace

from processors.annotate.statements.attribution.cues import find_cues
from processors.annotate.statements.content.find import find_contents
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.people.mentions import LATTER, Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.parts import Content
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.tokens import Token

# A bound on the work: characters of a quotation in which other speakers are looked for.
_LONG_QUOTE = 4000
_PEOPLE = ("person", "role")


def add_nested(row: Row, content: Content, holder: Person | None, discourse: Discourse) -> None:
    """Notes what others say in what ``holder`` (None: something that has no name) says, in his words and in what he
    quotes.
    """
    first, last = content.first, content.last
    tokens = row.tokens[first:last]
    inside = [
        replace(m, first=m.first - first, last=m.last - first)
        for m in row.mentions if first <= m.first and m.last <= last
    ]  # fmt: skip
    account = holder is None or holder.kind in ("org", "noun")
    _add(row.number, tokens, inside, holder, discourse, own=content.cue.first - first, account=account)
    for token in tokens:
        if token.kind == "q" and token.end - token.start <= _LONG_QUOTE:
            for words, mentions in discourse.article.inside(token):
                _add(row.number, words, mentions, holder, discourse, account=account, quoted=True)


def _add(
    number: int, tokens: list[Token], mentions: list[Mention], holder: Person | None, discourse: Discourse, *,
    own: int = -1, account: bool = False, quoted: bool = False,
) -> None:  # fmt: skip
    """``own``: where the holder's own cue stands, if it is inserted in his words; ``account``: an institution tells,
    ``quoted``: word for word, so that a pronoun means nobody of the article.
    """
    if not any(m.kind in (*_PEOPLE, "org") or (account and m.kind == "pronoun") for m in mentions):
        return
    lexicon = discourse.article.lexicon
    cues = [cue for cue in find_cues(tokens, mentions, lexicon) if cue.first != own]
    for content in find_contents(tokens, cues, lexicon)[0]:
        source = content.cue.source
        if source is None or (source.kind == "pronoun" and (quoted or source.number == "n")):
            continue
        if source.name == LATTER:
            # «прокомментировал статью министра, в которой тот объявил, что …»: who was named last.
            source = next((m for m in reversed(mentions) if m.last <= source.first and m.kind in _PEOPLE), source)
        person = _within(source, discourse, account=account, claim=content.cue.base == CLAIM)
        if (
            holder is None
            and source.kind != "pronoun"
            and (not lexicon.cases or person is not discourse.speakers.focus)
        ):
            # «Сообщили, что министр повторил …», but "A card claims that Lavrov proposed …" is nobody's report.
            continue
        if person is not holder and person is not None and person.id is not None:
            discourse.add(number, tokens, content.first, content.last, person, content.cue, nested=True)


def _within(source: Mention, discourse: Discourse, *, account: bool, claim: bool) -> Person | None:
    """Who speaks in another's words; in an institution's ``account`` of talks also "he" and "the Russian side", and
    with a noun of speech (``claim``) "a warning from Moscow that".
    """
    speakers = discourse.speakers
    if source.kind in _PEOPLE or (account and source.kind == "pronoun"):
        return speakers.see(source)
    return speakers.speaks_for(source, claim=claim) if claim or (account and source.office is not None) else None
