"""The worker of ``annotate`` and ``dispatch`` knows whom the settings' own tables have. Person and id are invented."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from processors.annotate import app
from processors.annotate.knowledge import NOTHING
from processors.dispatch import reports_of
from runtime.settings import AnnotateSettings, PipelineSettings, Settings
from schemas import AnnotatedArticle, Report
from tests.builders import clean_article

VEXLEY, ANKARA = "Q999999901", "Q3640"
TEXT = "Ankara said on Monday that the bridge would stay open. “The lamps come before the winter,” Vexley said there."


def test_both_agents_go_by_own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = f"{VEXLEY}\tm\tOrlan *Vexley*\tforeign-minister@Q43:2020-01..\n"
    (tmp_path / "people.tsv").write_text(f"id\tgender\ten\toffices\n{row}", encoding="utf-8")
    works: list[Any] = []

    async def kept(_stream: Any, work: Any, *_others: Any) -> None:
        works.append(work)

    monkeypatch.setattr(app, "run_stateless", kept)
    settings = Settings(
        pipeline=PipelineSettings(data=tmp_path / "data", gazetteer=tmp_path, speakers=[VEXLEY]),
        annotate=AnnotateSettings(embeddings=False, recognition=False),
    )
    forgotten: Any = frozenset()
    for agent in app.build(settings, forgotten).agents.values():
        asyncio.run(agent.fun(None))
    annotated_of, reports_from = works
    article = clean_article("Lamps and a bridge", TEXT, lang="en")
    (annotated,) = annotated_of(article.encode(), [])
    assert isinstance(annotated.message, AnnotatedArticle)
    assert VEXLEY in {entity.id for entity in annotated.message.entities}
    # Where the article is his, Ankara is the Turkish minister.
    assert [one.speaker_id for one in annotated.message.statements] == [VEXLEY, VEXLEY]
    # Even said by Ankara itself, it is no other side's.
    first, second = annotated.message.statements
    found = replace(annotated.message, statements=[replace(first, speaker_id=ANKARA), second])
    (report,) = reports_from(found.encode(), [])
    assert isinstance(report.message, Report)
    assert (report.message.speaker_id, report.key) == (VEXLEY, VEXLEY)
    assert report.message.context.other_in_lead == 0
    (without,) = reports_of(found, [VEXLEY], known=NOTHING)
    assert without.context.other_in_lead == 1
