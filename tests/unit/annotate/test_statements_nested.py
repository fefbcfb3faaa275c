"""What somebody says within another's words; both are kept (synthetic)."""

import pytest

from tests.builders import statements_of

RUBIO, LAVROV = "Q324546", "Q58217"
# Language, text, the outer content, the inner one.
NESTED = [
    (
        "en",
        "Marco Rubio said Lavrov had told him Moscow would open the strait.",
        "Lavrov had told him Moscow would open the strait",
        "Moscow would open the strait",
    ),
    (
        "en",
        "Marco Rubio told reporters Sergei Lavrov had assured him the strait would open.",
        "Sergei Lavrov had assured him the strait would open",
        "the strait would open",
    ),
    (
        "de",
        "Marco Rubio sagte, Lawrow habe ihm versichert, dass Moskau die Meerenge öffnen werde.",
        "Lawrow habe ihm versichert, dass Moskau die Meerenge öffnen werde",
        "Moskau die Meerenge öffnen werde",
    ),
    (
        "de",
        "Marco Rubio erklärte, Lawrow habe ihm gesagt, Moskau werde die Meerenge öffnen.",
        "Lawrow habe ihm gesagt, Moskau werde die Meerenge öffnen",
        "Moskau werde die Meerenge öffnen",
    ),
    (
        "tr",
        "Marco Rubio, Lavrov'un kendisine boğazın açılacağını söylediğini belirtti.",
        "Lavrov'un kendisine boğazın açılacağını söylediğini",
        "kendisine boğazın açılacağını",
    ),
]


@pytest.mark.parametrize(("lang", "text", "outer", "inner"), NESTED)
def test_both_are_kept(lang: str, text: str, outer: str, inner: str) -> None:
    found = statements_of(f"-\n{text}", lang)
    assert [(s.speaker_id, s.text) for s in found] == [(RUBIO, outer), (LAVROV, inner)]


TOLD = [
    ("Lavrov told reporters Moscow would open the strait.", "Moscow would open the strait"),
    ("Lavrov told Hakan Fidan Moscow would open the strait.", "Moscow would open the strait"),
    ("Lavrov told reporters Monday the strait was shut.", "the strait was shut"),
    ("Lavrov told Hakan Fidan the strait was shut.", "the strait was shut"),
]


@pytest.mark.parametrize(("text", "content"), TOLD)
def test_those_who_are_told_end_before_what_they_are_told(text: str, content: str) -> None:
    assert [s.text for s in statements_of(f"-\n{text}", "en")] == [content]
