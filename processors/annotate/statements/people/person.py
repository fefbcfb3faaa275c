"""A speaker as one article knows him."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Person:
    """A speaker of the article; ``name`` is the fullest form seen."""

    name: str
    id: str | None = None
    kind: str = "person"
    number: str = "s"
    gender: str = ""
    offices: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    """The words beside the name that are no office ("speaker Vyacheslav Volodin")."""
    number_in_text: int = 0
    passing: bool = False
    """Introduced without a name and as one of many ("a spokesman"): no later paragraph's pronoun means them."""
    doubtful: bool = False
    """Only a capitalised word so far, without office or words: a pronoun rather means whom the article is about."""
    spoke: bool = False
    """Whether words of theirs have been told so far."""
