"""The ending of a possessive in English: "the minister's"."""

POSSESSIVE = ("'s", "’s")


def without_possessive(text: str) -> str:
    """A name or word without the ending, where it has it: "Lavrov's" is "Lavrov"."""
    return text[:-2] if text.endswith(POSSESSIVE) else text
