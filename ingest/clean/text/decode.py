"""From bytes to characters: byte order mark, UTF-8 where it fits, what is declared, and detection where nothing is.

Declarations lie, valid UTF-8 with letters beyond ASCII does not: a text of another encoding hardly ever is valid UTF-8.
"""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*(?:["']\s*)?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""", re.IGNORECASE)
_HEAD_BYTES = 8192
# What is not closed goes to the end of the page, or to the next tag: no place is looked at twice.
_TAGS = re.compile(rb"<(?:script|style)\b.*?(?:</(?:script|style)>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_TEXT_TAGS = re.compile(r"<[^<>]*>")
_SAMPLE_BYTES = 40_000

# https://encoding.spec.whatwg.org/#names-and-labels: pages that say the left mean the right.
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874", "iso8859-11": "cp874",
}  # fmt: skip
_CYRILLIC = ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic")
# Letters beyond ASCII of the languages that an encoding is for: German, French, Spanish, Italian, Portuguese, Swedish;
# Turkish; Polish, Czech, Hungarian, Romanian.
_LATIN = {
    "cp1252": ("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü¿¡", "àèéìíîòóùú", "áâãàçéêíóôõú", "åäöéø"),
    "cp1254": ("çğıöşüâîûi̇",),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţșț"),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţșț"),
}
_OTHERS = ("cp1252", "cp1253", "cp1255", "cp1256", "gb18030", "cp932", "cp949", "big5")
# Broken bytes in a page that is UTF-8 but for a truncated or pasted place.
_BROKEN_SHARE = 0.02
# A part that came in another encoding (adverts, teasers of a partner) spoils no page: so many whole characters of
# several bytes for each broken one are in no other encoding by chance.
_VALID_FOR_BROKEN = 3
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a page. ``charset`` is that of the HTTP header. Never fails: at worst a few U+FFFD stay in."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, errors="replace")
    declared = [name for name in (_codec(charset), *_in_page(body)) if name]
    if declared and declared[0].startswith(("utf-16", "utf-32", "iso2022")):
        return body.decode(declared[0], errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in declared:
        if name == "utf-8":
            continue
        try:
            text = body.decode(name)
        except UnicodeDecodeError:
            continue
        if _plausible(text):
            return text
    loose = body.decode("utf-8", errors="replace")
    beyond = sum(byte > 127 for byte in body)
    broken = loose.count("\ufffd")
    if broken <= _BROKEN_SHARE * max(beyond, 50) or _VALID_FOR_BROKEN * broken <= len(_SEQUENCE.findall(body)):
        return loose
    return body.decode(_detect(body), errors="replace")


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name)


def _in_page(body: bytes) -> list[str | None]:
    head = body[:_HEAD_BYTES]
    return [_codec(found[1].decode("ascii")) for found in (_META.search(head), _XML.search(head)) if found]


def _plausible(text: str) -> bool:
    """Cyrillic in a wrong Cyrillic encoding has its cases turned round or stands in rare letters; read as Latin it has
    hardly a letter without an accent.
    """
    letters = [c for c in text if "\u0400" <= c <= "\u04ff"]
    if len(letters) < 40:
        shown = _TEXT_TAGS.sub(" ", text[: 4 * _SAMPLE_BYTES])
        accented = sum("\u00c0" <= c <= "\u00ff" for c in shown)
        plain = sum(c.isascii() and c.isalpha() for c in shown)
        return not _has_controls(text) and (accented < 40 or accented < plain)
    common = sum("\u0430" <= c <= "\u044f" or c in "ёіїєґў" for c in letters)
    return common > 0.6 * len(letters)


def _has_controls(text: str) -> bool:
    controls = sum(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f" for c in text[:_SAMPLE_BYTES])
    return controls > 20


def _detect(body: bytes) -> str:
    sample = b" ".join(_TAGS.sub(b" ", body).split())[:_SAMPLE_BYTES]
    beyond = sum(byte > 127 for byte in sample)
    if beyond > 0.3 * len(sample):
        # Mostly letters beyond ASCII, one byte each: Cyrillic (Greek and others are left to the library).
        scores = {name: _cyrillic_score(sample, name) for name in _CYRILLIC}
        best = max(scores, key=lambda name: (scores[name], -_CYRILLIC.index(name)))
        if scores[best] > 0.8:
            return best
    latin = {name: _latin_score(sample, name) for name in _LATIN}
    likely = max(latin, key=lambda name: latin[name])
    if beyond <= 0.3 * len(sample) and latin[likely] > 0.85:
        return likely
    found = from_bytes(sample, cp_isolation=[*_OTHERS, *_CYRILLIC, *_LATIN]).best()
    return found.encoding if found is not None else "cp1252"


def _latin_score(sample: bytes, name: str) -> float:
    """Share of the letters beyond ASCII that are letters of one language that the encoding is for."""
    letters = [
        c for c in sample.decode(name, errors="replace").lower() if c > "\x7f" and (c.isalpha() or c == "\ufffd")
    ]
    return max(sum(c in language for c in letters) for language in _LATIN[name]) / len(letters) if letters else 0.0


def _cyrillic_score(sample: bytes, name: str) -> float:
    """Share of the letters beyond ASCII that are small Russian or Ukrainian letters, or capitals that begin a word."""
    text = sample.decode(name, errors="replace")
    beyond = good = 0
    before = " "
    for character in text:
        if character > "\x7f" and character not in "«»—–„“”…№\xa0":
            beyond += 1
            small = "а" <= character <= "я" or character in "ёіїєґў"
            capital = ("А" <= character <= "Я" or character in "ЁІЇЄҐЎ") and not before.isalpha()
            good += small or capital
        before = character
    return good / beyond if beyond else 0.0
