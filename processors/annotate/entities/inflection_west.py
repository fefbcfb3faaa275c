"""Case forms of one word of a name, by rule: Polish, Czech, the articles of Bulgarian, the prefixes of Arabic.

As in ``inflection``, the rules go by endings and rather make a form too many. Country names that change in their stem
(``Niemcy``, ``Niemczech``) are listed. Diacritics may be right or not, they are folded away afterwards.
"""

from collections.abc import Iterable

_IRREGULAR_PL = {
    "niemcy": "niemiec niemczech niemcom niemcami",
    "włochy": "włoch włoszech włochom włochami",
    "węgry": "węgier węgrzech węgrom węgrami",
    "chiny": "chin chinach chinom chinami",
    "czechy": "czech czechach czechom czechami",
    "stany": "stanów stanach stanom stanami",
    "ateny": "aten atenach atenom atenami",
    "indie": "indii indiach indiom indiami",
    "filipiny": "filipin filipinach filipinom filipinami",
    "niderlandy": "niderlandów niderlandach niderlandom niderlandami",
    "emiraty": "emiratów emiratach emiratom emiratami",
    "narodów": "",
    "rzym": "rzymu rzymem rzymie rzymowi",
    "wiedeń": "wiednia wiedniu wiedniem wiedniowi",
    "gruzja": "gruzji gruzję gruzją",
    "dom": "domu domem domowi",
    "sąd": "sądu sądem sądzie sądowi",
    "izba": "izby izbie izbę izbą",
    "wschód": "wschodu wschodem wschodzie wschodowi",
    "dni": "",
}
_IRREGULAR_CS = {
    "státy": "států státům státech",
    "čechy": "čech čechám čechách čechami",
    "helsinky": "helsinek helsinkách helsinkám helsinkami",
    "atény": "atén aténách aténám aténami",
    "athény": "athén athénách athénám athénami",
    "emiráty": "emirátů emirátech emirátům",
    "filipíny": "filipín filipínách filipínám filipínami",
    "řím": "říma římě římem římu",
    "dům": "domu domem domě",
    "soud": "soudu soudem soudě",
    "dvůr": "dvora dvoru dvorem dvoře",
    "chán": "chána chánovi chánem cháne",
    "putin": "putina putinovi putinem putine",
    "brno": "brna brnu brnem brně",
}
_IRREGULAR_BG = {"съд": "съда съдът", "дом": "дома домът"}

