"""Languages that have no data: quotation marks, and a known name beside (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV, RUBIO = "Q58217", "Q324546"


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ('"Wij blijven in de haven wachten", zei Lavrov maandag.', '"Wij blijven in de haven wachten"', LAVROV),
        ('"Wij blijven in de haven wachten", zei Rubio. Lavrov zweeg.', '"Wij blijven in de haven wachten"', RUBIO),
        ("«Siamo stanchi», ha detto Lavrov lunedì.", "«Siamo stanchi»", LAVROV),
        ("„Přístav zůstane zavřený dlouho,“ řekl Lavrov.", "„Přístav zůstane zavřený dlouho,“", LAVROV),
        ("俄罗斯外长说：“港口将一直关闭到明年春天。”", "“港口将一直关闭到明年春天。”", None),
        ("ロシアの外相は「港は来年の春まで閉鎖される」と述べた。", "「港は来年の春まで閉鎖される」", None),
    ],
)
def test_a_quotation_and_the_name_beside_it(text: str, content: str, speaker: str | None) -> None:
    found = statements_of(f"-\n{text}", None)
    assert [(s.text, s.speaker_id) for s in found] == [(content, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        "Il giornale «La Sera», ha scritto di Lavrov.",
        "Lavrov è «molto lieto» di questo.",
        "Lavrov 参观了“北京大学”。",
    ],
)
def test_names_and_single_words_are_none(text: str) -> None:
    assert statements_of(f"-\n{text}", None) == []


def test_of_two_who_are_named_nobody_is_chosen() -> None:
    text = '-\n"Wij blijven in de haven wachten", zei Lavrov tegen Rubio.'
    assert [s.source for s in statements_of(text, None)] == [None]
