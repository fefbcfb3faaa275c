"""Where commands print: Rich's console, on which foreign text can neither move the cursor nor change colours."""

import json
import re
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from runtime.visible import visible

_SURROGATE = re.compile("[\ud800-\udfff]")


class Out(Console):
    """All text comes through ``render_str``, cells of tables too. Markup is ours: foreign text is escaped before."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


def out(*, stderr: bool = False, width: int | None = None) -> Out:
    # No emoji: of `a.jsonl:100: is no JSON` it would make a picture of a hundred.
    return Out(stderr=stderr, highlight=False, emoji=False, width=width)


def json_line(value: Any) -> str:
    """A value of foreign text as one line of JSON: on a terminal in ASCII, where nothing moves the cursor or turns the
    line round; elsewhere as it is, but for halves of surrogate pairs, which no encoding can say.
    """
    text = json.dumps(value, ensure_ascii=sys.stdout.isatty())
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