# (ending, what follows the stem in the other cases); the first rule whose ending fits is applied
_PL: tuple[tuple[str, str], ...] = (
    ("ska", "ski sce skę ską skiej"),
    ("cka", "cki cce cką ckę ckiej"),
    ("ka", "ki ce kę ką kiej"),
    ("ga", "gi dze gę gą giej"),
    ("cha", "chy sze chę chą"),
    ("ia", "ii i ię ią iej"),
    ("ja", "ji ję ją"),
    ("la", "li lę lą"),
    ("ła", "ły le łę łą łej"),
    ("ra", "ry rze rę rą rej"),
    ("ta", "ty cie tę tą tej"),
    ("da", "dy dzie dę dą dej"),
    ("na", "ny nie nę ną nej"),
    ("wa", "wy wie wę wą wej"),
    ("za", "zy zie zę zą zej"),
    ("sa", "sy sie sę są"),
    ("ma", "my mie mę mą mej"),
    ("ba", "by bie bę bą"),
    ("pa", "py pie pę pą"),
    ("fa", "fy fie fę fą"),
    ("a", "y i ę ą ie ze ej"),
    ("ki", "kiego kiemu kim kich kimi"),
    ("gi", "giego giemu gim gich gimi"),
    ("ni", "nich nim nimi niego niemu"),
    ("i", "iego iemu im ich imi ego emu m"),
    ("y", "ego emu ym ych ymi om ami ach"),
    ("one", "onych onym onymi"),
    ("skie", "skich skim skimi skiego skiemu"),
    ("ie", "iego iemu im ich imi ii iach iom iami"),
    ("e", "ego emu ym ych ymi"),
    ("wo", "wa wu wem wie"),
    ("sko", "ska sku skiem"),
    ("no", "na nu nem nie"),
    ("o", "a u em ie"),
    ("ów", "owa owu owie owem owowi"),
    ("ek", "ka kowi kiem ku"),
    ("el", "la lowi lem lu elu elem elowi ela"),
    ("ec", "ca cowi cem cu ecu"),
    ("er", "era erowi erem erze"),
    ("k", "ka ku kiem kowi"),
    ("g", "ga gu giem gowi"),
    ("ł", "ła łu łem le łowi"),
    ("t", "ta tu tem cie towi"),
    ("d", "da du dem dzie dowi"),
    ("r", "ra ru rem rze rowi"),
    ("ń", "nia niu niem niowi ni nią"),
    ("ść", "ści ścią"),
    ("ć", "ci cią cia ciu ciem ciowi"),
    ("ś", "si sią sia siu siem siowi"),
    ("ż", "ża żu żem żowi ży żą"),
    ("ź", "zia ziu ziem ziowi zi zią"),
    ("l", "la lu lem lowi"),
)
_CS: tuple[tuple[str, str], ...] = (
    ("ská", "ské skou"),
    ("á", "é ou"),
    ("ka", "ky ce ku kou"),
    ("ha", "hy ze hu hou"),
    ("cha", "chy še chu chou"),
    ("ga", "gy ze gu gou"),
    ("ra", "ry ře ru rou"),
    ("la", "ly le lu lou"),
    ("da", "dy dě du dou"),
    ("a", "y ě e u ou ovi"),
    ("ie", "ii ií i iemi"),
    ("ké", "kých kým kými kého kému"),
    ("né", "ných ným nými ného nému"),
    ("é", "ého ému ém ých ým ými"),
    ("e", "i í"),
    ("skyj", "ského skému ským ském"),
    ("ckyj", "ckého ckému ckým ckém"),
    ("sky", "ského skému ským ském"),
    ("cky", "ckého ckému ckým ckém"),
    ("ský", "ského skému ským ském"),
    ("ký", "kého kému kým kém"),
    ("ný", "ného nému ným ném"),
    ("ý", "ého ému ým ém"),
    ("í", "ího ímu ím m"),
    ("sko", "ska sku skem"),
    ("cko", "cka cku ckem"),
    ("o", "a u em ě ovi"),
    ("ek", "ku kem ka kovi eku ekem eka"),
    ("ec", "ce ci cem"),
    ("el", "elu elem ela elovi lu lem"),
    ("š", "še ši šem"),
    ("ž", "že ži žem"),
    ("ř", "ře ři řem"),
    ("ň", "ně ni ní"),
    ("y", "ů ům ech ami ách ám"),
    ("i", "ů ům ech ho mu m"),
)
_BG: tuple[tuple[str, str], ...] = (
    ("ски", "ския ският ско ска ските"),
    ("ка", "ката"),
    ("на", "ната"),
    ("ия", "ията"),
    ("ство", "ството"),
)


def polish(word: str, *, person: bool, feminine: bool) -> Iterable[str]:
    if word in _IRREGULAR_PL:
        return _IRREGULAR_PL[word].split()
    if person and ((feminine and not word.endswith("a")) or word[-1] in "uéó"):
        return ()
    out = by_rule(word, _PL) or [word + case for case in ("a", "u", "owi", "em", "ie", "iem")]
    return [*out, word + "ego", word + "emu"] if person and word[-1] in "ey" else out


def czech(word: str, *, person: bool, feminine: bool) -> Iterable[str]:
    """A woman's surname takes -ová in Czech texts whatever she calls herself."""
    if word in _IRREGULAR_CS:
        return _IRREGULAR_CS[word].split()
    if person and feminine and word[-1] not in "aáeiou":
        return [word + "ová", word + "ové", word + "ovou"]
    return by_rule(word, _CS) or [word + case for case in ("a", "u", "ovi", "em", "e", "ě", "i")]


def bulgarian(word: str, *, person: bool, feminine: bool) -> Iterable[str]:  # noqa: ARG001
    """Only the article changes: a name of a person takes none."""
    if word in _IRREGULAR_BG:
        return _IRREGULAR_BG[word].split()
    return () if person else by_rule(word, _BG)


def arabic(word: str, *, person: bool, feminine: bool) -> Iterable[str]:  # noqa: ARG001
    """Conjunctions and prepositions of one letter are written together with the word; with the article, li- merges."""
    out = [prefix + word for prefix in ("و", "ب", "ل", "ف", "ك", "وب", "ول")]
    return [*out, "لل" + word[2:], "ولل" + word[2:]] if word.startswith("ال") else out


def by_rule(word: str, rules: tuple[tuple[str, str], ...]) -> list[str]:
    """The forms of a word by the first rule whose ending it has."""
    for ending, others in rules:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            return [stem + other for other in others.split(" ")]
    return []
