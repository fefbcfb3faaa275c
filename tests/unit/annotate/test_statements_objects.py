"""Objects in front of their verb, and what is too little to be somebody's words: all statements of a text."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import statements_of

ROWS = yaml.safe_load((Path(__file__).parent / "fresh" / "objects.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['lang']} {row['text'][-40:]}" for row in ROWS])
def test_objects(row: dict[str, Any]) -> None:
    found = statements_of(f"{row.get('title', 'Fähre')}\n{row['text']}", row["lang"])
    expected = [item for said in row["said"] for item in said.items()]
    assert [(s.speaker_id or s.speaker, s.text) for s in found] == expected
