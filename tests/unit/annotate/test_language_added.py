"""A language is added by one file: Dutch, of which the package has none, from a file of a dozen lines."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from processors.annotate.setting import words
from processors.annotate.statements.language import lexicon_file
from tests.builders import statements_of

LAVROV = "Q58217"
DUTCH = """
order: v2
determiners: de het een dit dat deze die zijn haar
prepositions: in op van naar met door voor na bij uit over
auxiliaries: heeft hebben is zijn was zal zou
connectors: en maar toen omdat terwijl
relatives: die dat
that: dat
complementizers: dat of
conjunctions: en maar
pronouns: {hij: s m, zij: s f}
weekdays: [maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag]
say: zeggen verklaren
irregular:
  zeggen: zegt zei zeiden gezegd
  verklaren: verklaart verklaarde verklaard
roles:
  foreign_minister: [minister_van_buitenlandse_zaken]
"""


@pytest.fixture
def dutch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "data" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "nl.yaml").write_text(DUTCH, encoding="utf-8")
    caches = (lexicon_file.load_lexicon, words.words_of)
    for module in (lexicon_file, words):
        monkeypatch.setattr(module, "resources", SimpleNamespace(files=lambda _: tmp_path))
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("„De veerboot vaart weer uit”, zei Lavrov maandag.", "„De veerboot vaart weer uit”", "direct"),
        ("Lavrov zei dat de veerboot weer uitvaart.", "de veerboot weer uitvaart", "indirect"),
        ("Lavrov verklaarde maandag dat de haven open is.", "de haven open is", "indirect"),
    ],
)
def test_a_file_makes_a_language(text: str, said: str, kind: str, dutch: None) -> None:
    found = [(s.text, s.kind, s.speaker_id, s.source is not None) for s in statements_of(text, "nl")]
    assert found == [(said, kind, LAVROV, True)]


def test_without_it_quotations_and_names_are_found() -> None:
    found = statements_of("„De veerboot vaart weer uit”, zei Lavrov maandag. Lavrov zei dat de haven open is.", "nl")
    assert [(s.text, s.speaker_id) for s in found] == [("„De veerboot vaart weer uit”", LAVROV)]
