"""A speaker's name as it stands by itself: an article that has it in another case only («по словам Лаврова», "Trumps
Rede") means Лавров and Trump.
"""

import functools

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
        return name if entry is None else _own_name(name, entry, lang) or name
    for entry in gazetteer.unlinked:
        known = _form_of(name, entry, lang)
        if known is not None:
            return known
    return agreeing_nominative(name) if lang == "ru" else name


def _own_name(name: str, entry: Entry, lang: str | None) -> str | None:
    own = [one for one in entry.names if one.lang == lang]
    known = _form_of(name, entry, lang)
    if known is not None or not own or entry.type != "PER":
        return known
    if name.rsplit(maxsplit=1)[-1] in {one.text.rsplit(maxsplit=1)[-1] for one in own}:  # Сергей Викторович Лавров
        return None
    return next((one.text for one in own if one.reach == "full"), None)


def _form_of(name: str, entry: Entry, lang: str | None) -> str | None:
    """The entry's name, in the language, that has ``name`` among its case forms; another spelling of it stays."""
    own = [one for one in entry.names if one.lang == lang and _begin_alike(one, name)]
    written = _folded(name)
    if any(_folded(one.text) == written for one in own):
        return name
    return next((one.text for one in own if any(_folded(form) == written for form in surface_forms(one, entry))), None)


def _begin_alike(one: Name, name: str) -> bool:
    return fold(one.text[:_ALIKE]) == fold(name[:_ALIKE])


def _folded(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in WORD.findall(name))
