"""Fixtures of the fault tests, and which run: all with ``--whole`` (`make faults`), else those that are quick."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trafilatura  # noqa: F401 - it warns of an extra that it lacks, which is an error once tests are collected

from deploy.services import Kind, Services, start
from tests.faults.oracle import Indices
from tests.faults.world import inputs, run_undisturbed
from tests.services_fixture import require

COUNT = 60


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole", action="store_true", default=False, help="All fault tests, as `make faults`: about an hour."
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--whole", default=False):
        return
    left = [item for item in items if item.get_closest_marker("whole")]
    items[:] = [item for item in items if item not in left]
    if left:
        config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Real services of our own, which may be killed and restarted."""
    require(Kind.LOCAL)
    with start(Kind.LOCAL, data=tmp_path_factory.mktemp("faults-services"), progress=print) as running:
        yield running


@pytest.fixture(scope="session")
def undisturbed(breakable: Services, tmp_path_factory: pytest.TempPathFactory) -> Indices:
    """The indices that ``inputs(COUNT)`` give when nothing is broken."""
    folder: Path = tmp_path_factory.mktemp("undisturbed")
    return run_undisturbed(breakable, "undisturbed", folder, inputs(COUNT))
