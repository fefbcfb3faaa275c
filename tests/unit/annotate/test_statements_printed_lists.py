"""Lists of points by a sign of their own, and articles that an editor's note gives to their author (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
POINTS = [
    (
        "ru",
        "Министр и паромы\nЛавров больше часа говорил с лоцманами. Выписали главное.",
        ("Причал в Норвегии продавать не будем", "Паромов станет девять", "Лоцманам поднимут жалованье"),
    ),
    (
        "en",
        "The minister and the ferries\nLavrov spent an hour with the pilots. Here is the gist.",
        ("The pier is not for sale", "There will be nine ferries", "Pilots are to be paid more"),
    ),
]
NOTES = [
    ("ru", "Печатаем с сокращениями статью министра иностранных дел России С.В.Лаврова для журнала «Маяк»."),
    ("ru", "Сергей ЛАВРОВ, министр иностранных дел России. С небольшими сокращениями."),
    ("en", "We reprint, slightly shortened, an essay by Sergei Lavrov, the Russian foreign minister."),
]
BODY = {
    "ru": "Паромная линия пришла в упадок. Ее погубила жадность.\n\nМы предлагаем новый устав.\n\n"
          "Мне довелось видеть эти причалы. Наши суда ждут погоды.",
    "en": "The ferry line has fallen on hard times. Greed has ruined it.\n\nWe propose a new charter.\n\n"
          "I have seen those piers. Our ships are waiting for the weather.",
}  # fmt: skip


def _his(text: str, lang: str) -> list[str]:
    return [s.text for s in statements_of(text, lang) if s.speaker_id == LAVROV]


@pytest.mark.parametrize("sign", ["🔹", "▪️", "•"])
@pytest.mark.parametrize(("lang", "head", "points"), POINTS)
def test_points_below_whom_they_are_about(lang: str, head: str, points: tuple[str, ...], sign: str) -> None:
    assert set(points) <= set(_his("\n\n".join([head, *(f"{sign} {point}" for point in points)]), lang))


@pytest.mark.parametrize(("lang", "head", "points"), POINTS)
def test_what_a_channel_says_to_a_point_is_its_own(lang: str, head: str, points: tuple[str, ...]) -> None:
    comment = {"ru": "Посмотрим", "en": "Fine weather for it"}[lang]
    said = _his("\n\n".join([head, *(f"🔹 {point}. {comment}." for point in points)]), lang)
    assert set(points) <= set(said)
    assert comment not in said


@pytest.mark.parametrize(("lang", "head", "points"), POINTS)
def test_one_point_or_points_by_other_signs_are_no_list(lang: str, head: str, points: tuple[str, ...]) -> None:
    assert not set(points) & set(_his(f"{head}\n\n🔹 {points[0]}\n\n✅ {points[1]}", lang))


@pytest.mark.parametrize(("lang", "note"), NOTES)
def test_an_article_below_a_note_on_its_print(lang: str, note: str) -> None:
    said = _his(f"The long pier\n{note}\n\n{BODY[lang]}", lang)
    assert len(said) == 5


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Печатаем завтра. О статье министра Лаврова спорят в порту.\n\nМы молчим. Мне все равно."),
        ("en", "We publish an essay on piers today, and Sergei Lavrov praised it.\n\nLavrov likes piers. We do, too."),
    ],
)
def test_who_writes_of_an_article_is_not_its_author(lang: str, text: str) -> None:
    assert not any("Мне" in one or "We do" in one for one in _his(f"The long pier\n{text}", lang))


def test_the_russian_diplomat_is_the_only_one_who_is_quoted() -> None:
    text = "-\nSergei Lavrov said that the crossing was rough.\n\nThe Russian diplomat found the soup cold, too. {}"
    more = "A good cook costs nothing, he said."
    assert "A good cook costs nothing" in _his(text.format(more), "en")
    others = text.replace("rough.", "rough. Maria Zakharova said that it was not.")
    assert "A good cook costs nothing" not in _his(others.format(more), "en")


def test_nobody_has_asked() -> None:
    text = "-\nOn the barges Lavrov sounded bored: Moscow could lend them tomorrow, yet nobody has asked."
    assert any("Moscow could lend them" in one for one in _his(text, "en"))


def test_points_below_a_colon_are_his_as_a_whole() -> None:
    points = ("Piers. None is for sale.", "Pay. It is to go up.", "Ferries. Nine are due.")
    text = "\n\n".join(["-\nWhat Lavrov told the pilots:", *(f"• {point}" for point in points)])
    assert {"None is for sale", "It is to go up", "Nine are due"} <= set(_his(text, "en"))
