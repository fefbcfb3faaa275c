"""Where commands print: Rich's console, on which foreign text can neither move the cursor nor change colours."""

from typing import Any

from rich.console import Console
from rich.text import Text

from runtime.visible import visible


class Out(Console):
    """All text comes through ``render_str``, cells of tables too. Markup is ours: foreign text is escaped before."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)


def out(*, stderr: bool = False) -> Out:
    return Out(stderr=stderr, highlight=False)
