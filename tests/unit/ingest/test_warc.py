"""WARC files in and out. All texts are synthetic."""

import datetime
import gzip
import io
import zlib
from pathlib import Path

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.body import MAX_BYTES, pack, unpack
from ingest.identity import article_id
from ingest.imports import ImportTotals, import_paths
from ingest.warc import write_articles
from schemas import Outlet, RawArticle, Seq
from schemas.article import FeedFacts
from schemas.message import epoch_ms
from tests.press import Kept, page

UTC = datetime.UTC
DAY = datetime.datetime(2026, 6, 3, 9, 30, 15, 250_000, tzinfo=UTC)
IMPORT = datetime.datetime(2026, 8, 1, tzinfo=UTC)


class Archive:
    """An archive that is being made."""

    def __init__(self, *, compress: bool = True) -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=compress, warc_version="1.1")

    def add(
        self,
        url: str,
        body: bytes,
        date: str = "2026-06-03T09:30:15.250Z",
        *,
        kind: str = "text/html; charset=utf-8",
        status: str = "200 OK",
        record: str = "response",
        **headers: str,
    ) -> None:
        given = [("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items())]
        http = StatusAndHeaders(status, given, protocol="HTTP/1.1") if record != "metadata" else None
        made = self.writer.create_warc_record(
            url, record, payload=io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": date}
        )
        self.writer.write_record(made)
        made.raw_stream.close()

    def brought(self, folder: Path, name: str = "a.warc.gz") -> tuple[ImportTotals, list[RawArticle]]:
        (folder / name).write_bytes(self.file.getvalue())
        kept = Kept()
        return import_paths([folder / name], kept, now=IMPORT), kept.raw


@pytest.mark.parametrize(("compress", "name"), [(True, "a.warc"), (False, "a.warc.gz")])
def test_an_archive_is_known_as_gzip_by_its_first_bytes(compress: bool, name: str, tmp_path: Path) -> None:
    made = Archive(compress=compress)
    made.add("https://one.example/1", page(1))
    totals, _ = made.brought(tmp_path, name)
    assert str(totals) == "1 article of 1 file"


@pytest.mark.parametrize("compress", [True, False])
def test_pages_of_an_archive_keep_the_dates_of_their_fetches(compress: bool, tmp_path: Path) -> None:
    archive = Archive(compress=compress)
    archive.add("https://www.one.example/1?utm_source=x", page(1))
    archive.add("https://one.example/robots.txt", b"User-agent: *", kind="text/plain")
    archive.add("https://one.example/x.png", b"PNG", kind="image/png")
    archive.add("https://one.example/moved", b"", status="301 Moved")
    archive.add("https://one.example/gone", b"", status="404 Not Found")
    archive.add("https://one.example/1", b"GET / HTTP/1.1", record="request")
    archive.add("https://one.example/1", page(1, "Corrected later."), "2026-06-04T00:00:00Z")
    archive.add("https://one.example/1", b"", "2026-06-05T00:00:00Z", status="410 Gone")
    totals, raws = archive.brought(tmp_path, "a.warc.gz" if compress else "a.warc")
    assert (totals.imported, totals.failed) == (3, 0)
    assert {raw.article_id for raw in raws} == {article_id("https://one.example/1")}
    assert [raw.visit for raw in raws] == [1, 2, 3]
    assert raws[0].fetched == DAY
    assert {raw.seq.ms for raw in raws} == {epoch_ms(IMPORT)}, "it was not known before"
    assert unpack(raws[0].body) == page(1)
    assert (raws[0].charset, raws[0].outlet.id, raws[2].status) == ("utf-8", "one.example", 410)
    again, second = archive.brought(tmp_path)
    assert (again.imported, second) == (3, raws) if compress else again.imported == 3


def test_bodies_are_decoded_and_bounded(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("https://one.example/packed", gzip.compress(page(1)), Content_Encoding="gzip")
    archive.add("https://one.example/deflated", zlib.compress(page(2)), Content_Encoding="deflate")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page(3)), page(3))
    archive.add("https://one.example/chunked", chunked, Transfer_Encoding="chunked")
    archive.add("https://one.example/bomb", gzip.compress(b"a" * (MAX_BYTES + 1)), Content_Encoding="gzip")
    archive.add("https://one.example/undated", page(4), "yesterday")
    archive.add("https://one.example/last", page(5))
    totals, raws = archive.brought(tmp_path)
    bodies = {raw.url.rpartition("/")[2]: unpack(raw.body) for raw in raws}
    assert bodies == {"packed": page(1), "deflated": page(2), "chunked": page(3), "last": page(5)}
    assert [problem.partition(": ")[2].partition(": ")[0] for problem in totals.problems] == [
        "https://one.example/bomb", "https://one.example/undated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"no archive at all\n" * 20,
        gzip.compress(b"WARC/1.1\r\n" + b"x" * 20_000_000),
        gzip.compress(b"WARC/1.1\r\n" + b"A: b\r\n" * 2_000_000),
        gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\n")[:-8],
        b"\x1f\x8b" + b"\0" * 100,
    ],
    ids=["text", "endless line", "endless headers", "broken off", "broken gzip"],
)
def test_what_is_no_archive_is_named_and_bounded(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(data)
    kept = Kept()
    totals = import_paths([tmp_path], kept)
    assert kept.raw == []
    assert totals.imported == 0


def raw(url: str, body: bytes, **changes: object) -> RawArticle:
    made = RawArticle(
        article_id=article_id(url) if url else "0" * 32,
        seq=Seq(int(DAY.timestamp() * 1000), article_id(url) if url else "0" * 32),
        url=url,
        outlet=Outlet(id="one.example", name="One"),
        fetched=DAY,
        media_type="text/html",
        charset="utf-8",
        body=pack(body),
    )
    return msgspec.structs.replace(made, **changes)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    feed = FeedFacts(source="https://one.example/rss", title="Two", published=DAY, lang="en")
    said = {"content-type": "text/html; charset=utf-8"}
    agency = Outlet(id="one.example", name="One", country="GB", lang="en", kind="agency")
    articles = [
        raw("https://one.example/1", page(1), http_headers=said),
        raw(
            "https://feeds.example/r/2",
            page(2),
            # Its id is that of another address: behind a redirect, or a canonical link.
            article_id=article_id("https://one.example/two"),
            seq=Seq(int(DAY.timestamp() * 1000) - 5000, article_id("https://one.example/two")),
            final_url="https://one.example/two",
            outlet=agency,
            feed=feed,
            http_headers={**said, "etag": '"x"'},
            visit=2,
        ),
        raw("", b'{"id": "a", "text": "t"}', media_type="application/json", charset=None, feed=feed),
        raw(
            "https://one.example/4", b'{"id": "b", "text": "t"}', media_type="application/json", charset=None, feed=feed
        ),
        raw("", page(5), charset=None, feed=feed),
    ]
    path = tmp_path / "out.warc.gz"
    with path.open("wb") as file:
        assert write_articles(file, articles, name=path.name, compress=True) == 5
    with path.open("rb") as file:
        types = [record.rec_type for record in ArchiveIterator(file, check_digests=True)]
    assert types == ["warcinfo", *["response", "metadata"] * 2, *["resource", "metadata"] * 3]
    kept = Kept()
    assert import_paths([path], kept).failed == 0
    assert kept.raw[1:] == articles[1:]
    assert kept.raw[0] == msgspec.structs.replace(articles[0], feed=kept.raw[0].feed)


def test_headers_are_written_as_they_were_sent(tmp_path: Path) -> None:
    """ISO 28500 has the response as it came over the network; warcio would percent-encode what is no ASCII."""
    said = {"content-type": "text/html; charset=utf-8", "server": "«Ветер»", "etag": '"é; a=100%25"'}
    path = tmp_path / "out.warc"
    with path.open("wb") as file:
        write_articles(file, [raw("https://one.example/1", page(1), http_headers=said)], name="out", compress=False)
    assert "Server: «Ветер»\r\n".encode() in path.read_bytes()
    with path.open("rb") as file:
        assert [one.rec_type for one in ArchiveIterator(file, check_digests="raise") if one.content_stream().read()]
    kept = Kept()
    assert import_paths([path], kept).failed == 0
    assert kept.raw[0].http_headers == said


def test_a_line_break_in_an_address_does_not_break_the_archive(tmp_path: Path) -> None:
    broken = [raw("https://one.example/1\n", page(1)), raw("https://one.example/2\r\n\r\nWARC/1.1\r\n", page(2))]
    path = tmp_path / "out.warc"
    with path.open("wb") as file:
        assert write_articles(file, [*broken, raw("https://one.example/3", page(3))], name="out", compress=False) == 3
    kept = Kept()
    assert import_paths([path], kept).failed == 0
    assert [one.url for one in kept.raw] == [
        "https://one.example/1", "https://one.example/2WARC/1.1", "https://one.example/3",
    ]  # fmt: skip
    assert [one.article_id for one in kept.raw][:2] == [one.article_id for one in broken]


def test_what_a_stranger_says_of_an_article_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "out.warc"
    with path.open("wb") as file:
        write_articles(file, [raw("https://one.example/1", page(1), article_id="f" * 32)], name="x", compress=False)
    path.write_bytes(path.read_bytes().replace(b"software: remarkwire ", b"software: somethings "))
    kept = Kept()
    import_paths([path], kept)
    assert [r.article_id for r in kept.raw] == [article_id("https://one.example/1")]


@pytest.mark.parametrize("compress", [True, False])
def test_an_archive_that_breaks_off_says_so_and_half_a_page_is_no_article(compress: bool, tmp_path: Path) -> None:
    archive = Archive(compress=compress)
    ends = []
    for number in range(3):
        archive.add(f"https://one.example/{number}", page(number))
        ends.append(archive.file.tell())
    whole = archive.file.getvalue()
    # The blank lines behind a record are no loss where nothing is compressed.
    spare = 0 if compress else 4
    for cut in range(ends[0] + 1, ends[1] - spare, 13):
        path = tmp_path / ("a.warc.gz" if compress else "a.warc")
        path.write_bytes(whole[:cut])
        kept = Kept()
        totals = import_paths([path], kept)
        assert "breaks off" in "".join(totals.problems), cut
        assert {unpack(r.body) for r in kept.raw} <= {page(0), page(1)}, cut


@pytest.mark.parametrize("compress", [True, False])
def test_an_archive_of_ours_that_breaks_off_brings_no_article_without_its_metadata(
    compress: bool, tmp_path: Path
) -> None:
    articles = [raw(f"https://one.example/{n}", page(n), outlet=Outlet(id="one.example", name="One")) for n in range(2)]
    path = tmp_path / "out.warc"
    with path.open("wb") as file:
        write_articles(file, articles, name=path.name, compress=compress)
    whole, said = path.read_bytes(), 0
    for cut in range(len(whole) // 2, len(whole) - 4, 13):
        path.write_bytes(whole[:cut])
        kept = Kept()
        totals = import_paths([path], kept)
        assert {r.outlet.name for r in kept.raw} <= {"One"}, cut
        said += "breaks off" in "".join(totals.problems)
    # In the blank lines between two records nothing is lost.
    assert said > 20


def test_bodies_in_codings_that_are_not_opened_are_named(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("https://one.example/br", b"\x0b\x02\x80" + bytes(range(200)), Content_Encoding="br")
    archive.add("https://one.example/torn", gzip.compress(page(1))[:-20], Content_Encoding="gzip")
    archive.add("https://one.example/members", gzip.compress(page(2)[:99]) + gzip.compress(page(2)[99:]),
                Content_Encoding="GZIP")  # fmt: skip
    # Crawlers that open bodies and keep the header.
    archive.add("https://one.example/open-br", page(3), Content_Encoding="br")
    archive.add("https://one.example/open-gzip", page(4), Content_Encoding="gzip")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page(5)), page(5))
    archive.add("https://one.example/chunked", chunked, Transfer_Encoding="Chunked")
    totals, raws = archive.brought(tmp_path)
    assert [unpack(r.body) for r in raws] == [page(2), page(3), page(4), page(5)]
    assert [problem.partition("example/")[2].partition(":")[0] for problem in totals.problems] == ["br", "torn"]
    assert "'br'" in totals.problems[0]


def test_one_article_at_two_addresses_has_the_id_that_it_names(tmp_path: Path) -> None:
    named = b'<link rel="canonical" href="https://one.example/story/7"></head>'
    archive = Archive()
    archive.add("https://one.example/7?from=rss", page(7).replace(b"</head>", named))
    archive.add("https://one.example/news/7", page(7).replace(b"</head>", named), "2026-06-04T00:00:00Z")
    archive.add("https://one.example/7?from=rss", page(7, "Corrected later."), "2026-06-05T00:00:00Z")
    _, raws = archive.brought(tmp_path)
    assert [(r.article_id, r.visit) for r in raws] == [
        (article_id("https://one.example/story/7"), n) for n in (1, 2, 3)
    ]


def test_pages_of_an_archive_come_when_they_are_imported_in_its_order(tmp_path: Path) -> None:
    """Their fetches may be years ago, out of the window in which reports are compared: they must meet, and later."""
    archive = Archive()
    archive.add("https://one.example/1", page(1), "2016-06-03T12:00:00Z")
    archive.add("https://one.example/2", page(2), "2016-07-01T00:00:00Z")
    archive.add("https://one.example/1", page(1, "Corrected later."), "2016-07-02T00:00:00Z")
    archive.add("https://one.example/3", page(3), "2015-01-01T00:00:00Z")
    _, raws = archive.brought(tmp_path)
    assert [raw.seq.ms - epoch_ms(IMPORT) for raw in raws] == [0, 1, 0, 3]
    assert [(raw.fetched.year, raw.visit) for raw in raws] == [(2016, 1), (2016, 1), (2016, 2), (2015, 1)]


def test_a_page_from_the_future_does_not_end_the_window_of_today(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("https://one.example/1", page(1), "2999-01-01T00:00:00Z")
    archive.add("https://one.example/2", page(2))
    totals, raws = archive.brought(tmp_path)
    assert [r.url for r in raws] == ["https://one.example/2"]
    (problem,) = totals.problems
    assert "one.example/1" in problem
    assert "in the future" in problem


def test_files_open_with_a_bound_and_links_stay_in_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.html").write_bytes(page(1))
    (folder / "link.html").symlink_to(outside / "secret.html")
    (folder / "inner.html").symlink_to(folder / "page.html")
    (folder / "page.html").write_bytes(page(2))
    (folder / "bomb.html.gz").write_bytes(gzip.compress(b"a" * (MAX_BYTES + 1)))
    (folder / "bomb.jsonl.gz").write_bytes(gzip.compress(b"a" * (3 * MAX_BYTES) + b'\n{"id": "1", "text": "t"}\n'))
    kept = Kept()
    totals = import_paths([folder], kept)
    assert {unpack(r.body) for r in kept.raw} == {page(2), b'{"id":"1","text":"t"}'}
    assert len(totals.problems) == 2


def test_one_odd_record_does_not_hide_those_behind_it(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("https://one.example/1", page(1))
    archive.add("https://one.example/2", page(2), status="OK")
    archive.add("http://[one/3", page(3))
    archive.add("https://one.example]/4", page(4))
    archive.add("https://one.example/5.png", b"x", kind="image/png", status="OK")
    archive.add("https://one.example/6", page(6))
    totals, raws = archive.brought(tmp_path)
    assert [raw.url for raw in raws] == ["https://one.example/1", "https://one.example/6"]
    assert len(totals.problems) == 3
    assert "https://one.example/2: " in totals.problems[0]
