"""Tables whose files are damaged are deleted, and no others."""

import random
from pathlib import Path

import pytest
from rocksdict import Options, Rdict

from processors.tables import damage, drop_damaged

ENTRIES = 2000


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "v1" / "tables" / "entries-0.db"
    path.parent.mkdir(parents=True)
    chosen = random.Random(1)
    with_ = Rdict(str(path), Options(raw_mode=True))
    for number in range(ENTRIES):
        with_[b"%06d" % number] = chosen.randbytes(500)
    with_.flush()
    with_.close()
    return path


def garble(file: Path) -> None:
    value = bytearray(file.read_bytes())
    middle = len(value) // 2
    value[middle : middle + 64] = random.Random(2).randbytes(64)
    file.write_bytes(bytes(value))


def test_a_sound_table_stays(table: Path, tmp_path: Path) -> None:
    assert drop_damaged(tmp_path) == []
    again = Rdict(str(table), Options(raw_mode=True))
    assert sum(1 for _ in again.items()) == ENTRIES
    again.close()


def test_a_table_with_wrong_bytes_is_deleted(table: Path, tmp_path: Path) -> None:
    for file in table.glob("*.sst"):
        garble(file)
    assert drop_damaged(tmp_path) == [table]
    assert not table.exists()


# A manifest whose end is cut or wrong gives an earlier state, with the offset of the changelog that it had then.
@pytest.mark.parametrize("files", ["*.sst", "CURRENT"])
def test_a_table_whose_files_are_cut_is_deleted(files: str, table: Path, tmp_path: Path) -> None:
    for file in table.glob(files):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert drop_damaged(tmp_path) == [table]


def test_iteration_alone_does_not_notice(table: Path) -> None:
    """Why the status is asked: else this would be the end of the table, and half of it lost."""
    for file in table.glob("*.sst"):
        garble(file)
    damaged = Rdict(str(table), Options(raw_mode=True))
    assert 0 < sum(1 for _ in damaged.items()) < ENTRIES
    damaged.close()
    assert "Corruption" in (damage(table) or "")


def test_a_table_that_somebody_has_open_stays(table: Path, tmp_path: Path) -> None:
    holder = Rdict(str(table), Options(raw_mode=True))
    assert drop_damaged(tmp_path) == []
    holder.close()
    assert table.exists()
