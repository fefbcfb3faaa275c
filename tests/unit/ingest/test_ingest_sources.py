"""sources.yaml: what is wrong in it is refused by name."""

from pathlib import Path

import pytest

from ingest.sources import SourceEntry, doubts, listed, load_sources, parse_sources, text_of, with_source
from schemas.errors import InputError, SettingsError

GOOD = """
sources:
  - outlet: example.org
    name: Example
    country: GB
    lang: en
    kind: paper
    feeds: [https://example.org/rss]
    sitemaps: [https://example.org/news.xml]
    interval: 60
"""


def test_the_example_file_is_valid() -> None:
    sources = load_sources(Path(__file__).parents[3] / "deploy/sources.example.yaml")
    assert len({source.outlet for source in sources}) >= 40
    assert len({source.lang for source in sources}) >= 10
    assert {source.kind for source in sources} == {"agency", "state", "broadcaster", "paper", "aggregator"}
    assert all(source.country and source.lang for source in sources)


def test_an_entry_is_read() -> None:
    (source,) = parse_sources(GOOD)
    assert source.interval == 60
    assert source.as_outlet().id == "example.org"
    assert source.as_outlet().country == "GB"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("kind: paper", "kind: blog"), ["kind", "example.org", "'agency'", "'blog'"]),
        (("country: GB", "country: England"), ["country", "'England'"]),
        (("interval: 60", "intervall: 60"), ["intervall", "no such key", "interval"]),
        (("interval: 60", "interval: -1"), ["interval", "-1"]),
        (("[https://example.org/rss]", "[example.org/rss]"), ["feeds.0", "http://"]),
        (("outlet: example.org", "outlet: www.example.org"), ["outlet", "'example.org'"]),
        (("    name: Example\n", ""), ["name", "required"]),
        (("sources:", "source:"), ["source", "no such key"]),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_sources(GOOD.replace(*change), "sources.yaml")
    for word in ["sources.yaml", *words]:
        assert word in str(caught.value)


def test_an_entry_without_addresses_is_refused() -> None:
    text = "sources: [{outlet: example.org, name: E, kind: paper}]"
    with pytest.raises(SettingsError, match="names no feed"):
        parse_sources(text)


def test_a_feed_named_twice_is_refused() -> None:
    with pytest.raises(SettingsError, match="named twice"):
        parse_sources(GOOD + GOOD.replace("\nsources:\n", "").replace("example.org\n", "example.com\n"))


@pytest.mark.parametrize("text", ["", "- a", "sources: [", "sources: 3"])
def test_what_is_no_list_of_sources_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_sources(text)


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("", "sources:\n"),
        (" \n", " \nsources:\n"),
        ("# Ours.\n\n# More to come", "# Ours.\n\n# More to come\nsources:\n"),
        ("---\n", "---\nsources:\n"),
        ("# Ours.\nsources:", "# Ours.\nsources:\n"),
        ("sources:  # none yet\n  # - outlet: a\n", "sources:  # none yet\n  # - outlet: a\n"),
        ("sources: []  # none yet\n", "sources:  # none yet\n"),
        ("sources : [\n]\n# The end.\n", "sources :\n# The end.\n"),
        ("sources: null", "sources:\n"),
        ("sources: ~\n", "sources:\n"),
    ],
)
def test_a_list_without_entries_takes_its_first_and_its_second(before: str, kept: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(before, encoding="utf-8")
    assert listed(path) == []
    entry, other = (
        SourceEntry(outlet=outlet, name="A", kind="paper", feeds=[f"https://{outlet}/rss"])
        for outlet in ("one.example", "two.example")
    )
    text = with_source(before, entry)
    assert text.startswith(f"{kept}  - outlet: one.example\n")
    assert parse_sources(with_source(text, other)) == [entry, other]


def test_a_byte_order_mark_is_no_part_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD.lstrip().replace("  - outlet", "- outlet").replace("    ", "  "), encoding="utf-8-sig")
    (entry,) = load_sources(path)
    other = entry.model_copy(update={"outlet": "two.example", "feeds": ["https://two.example/rss"], "sitemaps": []})
    assert parse_sources(with_source(text_of(path), other)) == [entry, other]


def test_a_list_that_is_not_there_has_no_entries(tmp_path: Path) -> None:
    assert listed(tmp_path / "no.yaml") == []
    (tmp_path / "other.yaml").write_text("outlets: []\n")
    with pytest.raises(SettingsError, match="sources"):
        listed(tmp_path / "other.yaml")


@pytest.mark.parametrize(
    ("outlet", "words"),
    [
        ("127.0.0.1", ["is the id of Harbour Post too", "fetch.resolve"]),
        ("localhost", ["fetch.resolve"]),
        ("10.0.0.300", ["fetch.resolve"]),
        ("one.example", []),
    ],
)
def test_a_host_that_does_not_tell_an_outlet_from_others_is_doubted(outlet: str, words: list[str]) -> None:
    def entry(outlet: str, name: str) -> SourceEntry:
        return SourceEntry(outlet=outlet, name=name, kind="paper", feeds=[f"http://{outlet}:8711/rss"])

    found = doubts(entry(outlet, "New"), [entry("127.0.0.1", "Harbour Post"), entry("two.example", "Two")])
    assert len(found) == len(words)
    assert all(word in doubt for word, doubt in zip(words, found, strict=True))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no\.yaml: cannot be read"):
        load_sources(tmp_path / "no.yaml")


def test_a_list_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    from console.commands.sources import _write

    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"sources\.yaml: cannot be written: .*; nothing was added"):
        _write(tmp_path / "file" / "sources.yaml", "sources: []\n")


def test_a_list_behind_a_link_is_written_where_it_lies(tmp_path: Path) -> None:
    from console.commands.sources import _write

    link, file = tmp_path / "sources.yaml", tmp_path / "ours.yaml"
    file.touch(mode=0o600)
    link.symlink_to(file)
    _write(link, "sources: []\n")
    assert link.is_symlink()
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("sources: []\n", 0o600)
    assert sorted(tmp_path.iterdir()) == [file, link]
