"""A speaker's name as it stands by itself: an article that has it in another case only («по словам Лаврова», "Trumps
Rede") means Лавров and Trump.
"""

import functools
from collections.abc import Mapping, Sequence

from processors.annotate.entities.entry import Entry, Name
from processors.annotate.entities.folding import WORD, fold
from processors.annotate.entities.gazetteer import Gazetteer
from processors.annotate.entities.index import surface_forms
from processors.annotate.entities.nominative import agreeing_nominative

_ALIKE = 2


@functools.lru_cache(maxsize=4096)
def named_alone(name: str, qid: str | None, lang: str | None, gazetteer: Gazetteer) -> str:
    """``name`` in the nominative. ``qid``: of whom it means; known people and things are called as the gazetteer has
    them in ``lang``, and so are those without an id that have one name; others, in Russian, by a dictionary.
    """
    if qid is not None:
        entry = gazetteer.by_id(qid)
        return name if entry is None else _own_name(name, entry, lang)
    known = _form_of(name, _unlinked(gazetteer).get((lang, _begins(name)), ()))
    if known is None and lang == "ru":
        return agreeing_nominative(name)
    return known or name


def _own_name(name: str, entry: Entry, lang: str | None) -> str:
    own = [one for one in entry.names if one.lang == lang]
    known = _form_of(name, [(one, entry) for one in own if _begins(one.text) == _begins(name)])
    if known is not None or not own or entry.type != "PER":
        return known or name
    if name.rsplit(maxsplit=1)[-1] in {one.text.rsplit(maxsplit=1)[-1] for one in own}:  # Сергей Викторович Лавров
        return name
    return next((one.text for one in own if one.reach == "full"), name)


def _form_of(name: str, names: Sequence[tuple[Name, Entry]]) -> str | None:
    """The one of the ``names`` that has ``name`` among its case forms; another spelling of it stays."""
    written = _folded(name)
    if any(_folded(one.text) == written for one, _ in names):
        return name
    return next((one.text for one, entry in names if written in _forms(one, entry)), None)


@functools.cache
def _unlinked(gazetteer: Gazetteer) -> Mapping[tuple[str | None, str], list[tuple[Name, Entry]]]:
    """Names of the entries without an id, by language and beginning."""
    found: dict[tuple[str | None, str], list[tuple[Name, Entry]]] = {}
    for entry in gazetteer.unlinked:
        for name in entry.names:
            found.setdefault((name.lang, _begins(name.text)), []).append((name, entry))
    return found


def _begins(name: str) -> str:
    return fold(name[:_ALIKE])


@functools.lru_cache(maxsize=4096)
def _forms(name: Name, entry: Entry) -> frozenset[tuple[str, ...]]:
    return frozenset(map(_folded, surface_forms(name, entry)))


def _folded(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in WORD.findall(name))
