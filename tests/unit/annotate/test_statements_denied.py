"""What somebody did not say is not told as theirs; what is told by a denial is (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
NOT_SAID = [
    ("en", "Sergei Lavrov did not say that the quay was shut."),
    ("en", "Lavrov didn't say that the quay was shut."),
    ("en", "Lavrov has never told them that the quay was shut."),
    ("ru", "Сергей Лавров не говорил, что причал закрыт."),
    ("ru", "Лавров не заявлял, что причал закрыт."),
    ("uk", "Лавров не казав, що причал закрито."),
    ("fr", "Lavrov n'a pas dit que le quai était fermé."),
    ("de", "Lawrow sagte nicht, dass der Kai gesperrt ist."),
    ("de", "Lawrow hat nicht gesagt, dass der Kai gesperrt ist."),
    ("es", "Lavrov no dijo que el muelle estuviera cerrado."),
]
SAID = [
    ("en", "Lavrov did not rule out that the quay would be shut.", "the quay would be shut"),
    ("en", "Lavrov does not believe that the quay is shut.", "the quay is shut"),
    ("en", "Lavrov said that the quay was not shut.", "the quay was not shut"),
    ("ru", "Лавров не скрывает, что причал закрыт.", "причал закрыт"),
    ("ru", "Лавров не сомневается, что причал закроют.", "причал закроют"),
    ("fr", "Lavrov n'a pas exclu que le quai soit fermé.", "le quai soit fermé"),
    ("de", "Lawrow schloss nicht aus, dass der Kai gesperrt wird.", "der Kai gesperrt wird"),
    ("de", "Lawrow sagte, dass der Kai nicht gesperrt wird.", "der Kai nicht gesperrt wird"),
]


@pytest.mark.parametrize(("lang", "text"), NOT_SAID)
def test_what_was_not_said_is_no_statement(lang: str, text: str) -> None:
    assert [s.text for s in statements_of(f"-\n{text}", lang)] == []


@pytest.mark.parametrize(("lang", "text", "part"), SAID)
def test_a_denial_that_tells_something_is_one(lang: str, text: str, part: str) -> None:
    assert any(part in s.text for s in statements_of(f"-\n{text}", lang) if s.speaker_id == LAVROV)
