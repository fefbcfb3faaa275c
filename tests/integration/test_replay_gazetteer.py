"""A replay after a change of the gazetteer changes the documents of the articles that it is about, and no others."""

import contextlib
import datetime
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zstandard

from console.accounting import account, lags
from console.commands.run import stage_specs
from console.generations import lineage, registry, replay
from console.supervisor import Spec, Supervisor
from deploy.services import Services
from runtime import elastic
from runtime.settings import AnnotateSettings, GroupSettings, Settings
from schemas import ImportedArticle, RawArticle
from schemas.index import alias_of
from tests.articles import articles, send
from tests.cli import done
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.integration

LEFT_OUT, NAME = "Q269", "Tashkent"
COUNT = 80


def title_and_text(one: RawArticle) -> str:
    row = msgspec.json.decode(zstandard.decompress(one.body), type=ImportedArticle)
    return f"{row.title}\n{row.text}"


@contextlib.contextmanager
def changed(theirs: Settings, folder: Path) -> Iterator[Supervisor]:
    """The stages of the new generation, with another gazetteer."""
    specs = []
    for spec in stage_specs(theirs, fetch=False, suffix="-g2"):
        line = list(spec.command)
        if "annotate" in line:
            script = str(Path(__file__).with_name("annotate_without.py"))
            line = [sys.executable, "-P", script, LEFT_OUT, *line[line.index("annotate") :]]
        specs.append(Spec(spec.name, line, spec.environment))
    with Supervisor(specs, folder / "logs") as supervisor:
        yield supervisor


def test_what_a_changed_gazetteer_changes(services: Services, unique: str, tmp_path: Path) -> None:
    made = articles(COUNT)
    about = {one.article_id for one in made if NAME in title_and_text(one)}
    assert 3 < len(about) < COUNT / 2
    sections = {"annotate": AnnotateSettings(embeddings=False), "group": GroupSettings(reorder_seconds=20.0)}
    with prepared(services, unique, tmp_path, **sections) as settings:
        client = elastic.client(settings)
        alias = alias_of("articles", settings.pipeline.index_prefix)
        with workers(settings, tmp_path, "clean", "annotate", "group", "index") as supervisor:
            send(settings, made)
            eventually(
                lambda: account(settings, client, alias).whole and all(lag.behind == 0 for lag in lags(settings)),
                "everything indexed", tmp_path, supervisor,
            )  # fmt: skip
        known = registry.read(settings)
        one = lineage.follow(2, known[1], "clean", datetime.datetime.now(datetime.UTC))
        registry.write(settings, one)
        assert replay.fill_generation(
            settings,
            one,
            lambda theirs: changed(theirs, tmp_path),
            say=print,
            advance=lambda *_: None,
            pause=threading.Event().wait,
        )
        found = json.loads(done(settings, "promote", "2", "--compare", "--json", "--sample", "0"))
        changed_articles = {one["id"] for one in found["different"] if one["role"] == "articles"}
        assert changed_articles == about
        assert found["missing"] == found["gone"] == found["new"] == []
        reports = {one["id"].partition("-")[0] for one in found["different"] if one["role"] == "reports"}
        # What others are weighed with (how rare a name is, the stories beside) may change the evidence of a few more.
        assert len(reports - about) <= COUNT // 20, reports - about
        client.close()
