"""Statement extraction: who said what in an article, by rules and a lexicon for each language."""

from processors.annotate.statements.find import find_statements
from processors.annotate.statements.language.lexicon_file import load_lexicon

__all__ = ["find_statements", "load_lexicon"]
