"""A reporting verb in its sentence, as whoever looks for its subject sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.text.tokens import Token


@dataclass(frozen=True)
class Verb:
    """The verb stands at the tokens ``[first, last)``; ``lows``: the tokens' words in small letters; ``mentions``: of
    the sentence, in order; ``earlier``: the cues before it.

    ``object_behind``: what stands behind the verb is whom it speaks to or of, where order tells subjects from objects.
    """

    tokens: list[Token]
    lows: list[str]
    first: int
    last: int
    mentions: list[Mention]
    lexicon: Lexicon
    earlier: Sequence[Cue]
    object_behind: bool = False

    @cached_property
    def back(self) -> int:
        """The token before the verb and its auxiliaries and adverbs; -1 where there is none."""
        at = self.first - 1
        while (
            at >= 0
            and self.tokens[at].kind == "w"
            # «… и пообещал»: the conjunction says whose verb it is, though «и» also means "even".
            and not self.lexicon.has("conjunctions", self.lows[at])
            and (self.lexicon.has("auxiliaries", self.lows[at]) or self.lows[at].endswith("ly"))
        ):
            at -= 1
        return at

    @property
    def joined(self) -> bool:
        """Whether a conjunction stands before it: "… and said"."""
        return self.back >= 0 and self.lexicon.has("conjunctions", self.lows[self.back])
