"""What will be, told right behind an attribution, goes on with the words of whom that quotes (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
HIS = [
    (
        "en",
        "The pilots are being moved north, Lavrov said. Seven lighthouses will open in the delta.",
        "Seven lighthouses",
    ),
    (
        "en",
        "Lavrov told them that the charter was drafted. It would be laid on the table before the thaw.",
        "It would be",
    ),
    ("ru", "Маяк уже куплен, сообщил Лавров. Заработает он после ледохода.", "Заработает он"),
    ("uk", "Маяк уже куплено, повідомив Лавров. Запрацює він після льодоходу.", "Запрацює він"),
]
OTHERS = [
    ("en", "The pilots are being moved north, Lavrov said. Seven lighthouses opened there.", "Seven lighthouses"),
    ("en", "The pilots are being moved north, Lavrov said. They will fly on to the delta.", "fly on"),
    ("en", "The pilots are being moved north, Lavrov said. On Monday the lighthouse will open.", "the lighthouse"),
    ("en", "The pilots are being moved north, Lavrov said. Anna Berg will sail with them.", "sail with"),
    ("en", "The pilots are being moved north. Lavrov was there. Seven lighthouses will open.", "Seven lighthouses"),
    ("ru", "Маяк уже куплен, сообщил Лавров. Когда он заработает, неизвестно.", "Когда он"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "part"), HIS)
def test_what_will_be_is_his(lang: str, text: str, part: str) -> None:
    assert any(part in s.text for s in statements_of(f"-\n{text}", lang) if s.speaker_id == LAVROV)


@pytest.mark.parametrize(("lang", "text", "part"), OTHERS)
def test_what_was_and_what_people_will_do_is_not(lang: str, text: str, part: str) -> None:
    assert not any(part in s.text for s in statements_of(f"-\n{text}", lang) if s.speaker_id == LAVROV)
