"""What a minister's country will do goes on with his words (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
HIS = [
    ("en", "Lavrov said the ferry pact was dead. Russia will not wait for another.", "Russia will not wait"),
    ("en", "Lavrov said the ferry pact was dead. Moscow would build its own ferries.", "Moscow would build"),
    ("ru", "Лавров сказал, что пакт о паромах мертв. Россия не станет ждать другого.", "Россия не станет"),
    ("uk", "Лавров сказав, що пакт про пороми мертвий. Росія не чекатиме іншого.", "Росія не чекатиме"),
    ("fr", "Lavrov a dit que le pacte des ferries était mort. La Russie n'attendra pas un autre.", "n'attendra pas"),
]
OTHERS = [
    ("en", "Lavrov said the ferry pact was dead. Norway will not wait for another.", "Norway"),
    ("en", "Lavrov said the ferry pact was dead. Russia had sunk three ferries before it.", "sunk three"),
    ("en", "Lavrov said the ferry pact was dead. Russia will sail again on Monday.", "sail again"),
    ("en", "Rubio said the ferry pact was dead. Russia will not wait for another.", "Russia will not wait"),
    ("ru", "Лавров сказал, что пакт о паромах мертв. Норвегия не станет ждать другого.", "Норвегия"),
]


@pytest.mark.parametrize(("lang", "text", "part"), HIS)
def test_what_his_country_will_do(lang: str, text: str, part: str) -> None:
    assert any(part in s.text for s in statements_of(f"-\n{text}", lang) if s.speaker_id == LAVROV)


@pytest.mark.parametrize(("lang", "text", "part"), OTHERS)
def test_what_others_will_do_or_it_did(lang: str, text: str, part: str) -> None:
    assert not any(part in s.text for s in statements_of(f"-\n{text}", lang))
