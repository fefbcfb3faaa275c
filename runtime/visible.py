"""Foreign text on a terminal or in a log line: what would move the cursor, colour, or turn the line round is shown."""

import re
from collections.abc import MutableMapping
from typing import Any

# C0 and C1 controls but tab and line feed, DEL, line and paragraph separators, marks that turn the direction of
# writing, and halves of surrogate pairs, which no terminal's encoding can say.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""The text with such characters as Python writes them (``\\x1b``); anything else is left as it is."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def one_line(text: str) -> str:
    """As ``visible``, and what could begin a line of its own is shown, too."""
    return visible(text).replace("\n", "\\n")


def in_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog's processor: no value of an event can make a second line of it."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = one_line(value)
    return event
