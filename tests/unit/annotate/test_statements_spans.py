"""Where contents begin and end, to the letter; all sentences are synthetic and of our own writing."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"

# language, sentences with what is his in {{…}}
SPANS = [
    # A word that is an abbreviation before numbers only.
    ("en", "Sergei Lavrov said {{the hosts had answered with a no}}. The envoys of the bloc left."),
    # Words that may begin a clause are the end of a sentence here.
    ("en", "Sergei Lavrov said {{the call lasted two hours}}."),
    ("en", "Sergei Lavrov said {{the truce would hold for 72 hours}}."),
    ("en", "Sergei Lavrov said {{the treaty could be signed within days}}."),
    ("en", "Sergei Lavrov said {{the halt would last only a few minutes}}."),
    ("en", "Sergei Lavrov said {{he had never met the envoy before}}."),
    ("en", "Sergei Lavrov said {{the truce would hold for 72 hours}} and Marco Rubio said it would not."),
    ("en", "Sergei Lavrov said {{the strait would stay shut}} hours after Marco Rubio said it was open."),
    ("en", "Sergei Lavrov said {{the strait would stay shut}}, days before Marco Rubio said it was open."),
]


@pytest.mark.parametrize(("lang", "marked"), SPANS)
def test_spans(lang: str, marked: str) -> None:
    wanted = [part.split("}}")[0] for part in marked.split("{{")[1:]]
    text = marked.replace("{{", "").replace("}}", "")
    found = statements_of(f"Title of the day\n{text}", lang)
    assert [s.text for s in found if s.speaker_id == LAVROV] == wanted
