"""Draws the Vega panels with Node from real answers of Elasticsearch: what Kibana does, without a Kibana.

``python -m tests.vega.pictures ELASTICSEARCH_URL`` fills indices with the demo's corpus and writes ``docs/img``.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from console.kibana.aggregations import Span
from console.kibana.objects import queries

# The major versions that Kibana has, pinned so that pictures stay the same.
PACKAGES = ("vega@5.33.0", "vega-lite@5.23.0")
SCRIPT = Path(__file__).with_name("render.mjs")
IMAGES = Path(__file__).parents[2] / "docs" / "img"
_INSTALL_SECONDS = 300
_RENDER_SECONDS = 120

Spec = dict[str, Any]


class NoVega(Exception):
    """Node, npm or the packages are not to be had; the message says which."""


def modules() -> Path:
    """The folder in which Vega is installed; installs it once. Raises ``NoVega``."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NoVega("node and npm are needed to render Vega panels")
    cache = os.environ.get("REMARKWIRE_CACHE")
    folder = (Path(cache) if cache else Path.home() / ".cache" / "remarkwire") / "-".join(PACKAGES).replace("@", "")
    if not (folder / "done").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", *PACKAGES]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise NoVega(f"npm install: not within {_INSTALL_SECONDS} s") from error
        if done.returncode:
            raise NoVega(f"npm install: {done.stderr.strip()[-300:]}")
        (folder / "done").touch()
    return folder


def answered(spec: Spec, client: Elasticsearch, span: Span, filters: Sequence[Mapping[str, Any]] = ()) -> Spec:
    """The specification with the answers of its queries in place of them, as Kibana's Vega plugin does it.

    ``filters`` are those of the dashboard.
    """
    made: Spec = json.loads(json.dumps(spec))
    for data in made["data"] if isinstance(made["data"], list) else [made["data"]]:
        if isinstance(data.get("url"), dict):
            url = data.pop("url")
            body = _with_context(url["body"], span, filters)
            answer = client.search(index=url["index"], **_arguments(body))
            data["values"] = json.loads(json.dumps(answer.body))
    assert not queries(made)
    return made


def render(spec: Spec, target: Path, *, width: int, height: int) -> str:
    """Writes an SVG and returns it. Raises ``AssertionError`` with what Vega says where it warns or fails."""
    folder = modules()
    source = target.with_suffix(".json")
    source.write_text(json.dumps({**spec, "width": width, "height": height}), encoding="utf-8")
    done = subprocess.run(
        ["node", str(SCRIPT), str(source), str(target)],
        env={**os.environ, "VEGA_MODULES": str(folder), "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=_RENDER_SECONDS,
        check=False,
    )
    source.unlink()
    assert done.returncode == 0, done.stderr
    return target.read_text(encoding="utf-8")


def _with_context(body: Any, span: Span, filters: Sequence[Mapping[str, Any]]) -> Any:
    """Puts the time and the dashboard's filters where the placeholders are."""
    if isinstance(body, list):
        out: list[Any] = []
        for one in body:
            if one == "%dashboard_context-filter_clause%":
                out += filters
            elif not (isinstance(one, str) and one.startswith("%dashboard_context-")):
                out.append(_with_context(one, span, filters))
        return out
    if isinstance(body, dict):
        if body.get("%timefilter%") is True:
            return {"gte": span.since.isoformat(), "lt": span.until.isoformat()}
        return {key: _with_context(value, span, filters) for key, value in body.items()}
    return body


def _arguments(body: Mapping[str, Any]) -> dict[str, Any]:
    return {("source" if key == "_source" else key): value for key, value in body.items()}


def main(url: str) -> None:
    """Writes the pictures of the documentation."""
    from console.kibana import load
    from console.kibana.objects import spec
    from processors.index.setup import install
    from runtime.settings import Settings
    from tests.demo_index import SINCE, UNTIL, fill

    prefix = "pictures"
    settings = Settings.model_validate({"elasticsearch": {"url": url}, "pipeline": {"index_prefix": prefix}})
    client = Elasticsearch(url)
    client.options(ignore_status=404).indices.delete(index=[f"{prefix}-{role}-g1" for role in _ROLES])
    install(client, settings)
    fill(client, prefix, embeddings=True)
    source, span = load(), Span(SINCE, UNTIL)
    largest = client.search(index=f"{prefix}-stories", size=1, sort=[{"members": "desc"}])["hits"]["hits"][0]["_id"]
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, height, filters in (
        ("who-copies-whom", 420, []),
        ("story-timeline", 360, [{"term": {"story_id": largest}}]),
    ):
        made = answered(spec(f"{name}.json", source, prefix), client, span, filters)
        render(made, IMAGES / f"{name}.svg", width=900, height=height)
        sys.stdout.write(f"docs/img/{name}.svg\n")


_ROLES = ("articles", "reports", "remarks", "stories")

if __name__ == "__main__":
    main(sys.argv[1])
