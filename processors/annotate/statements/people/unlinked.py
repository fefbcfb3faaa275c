"""Names that no capital shows and no gazetteer has: known by the role they stand beside, or by their full form.

"وزير الخارجية الروسي سيرغي لافروف" names the holder of an office; the surname alone then means him, with the prefixes
that Arabic writes together with it.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.text.tokens import Token

_MAX_NAME = 3
_MIN_LETTERS = 4
_PREFIXES = "وفلبك"


def with_names(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Roles extended by the words behind them that can be a name."""
    starts = {m.first for m in mentions}
    found: list[Mention] = []
    for mention in mentions:
        last = mention.last
        if mention.kind == "role" and mention.office not in ("other", "minister") and mention.places:
            while (
                last < len(tokens) and last - mention.last < _MAX_NAME and last not in starts
                and tokens[last].kind == "w" and lexicon.may_be_noun(tokens[last].low)
            ):  # fmt: skip
                last += 1
        name = " ".join(t.text for t in tokens[mention.last : last]) or mention.name
        found.append(replace(mention, last=last, end=tokens[last - 1].end, name=name))
    return found


def with_known(tokens: list[Token], mentions: list[Mention], names: Mapping[str, Person]) -> list[Mention]:
    """Adds the surnames of ``names`` (as written behind a role elsewhere in the article)."""
    taken = {i for m in mentions for i in range(m.first, m.last)}
    found = list(mentions)
    for i, token in enumerate(tokens):
        if i in taken or token.kind != "w":
            continue
        bare = token.low[1:] if token.low[0] in _PREFIXES else token.low
        person = names.get(token.low) or names.get(bare)
        if person is not None and len(bare) >= _MIN_LETTERS:
            found.append(
                Mention(i, i + 1, token.start, token.end, token.text, "person", id=person.id, name=person.name)
            )
    return sorted(found, key=lambda m: m.first)


def surnames_of(rows: Iterable[Iterable[Mention]]) -> frozenset[str]:
    """Last words of the full names of an article's strangers."""
    return frozenset(
        words[-1]
        for mentions in rows
        for m in mentions
        if m.kind == "name" and m.name and len(words := m.name.split()) > 1 and len(words[-1]) >= _MIN_LETTERS
    )


def with_surnames(tokens: list[Token], mentions: list[Mention], surnames: frozenset[str]) -> list[Mention]:
    """German, where every noun has a capital: the surname alone of whom the article names in full elsewhere."""
    taken = {i for m in mentions for i in range(m.first, m.last)}
    found = [
        Mention(i, i + 1, token.start, token.end, token.text, "name", name=token.text)
        for i, token in enumerate(tokens)
        if i not in taken and token.text in surnames
    ]
    return sorted([*mentions, *found], key=lambda m: m.first) if found else mentions
