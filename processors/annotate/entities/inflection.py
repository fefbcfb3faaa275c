"""Case forms of one word of a name, by rule: Russian, Ukrainian, and the German genitive here; the others in
``inflection_west``.

The rules go by endings and make too many forms rather than too few (``Киев`` gives ``Киевом`` and ``Киевым``): a form
that no text uses matches nothing. Names whose stem changes in another way are listed in ``_IRREGULAR``. A dictionary
(pymorphy2) would know Russian better, but has no Ukrainian, few foreign surnames, and takes longer to load than all
else here together.
"""

from collections.abc import Callable, Iterable

from processors.annotate.entities import inflection_west

_IRREGULAR_RU = {
    "лев": ("льва", "льву", "львом", "льве"),
    "павел": ("павла", "павлу", "павлом", "павле"),
    "египет": ("египта", "египту", "египтом", "египте"),
    "гавайи": ("гавайев", "гавайям", "гавайями", "гавайях"),
    "нью": (),
    "мид": (),
    "бразилиа": (),  # else its forms are those of Бразилия, the country
    "кито": (),  # else Кита, Китом: the whale
}
_IRREGULAR_UK = {
    "лев": ("лева", "леву", "левом", "леві", "левові"),
    "схід": ("сходу", "сходом", "сході"),
    "ріг": ("рогу", "рогом", "розі"),
    "єгипет": ("єгипту", "єгиптові", "єгиптом", "єгипті"),
    "відень": ("відня", "відню", "відневі", "віднем", "відні"),
    "кишинів": ("кишинева", "кишиневу", "кишиневом", "кишиневі"),
    "дакка": ("дакки", "дакку", "даккою", "дацці"),
    "крим": ("криму", "кримом", "криму", "кримові"),
    "мзс": (),
    "кіто": (),
}
_UK_BEFORE_I = {"г": "з", "к": "ц", "х": "с"}
_CONSONANTS = "бвгґджзклмнпрстфхцчшщ"

# (ending, what follows the stem in the other cases); the first rule whose ending fits is applied
_RU: tuple[tuple[str, str], ...] = (
    ("оа", "оа"),
    ("уа", "уа"),
    ("ий", "ого ому ым им ом его ему ем ия ию ием ии"),
    ("ый", "ого ому ым ом"),
    ("ой", "ого ому ым ом оя ою оем ое"),
    ("ая", "ой ую ою ей"),
    ("яя", "ей юю"),
    ("ое", "ого ому ым ом"),
    ("ее", "его ему им ем"),
    ("ые", "ых ым ыми"),
    ("ие", "их им ими ия ию ием ии"),
    ("ия", "ии ию ией иею ий иям иях иями"),
    ("ья", "ьи ье ью ьей"),
    ("я", "и е ю ей"),
    ("а", "ы и е у ой ей ою"),
    ("ье", "ья ью ьем"),
    ("море", "моря морю морем"),
    ("ы", " ов ам ами ах"),
    ("ь", "я ю ем е и ью"),
    ("ай", "ая аю аем ае"),
    ("ей", "ея ею еем ее"),
    ("уй", "уя ую уем уе"),
)
_UK: tuple[tuple[str, str], ...] = (
    ("оа", "оа"),
    ("уа", "уа"),
    ("ий", "ого ому им ім ія ію ієм ії"),
    ("ій", "ього ьому ім ія ію ієм ії ієві"),
    ("а", "и і у ою ею ої ій"),
    ("ія", "ії ію ією ій іям іях"),
    ("ея", "еї ею еєю"),
    ("я", "і ю ею єю ям"),
    ("море", "моря морю морем морі"),
    ("е", "ого ому им ім"),
    ("і", "их им ими"),
    ("и", " ів ам ами ах"),
    ("ь", "я ю ем і еві"),
    ("ай", "ая аю аєм аї аєві"),
    ("ей", "ея ею еєм еї еєві"),
    ("ой", "оя ою оєм ої оєві"),
    ("ів", "ова ову овом ові"),
    ("їв", "єва єву євом єві"),
)


def forms(word: str, lang: str, *, person: bool = False, feminine: bool = False) -> frozenset[str]:
    """Case forms of a lower-case ``word`` of a name in ``lang``, itself included; not to be asked of an acronym.

    ``person``: a given name or surname; those in -о are not declined, nor is a woman's that ends in a consonant.
    """
    west = _WEST.get(lang)
    if west is not None and len(word) > 2:
        return frozenset((word, *west(word, person=person, feminine=feminine)))
    declined = _DECLENSIONS.get(lang)
    if declined is None or len(word) < 3:
        return frozenset((word,))
    if person and (word[-1] in "оеєуюиі" or (feminine and word[-1] in _CONSONANTS + "ьй")):
        return frozenset((word,))
    return frozenset((word, *declined(word)))


def _russian(word: str) -> Iterable[str]:
    if word in _IRREGULAR_RU:
        return _IRREGULAR_RU[word]
    out = inflection_west.by_rule(word, _RU)
    if out:
        return out
    if word[-1] in _CONSONANTS:
        out += [word + case for case in ("а", "у", "ом", "ем", "е", "ым")]
    elif word[-1] == "о":
        out += [word[:-1] + case for case in ("а", "у", "ом", "е")]
    return out


def _ukrainian(word: str) -> Iterable[str]:
    if word in _IRREGULAR_UK:
        return _IRREGULAR_UK[word]
    out = inflection_west.by_rule(word, _UK)
    if word.endswith("а") and word[-2] in _UK_BEFORE_I:
        out.append(word[:-2] + _UK_BEFORE_I[word[-2]] + "і")
    elif word.endswith("ь") and len(word) > 2:
        # "Казанню": the consonant is doubled.
        out.append(word[:-1] + word[-2] + "ю")
    if not out and word[-1] in _CONSONANTS:
        out += [word + case for case in ("а", "у", "ом", "ем", "і", "ові", "еві", "им")]
    elif word[-1] == "о":
        out += [word[:-1] + case for case in ("а", "у", "ом", "і", "ові")]
    return out


def _german(word: str) -> Iterable[str]:
    return () if word[-1] in "sßxz" else (word + "s",)


_DECLENSIONS: dict[str, Callable[[str], Iterable[str]]] = {"ru": _russian, "uk": _ukrainian, "de": _german}
_WEST = {
    "pl": inflection_west.polish,
    "cs": inflection_west.czech,
    "bg": inflection_west.bulgarian,
    "ar": inflection_west.arabic,
}
INFLECTED = frozenset((*_DECLENSIONS, *_WEST))
"""Languages whose words have forms."""
