"""The fixture ``services``: running Kafka and Elasticsearch, once embedded and once local, for a whole session.

A test that takes it runs on both (``-k embedded`` or ``-k local`` chooses). Tests share the instance, so each makes
topics and indices of its own; the fixture ``unique`` gives it a name that no other test has.
"""

import os
import uuid
from collections.abc import Iterator

import pytest

from deploy.services import Kind, Services, start
from deploy.services.local import unavailable


@pytest.fixture(scope="session", params=list(Kind), ids=str)
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    kind: Kind = request.param
    require(kind)
    with start(kind, data=tmp_path_factory.mktemp(f"services-{kind}"), progress=print) as running:
        yield running


@pytest.fixture
def unique(request: pytest.FixtureRequest) -> str:
    """A name for topics, groups and indices (lower case, as Elasticsearch wants it)."""
    stem = request.node.originalname.removeprefix("test_").replace("_", "-").lower()
    return f"{stem}-{uuid.uuid4().hex[:8]}"


def require(kind: Kind) -> None:
    """Skip where the local services cannot run; fail instead in CI, where a skipped half would go unseen."""
    if kind is Kind.LOCAL and (reason := unavailable()) is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI runs the local services, too: {reason}")
        pytest.skip(reason)
