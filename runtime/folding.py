"""Letters and digits alone: by these lines of a page and names of agencies are compared."""

import re


def fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
