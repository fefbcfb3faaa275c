"""One is singular."""

import pytest

from console.batch_files import BatchTotals
from console.commands.forget import _told
from console.commands.replay import lost_line
from ingest.clean.files import CleanTotals
from ingest.fetch.totals import FetchTotals
from ingest.imports import ImportTotals
from runtime.counts import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 copies"), (1, "1 copy"), (2, "2 copies")])
def test_a_count_of_one_is_singular(number: int, said: str) -> None:
    assert counted(number, "copy", "copies") == said
    assert counted(number, "article") == f"{number} article{'' if number == 1 else 's'}"


def test_totals_of_one_are_singular() -> None:
    assert str(ImportTotals(files=1, imported=1)) == "1 article of 1 file"
    assert str(BatchTotals(1, 1)) == "1 article, 1 line could not be used (its output line says why)"
    assert str(CleanTotals(lines=1, cleaned=1)) == "1 line: 1 cleaned"
    assert str(FetchTotals(sources=1, announced=1)) == "1 source asked, 1 new article, 0 published"
    assert _told({"records of remarks": 1, "reports": 2}) == "1 record of remarks, 2 reports"
    assert lost_line("articles.raw", 1, for_ever=False).startswith("articles.raw: the first record is gone (retention)")
