"""Words around a name that tell that it is another's: New before Mexico, Post after Washington, Atlanta anywhere.

The rules are data (``data/gazetteer/context.tsv``): for an entry, words that must not stand right before or right after
the name, and words that must not occur in the article. They only ever take a link away.
"""

import dataclasses

from processors.annotate.entities import tables
from processors.annotate.entities.folding import fold


@dataclasses.dataclass(frozen=True, slots=True)
class Veto:
    """Folded words. ``name_like``: the name is a given name too, so that a capitalised unknown word after it vetoes;
    ``initial``: at the beginning of a sentence the word is more likely another (Russian «Того», «Газа»).
    """

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    article: frozenset[str] = frozenset()
    name_like: bool = False
    initial: bool = False


def vetoes() -> dict[str, Veto]:
    """Rules by Wikidata id, of the package's own table. An id of ``*`` holds for every place."""
    out: dict[str, Veto] = {}
    for row in tables.rows(tables.folder() / "context.tsv"):
        flags = row["flags"].split()
        out[row["id"]] = Veto(
            before=_folded(row["before"]),
            after=_folded(row["after"]),
            article=_folded(row["article"]),
            name_like="name-like" in flags,
            initial="initial" in flags,
        )
    return out


def lines(name: str) -> list[str]:
    """Lines of ``data/gazetteer/<name>.txt``; those that begin with ``#`` are comments."""
    text = (tables.folder() / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def word_list(name: str) -> frozenset[str]:
    """Folded words of ``data/gazetteer/<name>.txt``."""
    return _folded(" ".join(lines(name)))


def _folded(cell: str) -> frozenset[str]:
    return frozenset(fold(word) for word in cell.split())
