"""Takes articles out: what was published in error, or must go.

The order makes an interruption harmless, and the same call goes on: first the mark that keeps ``clean`` from making
anything of the article again, then what lies behind it in each generation, then what was made of it, and at last raw.
"""

from console.forget.derived import Done, forget
from console.forget.interrupted import Interrupted
from console.forget.marks import known
from console.forget.raw import find_articles, purge

__all__ = ["Done", "Interrupted", "find_articles", "forget", "known", "purge"]
