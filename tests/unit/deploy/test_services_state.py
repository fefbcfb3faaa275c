"""The state file: read back as written; what cannot be read is refused with advice."""

from pathlib import Path

import pytest

from deploy.services import Kind, ServiceError, up
from deploy.services.processes import Identity
from deploy.services.state import State, path, read, write


def a_state(data: Path) -> State:
    return State(
        kind=Kind.LOCAL,
        owner=None,
        processes={"kafka": Identity(4711, "boot:123"), "elasticsearch": Identity(4712, "boot:124")},
        ports={"kafka": 20_001, "kafka_controller": 20_002, "elasticsearch": 20_003},
        data=str(data),
        logs=str(data / "logs"),
    )


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    write(a_state(tmp_path))
    assert read(tmp_path) == a_state(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["services.json"]


def test_a_torn_state_file_is_refused_by_name(tmp_path: Path) -> None:
    write(a_state(tmp_path))
    path(tmp_path).write_bytes(path(tmp_path).read_bytes()[:40])
    with pytest.raises(ServiceError, match=r"services\.json cannot be read"):
        read(tmp_path)


def test_a_state_of_another_version_is_refused(tmp_path: Path) -> None:
    write(a_state(tmp_path))
    path(tmp_path).write_text(path(tmp_path).read_text().replace('"version": 1', '"version": 2'))
    with pytest.raises(ServiceError, match="has version 2, not 1"):
        read(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match=r"cannot be made .*--data"):
        up(Kind.EMBEDDED, data=tmp_path / "file" / "below")
