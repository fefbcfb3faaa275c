"""The demo's press over real HTTP: every outlet, its feeds, and everything that is wrong with them."""

import collections
import re
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import feedparser
import httpx
import pytest
import trafilatura
import yaml
from protego import Protego

from console.demo.data import Article, load_gold, url_of
from console.demo.site import Site, serve

pytestmark = pytest.mark.e2e

GOLD = load_gold()
BY_ID = {article.id: article for article in GOLD.articles}
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}news"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
WORD = re.compile(r"\w+")


class Resolve(httpx.BaseTransport):
    """The fetcher's ``resolve`` in small: connect to the loopback port, keep the Host header."""

    def __init__(self, resolve: dict[str, str]) -> None:
        self._resolve = resolve
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, _, port = self._resolve[request.url.host].partition(":")
        url = request.url.copy_with(host=host, port=int(port))
        return self._inner.handle_request(httpx.Request(request.method, url, headers=request.headers))

    def close(self) -> None:
        self._inner.close()


def client_of(site: Site) -> httpx.Client:
    return httpx.Client(transport=Resolve(site.resolve), headers={"User-Agent": "press-test/1"})


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with client_of(site) as client:
        yield client


def listed(client: httpx.Client, site: Site) -> dict[str, list[str]]:
    """Addresses by outlet, as a reader of sources.yaml finds them."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for source in yaml.safe_load(site.sources_yaml())["sources"]:
        links = found[source["outlet"]]
        links += source["pages"]
        for feed in source["feeds"]:
            parsed = feedparser.parse(client.get(feed).content)
            assert not parsed.bozo, feed
            links += [entry.link for entry in parsed.entries]
        for sitemap in source["sitemaps"]:
            links += sitemap_links(client, sitemap)
    return found


def sitemap_links(client: httpx.Client, address: str) -> list[str]:
    root = ET.fromstring(client.get(address).content)
    locations = [
        str(child.findtext(LOC)) for child in root if root.tag.endswith("index") or child.find(NEWS) is not None
    ]
    if root.tag.endswith("index"):
        return [link for location in locations for link in sitemap_links(client, location)]
    return locations


def fetched(client: httpx.Client, article: Article) -> httpx.Response:
    """The article's page; the one that fails at first is asked for again."""
    response = client.get(url_of(article))
    return client.get(url_of(article)) if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR else response


