"""The reference pages are what the code says, and every command, setting, metric, topic and reason is in them."""

from pathlib import Path

import pytest

from console.docs import pages

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_page_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_links_between_pages_lead_somewhere() -> None:
    import re

    for page in [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_pages_name_metrics_as_they_are_scraped() -> None:
    import re

    import runtime.metrics
    from runtime.metrics import Counter, Gauge, Histogram

    known = set()
    for metric in vars(runtime.metrics).values():
        if isinstance(metric, Counter):
            known.add(f"{metric._name}_total")
        elif isinstance(metric, Gauge | Histogram):
            known.add(metric._name)
    for page in DOCS.rglob("*.md"):
        named = set(re.findall(r"\bremarkwire_[a-z_]+\b", page.read_text(encoding="utf-8")))
        assert named <= known, f"{page.name}: {named - known}"


def test_what_is_not_left_to_faust_is_on_one_page() -> None:
    """With each of Faust's issues that the code names."""
    import re

    page = (DOCS / "architecture.md").read_text(encoding="utf-8").partition("## What Faust is not relied on for")[2]
    for path in sorted((DOCS.parent / "processors").glob("*.py")):
        said = re.findall(r"its issues? ([\d,\s]+)", path.read_text(encoding="utf-8"))
        numbers = {number for one in said for number in re.findall(r"\d+", one)}
        assert all(re.search(rf"\b{number}\b", page) for number in numbers), f"{path.name}: {numbers}"
        assert not numbers or path.name in page


def test_make_faults_runs_what_the_page_of_faults_names() -> None:
    import re

    page = (DOCS / "faults.md").read_text(encoding="utf-8")
    named = {f"tests/{file}" for file in re.findall(r"`((?:unit|integration|e2e|faults)/[\w/]+\.py)`", page)}
    others = {file for file in named if not file.startswith("tests/faults/")}
    makefile = (DOCS.parent / "Makefile").read_text(encoding="utf-8")
    assert "tests/faults $(BEYOND_FAULTS)" in makefile
    (run,) = re.findall(r"^BEYOND_FAULTS := ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)
    assert run.replace("\\\n", " ").split() == sorted(others)
    assert all((DOCS.parent / file).is_file() for file in named)
