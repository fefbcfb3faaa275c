"""Whether two names of broadcasters or papers mean one, across scripts: by their consonants."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from processors.annotate.features import fold

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюяіїєґ"
_LATIN = str.maketrans(_CYRILLIC, "abvgdeezziiklmnoprstufhccssieuaiieg", "ьъ’'")
_ALIKE = (("sch", "s"), ("sh", "s"), ("sz", "s"), ("zh", "z"), ("kh", "h"), ("ch", "c"), ("cz", "c"), ("ph", "f"),
          ("ck", "k"), ("q", "k"), ("w", "v"), ("j", "i"), ("x", "ks"), ("ts", "c"), ("tz", "c"))  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiouyı")
_GENERIC = frozenset(
    {"tv", "channel", "television", "radio", "the", "newspaper", "daily", "magazine", "телеканал", "тв"}
)

_KEY = 4
_SHORTEST_KEY = 3
_SHORTEST_INITIALS = 3


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """Consonants of a name in Latin letters, doubled ones once, words for the kind of medium left out."""
    kept = [word for word in fold(name).split() if word not in _GENERIC] or fold(name).split()
    # "Khaleej", «Халидж»: the sound is a letter that German and Slavic names have for a vowel, so it is left out.
    latin = "".join(kept).replace("дж", "").translate(_LATIN)
    for written, read in _ALIKE:
        latin = latin.replace(written, read)
    bones = [c for c in latin.translate(_VOWELS) if c.isalnum()]
    return "".join(c for i, c in enumerate(bones) if i == 0 or bones[i - 1] != c)


@lru_cache(maxsize=65536)
def is_id(name: str | None) -> bool:
    """Whether somebody is known by a Wikidata id, not by a name alone."""
    return name is not None and name[:1] == "Q" and name[1:].isdigit()


def name_key(name: str) -> str:
    """What an unidentified name is compared by: the first consonants of its last word, so that spellings, endings and
    scripts meet; identified names (Wikidata ids), and words with too few consonants to tell, stay as they are.
    """
    if is_id(name):
        return name
    bones = skeleton(name.rsplit(maxsplit=1)[-1]) if name.split() else ""
    return f"~{bones[:_KEY]}" if len(bones) >= _SHORTEST_KEY else name


def is_key(name: str) -> bool:
    """Whether it is what ``name_key`` made of a name, not a name."""
    return name.startswith("~")


def _initials(name: str) -> str:
    """The first letters, in Latin script, of a name of three words or more."""
    found = [word for word in fold(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in found).translate(_LATIN) if len(found) >= _SHORTEST_INITIALS else ""


@lru_cache(maxsize=65536)
def same_medium(one: str, other: str) -> bool:
    """Equal ids, names or consonants, or a name and its initials; a longer name may go on where a shorter ends."""
    if one == other:
        return True
    if any(a.isupper() and fold(a).translate(_LATIN) == _initials(b) for a, b in ((one, other), (other, one))):
        return True
    short, long = sorted((skeleton(one), skeleton(other)), key=len)
    return bool(short) and (short == long or (len(short) >= 3 and long.startswith(short)))


class Namesakes:
    """Which outlets a medium may be. Each pair is compared once, so that a story's outlets need not be gone through."""

    def __init__(self) -> None:
        # Outlets are never taken out: a story is asked for those that it has.
        self._outlets: dict[str, str] = {}
        """With the consonants of each."""
        self._known: dict[str, tuple[int, set[str]]] = {}

    def add(self, outlet: str) -> None:
        if outlet not in self._outlets:
            self._outlets[outlet] = skeleton(outlet)

    def of(self, media: Iterable[str]) -> frozenset[str]:
        """The outlets added so far that are one of these media."""
        found: set[str] = set()
        for medium in media:
            compared, same = self._known.get(medium, (0, set()))
            if compared < len(self._outlets):
                same.update(o for o in self._likely(medium, compared) if same_medium(o, medium))
                self._known[medium] = len(self._outlets), same
            found |= same
        return frozenset(found)

    def _likely(self, medium: str, first: int) -> Iterator[str]:
        """Of the outlets from a place on those that may be the medium: most are told apart by their consonants."""
        bones, capitals = skeleton(medium), medium.isupper()
        for outlet, theirs in islice(self._outlets.items(), first, None):
            if capitals or theirs.startswith(bones) or bones.startswith(theirs) or outlet.isupper():
                yield outlet