def shingles(text: str) -> collections.Counter[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return collections.Counter(tuple(words[i : i + 4]) for i in range(len(words) - 3))


def test_every_article_can_be_reached_from_the_sources(site: Site, client: httpx.Client) -> None:
    site.phase = 2
    reached = set()
    for links in listed(client, site).values():
        for link in links:
            response = client.get(link, follow_redirects=True)
            if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                response = client.get(link)
            if response.is_success:
                reached.add(re.sub(r"https?://(?:m\.|www\.)?|amp/$|[?&](?:utm_|ref|fbclid).*", "", str(response.url)))
    assert {url_of(article).removeprefix("http://") for article in GOLD.articles} <= reached


def test_pages_carry_their_article_and_the_notice_that_it_is_invented(site: Site, client: httpx.Client) -> None:
    site.phase = 2
    templates = collections.defaultdict(list)
    for article in GOLD.as_of(2):
        response = fetched(client, article)
        assert response.status_code == httpx.codes.OK
        charset = "windows-1251" if article.outlet in ("volga-vesti.example", "stepnoy-kurier.example") else "utf-8"
        text = response.content.decode(charset)
        assert "every quotation are invented" in text
        assert response.headers["X-Synthetic"]
        templates[article.outlet].append(trafilatura.extract(response.content) or "")
        extracted = templates[article.outlet][-1]
        last = article.paragraphs[-1] if article.id != "neva-live" else article.paragraphs[-1].split(" ", 1)[1]
        assert " ".join(last.split()[:6]) in " ".join(extracted.split()), article.id
    assert len(templates) >= 8


def test_pages_are_realistic_to_clean(client: httpx.Client, record_property: Callable[[str, object], None]) -> None:
    """Noise must be there and must not be absurd. Multisets of 4-word shingles, F1 of mean precision and recall."""
    precision, recall, raw = [], [], []
    for article in GOLD.as_of(1):
        html = fetched(client, article).content
        want, got = shingles(article.text), shingles(trafilatura.extract(html) or "")
        common = (want & got).total()
        precision.append(common / max(1, got.total()))
        recall.append(common / want.total())
        everything = shingles(trafilatura.html2txt(html))
        raw.append((want & everything).total() / everything.total())
    p, r = statistics.mean(precision), statistics.mean(recall)
    f1 = 2 * p * r / (p + r)
    record_property("P R F1, P of all text", f"{p:.3f} {r:.3f} {f1:.3f}, {statistics.mean(raw):.3f}")
    assert f1 > 0.85
    assert p < 0.97, "no noise: these pages are too easy"
    assert statistics.mean(raw) < 0.75


def test_feed_dates_and_titles_are_those_of_the_labels(client: httpx.Client) -> None:
    entries = feedparser.parse(client.get("http://northern-agency.example/rss.xml").content).entries
    gold = {url_of(a): a for a in GOLD.articles if a.outlet == "northern-agency.example"}
    assert {entry.link for entry in entries} == set(gold)
    for entry in entries:
        assert entry.title == gold[entry.link].title
        assert entry.published_parsed[:6] == gold[entry.link].published.utctimetuple()[:6]
    atom = feedparser.parse(client.get("http://rheinland-bote.example/atom.xml").content)
    assert atom.version == "atom10"
    assert {entry.title for entry in atom.entries} == {
        a.title for a in GOLD.articles if a.outlet == "rheinland-bote.example"
    }


def test_phase_two_brings_late_articles_and_corrected_versions(site: Site, client: httpx.Client) -> None:
    late = [article for article in GOLD.articles if article.phase == 2]
    revised = [BY_ID[row.id] for row in GOLD.revisions]
    before = {article.id: fetched(client, article) for article in revised}
    feed = client.get("http://harbour-post.example/rss.xml")
    assert all(client.get(url_of(article)).status_code == httpx.codes.NOT_FOUND for article in late)

    site.phase = 2

    assert all(client.get(url_of(article)).status_code == httpx.codes.OK for article in late)
    assert late[0].title not in feed.text
    again = client.get("http://harbour-post.example/rss.xml", headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == httpx.codes.OK
    assert "baku-late-harbour" in BY_ID
    assert BY_ID["baku-late-harbour"].path in again.text
    assert "<atom:updated>2026-06-04T08:00:00+01:00</atom:updated>" in again.text
    for article in revised:
        response = client.get(url_of(article))
        assert response.content != before[article.id].content
        assert response.headers["ETag"] != before[article.id].headers["ETag"]
    assert "3.5 billion" in client.get(url_of(BY_ID["blanar-northern"])).text
    rewritten = trafilatura.extract(client.get(url_of(BY_ID["minsk-reaction-kyiv"])).content)
    assert rewritten
    assert "Lavrov" not in rewritten


def test_pages_that_are_not_revised_stay_to_the_byte(site: Site, client: httpx.Client) -> None:
    changed = {row.id for row in GOLD.revisions}
    same = [article for article in GOLD.as_of(1) if article.id not in changed]
    before = {article.id: fetched(client, article).content for article in same}
    site.phase = 2
    assert all(client.get(url_of(article)).content == before[article.id] for article in same)


def test_unchanged_pages_answer_304(client: httpx.Client) -> None:
    for address in ("http://potomac-ledger.example/news-sitemap.xml", url_of(BY_ID["astana-northern"])):
        first = client.get(address)
        by_tag = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        by_date = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        other = client.get(
            address, headers={"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}
        )
        assert (first.status_code, by_tag.status_code, by_date.status_code) == (200, 304, 304)
        assert by_tag.content == b""
        assert other.status_code == httpx.codes.OK


def test_charsets_are_declared_rightly_wrongly_and_not_at_all(client: httpx.Client) -> None:
    volga = client.get(url_of(BY_ID["astana-volga"]))
    assert volga.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert b"charset=utf-8" in volga.content
    stepnoy = client.get(url_of(BY_ID["neva-stepnoy"]))
    assert stepnoy.headers["Content-Type"] == "text/html"
    assert b"charset" not in stepnoy.content
    for response, article in ((volga, "astana-volga"), (stepnoy, "neva-stepnoy")):
        assert BY_ID[article].title in response.content.decode("windows-1251").replace("&#34;", '"')


def test_addresses_of_one_article_are_many(client: httpx.Client) -> None:
    path = BY_ID["neva-potomac"].path
    page = client.get(f"http://potomac-ledger.example{path}?utm_source=x&fbclid=y")
    amp = client.get(f"http://potomac-ledger.example{path}amp/")
    canonical = f'<link rel="canonical" href="http://potomac-ledger.example{path}">'
    assert canonical in page.text
    assert canonical in amp.text
    assert f'<link rel="amphtml" href="http://potomac-ledger.example{path}amp/">' in page.text
    mobile = client.get(url_of(BY_ID["baku-bogaz"]).replace("//", "//m."))
    assert mobile.content == client.get(url_of(BY_ID["baku-bogaz"])).content
    assert mobile.text.count("canonical") == 1
    copy = client.get(url_of(BY_ID["astana-digest"]))
    assert f'<link rel="canonical" href="{url_of(BY_ID["astana-northern"])}">' in copy.text
    assert "Source:" in copy.text


def test_what_goes_wrong_goes_wrong_as_announced(client: httpx.Client) -> None:
    assert "<title>" not in client.get(url_of(BY_ID["astana-steppe"])).text
    assert client.get("http://global-digest.example/a/withdrawn-by-the-publisher.html").status_code == 404
    moved = client.get("http://global-digest.example/r/2207")
    assert (moved.status_code, moved.headers["Location"]) == (301, url_of(BY_ID["baku-digest"]))
    first, second = (client.get(url_of(BY_ID["riyadh-monitor"])) for _ in range(2))
    assert (first.status_code, first.headers["Retry-After"], second.status_code) == (500, "1", 200)
    entries = feedparser.parse(client.get("http://steppe-times.example/rss.xml").content).entries
    assert "http://steppe-times.example/2026/06/" in {entry.link for entry in entries}
    video = client.get("http://telehorizon.example/videos/le-journal-du-10-juin_66160.html")
    assert "<video" in video.text
    assert client.get("http://harbour-post.example/no-such-page").status_code == 404


def test_robots_forbid_one_page_and_ask_one_fetcher_to_wait(client: httpx.Client, site: Site) -> None:
    for host in site.hosts:
        rules = Protego.parse(client.get(f"http://{host}/robots.txt").text)
        assert rules.can_fetch(f"http://{host}/", "press-test")
    steppe = Protego.parse(client.get("http://steppe-times.example/robots.txt").text)
    private = "http://steppe-times.example/private/unedited-notes-from-the-foreign-ministry"
    assert not steppe.can_fetch(private, "press-test")
    assert client.get(private).status_code == httpx.codes.OK
    rusinform = Protego.parse(client.get("http://rusinform.example/robots.txt").text)
    assert rusinform.crawl_delay("press-test") == 0.1
    assert list(rusinform.sitemaps) == ["http://rusinform.example/sitemap.xml"]


def test_gzip_is_used_where_it_is_understood(client: httpx.Client) -> None:
    address = url_of(BY_ID["astana-northern"])
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content


def test_hits_tell_who_asked_for_what(client: httpx.Client, site: Site) -> None:
    client.head("http://harbour-post.example/robots.txt?x=1")
    client.get("http://harbour-post.example/gone")
    assert [(h.host, h.path, h.user_agent, h.status) for h in site.hits] == [
        ("harbour-post.example", "/robots.txt?x=1", "press-test/1", 200),
        ("harbour-post.example", "/gone", "press-test/1", 404),
    ]
    assert site.hits[0].time <= site.hits[1].time


def test_two_runs_serve_the_same(client: httpx.Client) -> None:
    with serve() as other, client_of(other) as second:
        for address in ("http://bogaz-gazetesi.example/rss.xml", url_of(BY_ID["neva-live"])):
            assert client.get(address).content == second.get(address).content


def test_a_browser_finds_everything_from_the_loopback_address(site: Site) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}") as browser:
        contents = browser.get("/").text
        assert "Nobody said these things" in contents
        links = re.findall(r'href="(/~[^"]+)"', contents)
        assert len(links) == len(GOLD.as_of(1)) + len(GOLD.outlets)
        for link in links:
            assert browser.get(link.replace("&amp;", "&")).status_code == httpx.codes.OK
        page = browser.get("/~global-digest.example" + BY_ID["blanar-digest"].path).text
        assert "http://northern-agency.example/" not in page
        assert browser.get("/~nowhere.example/").status_code == httpx.codes.NOT_FOUND
