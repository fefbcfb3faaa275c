"""Dates as pages and feeds write them. All texts are synthetic."""

import datetime

import pytest

from ingest.clean import clean_page
from ingest.clean.metadata import dates
from ingest.clean.metadata.written import written
from schemas import CleanArticle
from tests.builders import raw_article


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # A zone that is stated is kept, however it is written.
        ("Mon Jun 01 2026 10:00:00 GMT+0300 (Moscow Standard Time)", "2026-06-01T10:00:00+03:00"),
        ("Mon, 01 Jun 2026 10:00:00 GMT+3", "2026-06-01T10:00:00+03:00"),
        ("Mon, 01 Jun 2026 10:00:00 MSK", "2026-06-01T10:00:00+03:00"),
        ("Mon, 01 Jun 2026 10:00:00 CEST", "2026-06-01T10:00:00+02:00"),
        ("Mon, 01 Jun 2026 10:00:00 EDT", "2026-06-01T10:00:00-04:00"),
        ("Mon, 01 Jun 2026 10:00:00 GMT", "2026-06-01T10:00:00+00:00"),
        ("2026-06-01 10:00:00 МСК", "2026-06-01T10:00:00+03:00"),
        ("2026-06-01 10:00 UTC", "2026-06-01T10:00:00+00:00"),
        ("2026-06-01T10:00:00+3:00", "2026-06-01T10:00:00+03:00"),
        ("2026-06-01T10:00:00-05:30", "2026-06-01T10:00:00-05:30"),
        # Content systems put their country's dates where others put ISO 8601.
        ("01.06.2026 10:00:00", "2026-06-01T10:00:00+00:00"),
        ("Пн, 01 июн 2026 10:00:00 +0300", "2026-06-01T10:00:00+03:00"),
        ("1 июня 2026, 10:00 (МСК)", "2026-06-01T10:00:00+03:00"),
        ("1 червня 2026, 10:00", "2026-06-01T10:00:00+00:00"),
        ("1. Juni 2026, 10.05 Uhr", "2026-06-01T10:05:00+00:00"),
        ("1er juin 2026 à 10h05", "2026-06-01T10:05:00+00:00"),
        ("1 de junio de 2026 - 10:05", "2026-06-01T10:05:00+00:00"),
        ("1 HAZİRAN 2026 Pazartesi 10:05", "2026-06-01T10:05:00+00:00"),
        ("1 يونيو/حزيران 2026", "2026-06-01T00:00:00+00:00"),
        ("١ يونيو ٢٠٢٦ - ١٠:٠٥", "2026-06-01T10:05:00+00:00"),
        ("31 يناير/كانون الثاني 2026", "2026-01-31T00:00:00+00:00"),
        ("June 1, 2026 9:30 p.m. EDT", "2026-06-01T21:30:00-04:00"),
        ("Jun 1 2026 12:05 AM", "2026-06-01T00:05:00+00:00"),
        ("Mon, 01 Jun 2026 10:05 PM +0300", "2026-06-01T22:05:00+03:00"),
        # The day or the month: nobody can tell.
        ("06/01/2026 10:00", None),
        ("bridge 20", None),
    ],
)
def test_a_date_as_it_is_written(value: str, expected: str | None) -> None:
    found = dates.parse(value)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Updated 2 June 2026, 15:00", "Обновлено: 2 июня 2026, 15:00", "Оновлено 2 червня 2026, 15:00",
        "Aktualisiert am 2. Juni 2026, 15:00 Uhr", "Stand: 02.06.2026 15:00 Uhr", "Mis à jour le 2 juin 2026 à 15h00",
        "Actualizado el 2 de junio de 2026, 15:00", "Güncelleme: 2 Haziran 2026 15:00", "آخر تحديث: 2 يونيو 2026 15:00",
    ],
)  # fmt: skip
def test_a_line_of_a_change_tells_only_where_no_other_does(line: str) -> None:
    found = [moment.isoformat()[:16] for moment in dates.of_lines([line, "20.05.2026 08:00"])]
    assert found == ["2026-05-20T08:00", "2026-06-02T15:00"]


def test_a_line_that_names_both_dates() -> None:
    found = written("Published 20 May 2026, updated 2 June 2026")
    assert found is not None
    assert (found.moment.day, found.changed) == (20, False)


def test_the_time_of_a_meta_tag_in_the_countrys_own_form_is_kept() -> None:
    text = "".join(
        f"<p>{line}</p>"
        for line in (
            "Выдуманный министр заявил во вторник, что выдуманный мост откроют до конца года, если позволит погода.",
            "Он сказал журналистам, что строители ни разу не опоздали больше чем на неделю и не собираются опаздывать.",
        )
    )
    meta = "<meta itemprop='datePublished' content='01.06.2026 14:05:00'>"
    page = f"<html lang='ru'><body><article>{meta}<h1>Мост откроют до конца года</h1>{text}</article></body></html>"
    at = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
    found = clean_page(raw_article(page, url="https://example.org/bridge", fetched=at))
    assert isinstance(found, CleanArticle)
    assert found.published == datetime.datetime(2026, 6, 1, 14, 5, tzinfo=datetime.UTC)
    assert found.published_from == "meta"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026-06-01T10:00:00", "2026-06-01T10:00:00+03:00"], "2026-06-01T10:00:00+03:00"),
        (["2026-06-01T10:00:17Z", "2026-06-01T10:00-04:00"], "2026-06-01T10:00:17-04:00"),
        # Another clock says nothing, and a zone that is stated stays.
        (["2026-06-01T10:00:00", "2026-06-01T11:00:00+03:00"], "2026-06-01T10:00:00+00:00"),
        (["2026-06-01T10:00:00+02:00", "2026-06-01T10:00:00+03:00"], "2026-06-01T10:00:00+02:00"),
        (["2026-06-01", "2026-06-01T10:00:00+03:00"], "2026-06-01T00:00:00+00:00"),
    ],
)
def test_a_zone_that_only_one_place_of_a_page_states(values: list[str], expected: str) -> None:
    candidates = [(f"place {n}", moment) for n, value in enumerate(values) if (moment := dates.parse(value))]
    found = dates.choose(candidates, datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC))
    assert found is not None
    assert (found.moment.isoformat(), found.found_in) == (expected, "place 0")


def test_local_time_without_its_zone_is_not_later_than_the_fetch() -> None:
    stated = [dates.parse(value) for value in ("2026-06-01T10:00:00", "2026-06-01T10:00:00+03:00")]
    fetched = datetime.datetime(2026, 6, 1, 7, 5, tzinfo=datetime.UTC)
    found = dates.choose([("page", moment) for moment in stated if moment], fetched)
    assert found is not None
    assert found.moment.astimezone(datetime.UTC).isoformat() == "2026-06-01T07:00:00+00:00"
