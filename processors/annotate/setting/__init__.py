"""When, where, with whom and in what form something was said, read from the words around a statement."""

from processors.annotate.setting.find import find_setting
from processors.annotate.setting.passage import Passage

__all__ = ["Passage", "find_setting"]
