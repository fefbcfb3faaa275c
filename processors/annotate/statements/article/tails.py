"""Where an article ends and the page goes on: links, tags, comments, other articles."""

from processors.annotate.statements.language.lexicon import Lexicon

_MAX_MARK = 48


def body_end(text: str, lexicon: Lexicon) -> int:
    """Offset of the first line that begins with a tail marker, if it stands behind the first third of the text.

    A marker that opens a line ends the article only where the line is short or the marker has a colon behind it.
    """
    begin = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line.strip().casefold()
        if number > 1 and bare and _marked(bare, lexicon):
            return begin
        begin += len(line) + 1
    return len(text)


def _marked(bare: str, lexicon: Lexicon) -> bool:
    words = bare.replace(":", " : ").replace(";", " ; ").replace("\u00a0", " ").split()
    if not words:
        return False
    length = lexicon.phrase_at("tails", words, 0)
    if not length:
        return False
    return len(bare) <= _MAX_MARK or (length < len(words) and words[length] in (":", ";"))
