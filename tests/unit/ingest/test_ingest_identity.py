"""The article id: what is one article has one id, what is not has two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.identity import article_id, article_id_of_bytes, host_of, is_root, normalise_url, site_of
from schemas.errors import InputError

ONE = "https://news.example.org/2025/05/talks-42"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example.org/2025/05/talks-42",
        "https://www.news.example.org/2025/05/talks-42/",
        "HTTPS://M.News.Example.org:443/2025/05/talks-42",
        "http://mobile.news.example.org:80/2025/05/talks-42#comments",
        "https://amp.news.example.org/2025/05/talks-42",
        "https://news.example.org/amp/2025/05/talks-42",
        "https://news.example.org/2025/05/talks-42/amp/",
        "https://news.example.org/2025/05/talks-42?amp=1",
        "https://news.example.org/2025/05/talks-42?amp",
        "https://news.example.org/2025/05/talks-42.amp",
        "https://news.example.org/2025/05/talks-42?utm_source=rss&utm_medium=feed&fbclid=AbC",
        "https://news.example.org//2025/05/talks-42/index.html",
        "https://news.example.org/2025/05/t%61lks-42",
        "https://news-example-org.cdn.ampproject.org/c/s/news.example.org/2025/05/talks-42",
        "https://www.google.com/amp/s/news.example.org/2025/05/talks-42",
        " https://news.example.org./2025/05/\ttalks-42 ",
    ],
)
def test_addresses_of_one_article_have_one_id(url: str) -> None:
    assert normalise_url(url) == ONE
    assert article_id(url) == article_id(ONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a", "https://example.com/a"),
        ("https://example.org/news.php?id=1", "https://example.org/news.php?id=2"),
        ("https://example.org/news.php?1001", "https://example.org/news.php?1002"),
        ("https://example.org/n?cid=10", "https://example.org/n?cid=11"),
        ("https://example.org/n?q=%E0%E1", "https://example.org/n?q=%E2%E3"),
        ("https://example.org:8443/a", "https://example.org/a"),
        ("https://en.example.org/a", "https://ru.example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ],
)
def test_different_articles_have_different_ids(one: str, other: str) -> None:
    assert article_id(one) != article_id(other)


def test_hosts_in_any_script_are_one() -> None:
    assert host_of("https://www.пример.рф/новости") == host_of("https://xn--e1afmkfd.xn--p1ai/")
    assert normalise_url("https://пример.рф/Новость") == normalise_url(
        "http://xn--e1afmkfd.xn--p1ai/%d0%9d%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"
    )


@pytest.mark.parametrize(
    "url", ["", "news", "ftp://example.org/a", "https:///a", "https://example.org:x/", "mailto:a@b.c"]
)
def test_what_is_no_web_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(InputError, match="web address"):
        normalise_url(url)


_host = st.from_regex(r"(?:(?:www|m|amp|mobile|news)\.){0,3}[a-z]{1,8}\.(?:org|co\.uk|ru)", fullmatch=True)
_path = st.lists(
    st.one_of(st.sampled_from(["amp", "index.html", "", "%2F", "%41", "%", "новости", "a.amp"]), st.text(max_size=8)),
    max_size=5,
).map("/".join)
_query = st.lists(
    st.tuples(st.sampled_from(["id", "amp", "utm_source", "cid", "q", ""]), st.text(max_size=5)), max_size=4
)


@given(host=_host, path=_path, query=_query, scheme=st.sampled_from(["http", "https"]))
def test_normalising_is_idempotent(host: str, path: str, query: list[tuple[str, str]], scheme: str) -> None:
    url = f"{scheme}://{host}/{path}?" + "&".join(f"{name}={value}" for name, value in query)
    once = normalise_url(url)
    assert normalise_url(once) == once
    assert once.isascii()
    assert len(article_id(url)) == 32


@given(query=st.permutations(["a=1", "b=2", "c=", "d=%20x"]))
def test_the_order_of_parameters_does_not_matter(query: list[str]) -> None:
    assert normalise_url("https://example.org/a?" + "&".join(query)) == normalise_url(
        "https://example.org/a?a=1&b=2&c=&d=%20x"
    )


def test_ids_never_change() -> None:
    """Golden values: an id that changes makes every stored article a new one."""
    assert article_id("https://news.example.org/2025/05/talks-42") == GOLDEN_URL
    assert article_id_of_bytes("example.org", b"text") == GOLDEN_BYTES
    assert article_id_of_bytes("example.org", b"text") != article_id_of_bytes("example.com", b"text")


def test_site_and_root() -> None:
    assert site_of("news.bbc.co.uk") == "bbc.co.uk"
    assert site_of("news.one.example") == "one.example"
    assert site_of("127.0.0.1") == "127.0.0.1"
    assert is_root("https://www.example.org/?utm_source=x")
    assert is_root("https://example.org/index.html")
    assert not is_root("https://example.org/a")
    assert not is_root("https://example.org/?p=3")


GOLDEN_URL = "1026a17e839bbfd9aedd4de5d772d28b"
GOLDEN_BYTES = "708934f16232d4f77bb3a96dd5360475"
