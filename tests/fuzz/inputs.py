# ruff: noqa: E501 - lines of data
"""Strategies for each kind of input: well-formed things of few pieces, and what accidents make of them."""

import json
from typing import Any

from hypothesis import strategies as st

import schemas
from schemas.examples import example
from schemas.message import Message
from schemas.topics import TOPICS
from tests.fuzz.bytes import broken, squeezed

KINDS: tuple[type[Message], ...] = tuple(dict.fromkeys([topic.message for topic in TOPICS] + [schemas.Mark]))  # type: ignore[list-item]

WORDS = {
    "en": "said that Lavrov Rubio minister Moscow according to told reporters “ ” \" ' . , : ; — – - ( ) Mr. U.S. he she "
    "who added: on Tuesday 2026 5,000 not will spokesman for the Foreign Ministry Sergei Sergey S. would I we they",
    "ru": "сказал заявил что Лавров Лаврова С.В.Лавров министр МИД по словам сообщил « » „ “ — – . , : ; Вопрос: Ответ: он "
    "она который во вторник 2026 году не будет глава Сергей Рубио Москве отметил, подчеркнул",
    "uk": "сказав заявив що Лавров міністр за словами « » — . , : він повідомив Києві Сергій не",
    "de": "sagte Lawrow dass der Außenminister „ “ » « . , : er sie erklärte laut Angaben zufolge in Moskau am Dienstag nicht",
    "fr": "a déclaré Lavrov que le ministre « » ’ . , : selon il elle affirmé à Moscou mardi ne pas",
    "es": "dijo Lavrov que el ministro « » “ ” . , : según él ella afirmó en Moscú el martes no",
    "pl": "powiedział Ławrow że minister „ ” – . , : według on ona dodał w Moskwie we wtorek nie",
    "tr": "Lavrov dedi ki bakan “ ” ’ . , : söyledi göre o ifade etti Moskova’da salı Dışişleri Bakanı",
    "ar": "وقال لافروف إن الوزير « » ، . : بحسب هو صرح في موسكو الثلاثاء لا",
}
ODD = (
    "\n",
    "\n\n",
    "\t",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\u0301",
    "\u00ad",
    "\x00",
    "\ufeff",
    "🙂",
    "İ",
    "ß",
    "ŉ",
    "ﬁ",
    "Ⅷ",
    "٣",
)


@st.composite
def prose(draw: st.DrawFn) -> tuple[str, str]:
    """A language, and a text of its words of reporting, of marks, and of what no rule thought of."""
    lang = draw(st.sampled_from(sorted(WORDS)))
    words = st.sampled_from(WORDS[lang].split())
    other = st.one_of(words, words, words, st.sampled_from(ODD), st.text(max_size=6), st.integers().map(str))
    pieces = draw(st.lists(st.tuples(other, st.sampled_from([" ", " ", " ", " ", "", "\n"])), max_size=60))
    return lang, "".join(word + gap for word, gap in pieces)


texts = st.one_of(prose().map(lambda pair: pair[1]), st.text(max_size=30))
dates = st.sampled_from(
    ["Tue, 02 Jun 2026 10:00:00 GMT", "2026-06-02T10:00:00Z", "2026-06-02", "0001-01-01T00:00:00+14:00", "10000-01-01",
     "9999-12-31T23:59:59-14:00", "yesterday", "", "2026-13-45T99:99", "1780000000", "Вт, 02 июн 2026"],
)  # fmt: skip
links = st.one_of(
    st.sampled_from(
        ["https://paper.example/a", "/a?b=c#d", "", "//other.example/x", "http://[", "http://[::1]/", "javascript:alert(1)",
         "http://user:pass@host/", "https://a.example:99999/", "http://a..b/", "http://xn--a/", "http://ⓔxample.com/",
         "http://0x7f000001/", "data:text/html,x", "https://paper.example/%zz%00", "http://\u2488com/", "mailto:a@b"],
    ),
    st.text(max_size=15).map(lambda tail: f"https://paper.example/{tail}"),
)  # fmt: skip


def _xml(text: str) -> str:
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, entity)
    return text.encode("utf-8", "replace").decode()


@st.composite
def elements(draw: st.DrawFn, names: list[str], values: st.SearchStrategy[str]) -> str:
    return "".join(f"<{n}>{_xml(draw(values))}</{n}>" for n in draw(st.lists(st.sampled_from(names), max_size=6)))


_values = st.one_of(texts, dates, links)
_ITEM = [
    "title",
    "link",
    "guid",
    "pubDate",
    "description",
    "author",
    "dc:creator",
    "dc:date",
    "id",
    "updated",
    "content",
]
_RSS = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title><ttl>{ttl}</ttl>{items}</channel></rss>'
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{items}</feed>'


@st.composite
def xml_feeds(draw: st.DrawFn) -> bytes:
    shape, node = draw(st.sampled_from([(_RSS, "item"), (_ATOM, "entry")]))
    items = "".join(
        f"<{node}><link href='{_xml(draw(links))}'/>{draw(elements(_ITEM, _values))}</{node}>"
        for _ in range(draw(st.integers(0, 4)))
    )
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "windows-1251", "iso-8859-1"]))
    declared = draw(st.sampled_from(["utf-8", encoding, "utf-7", "x-none", ""]))
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return (head + shape.format(ttl=draw(_values.map(_xml)), items=items)).encode(encoding, "replace")


_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | dates | links,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
_FIELDS = [
    "url",
    "title",
    "date_published",
    "date_modified",
    "authors",
    "language",
    "id",
    "text",
    "published",
    "outlet",
    "lang",
]


def _objects(fields: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(fields), _json_values, max_size=7)


json_feeds = st.fixed_dictionaries({"items": st.lists(_objects(_FIELDS), max_size=4) | _json_values}).map(
    lambda feed: json.dumps(feed).encode("utf-8", "replace")
)
feeds = broken(xml_feeds() | json_feeds)


@st.composite
def xml_sitemaps(draw: st.DrawFn) -> bytes:
    root, node = draw(st.sampled_from([("urlset", "url"), ("sitemapindex", "sitemap"), ("rss", "item")]))
    news = ["n:title", "n:publication_date", "n:publication", "n:name", "n:language"]
    items = "".join(
        f"<{node}><loc>{_xml(draw(links))}</loc>{draw(elements(['lastmod', 'loc', 'changefreq'], _values))}"
        f"<n:news>{draw(elements(news, _values))}</n:news></{node}>"
        for _ in range(draw(st.integers(0, 4)))
    )
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="urn:news">{items}</{root}>'.encode()


sitemaps = broken(xml_sitemaps()) | squeezed(xml_sitemaps())

_TAGS = ("p", "div", "article", "main", "h1", "h2", "a", "span", "b", "ul", "li", "table", "tr", "td", "blockquote", "nav",
         "footer", "header", "section", "figure", "time", "pre", "br", "form", "svg", "iframe", "object")  # fmt: skip
_META = (
    '<meta property="og:title" content="{}">', '<meta name="author" content="{}">', '<link rel="canonical" href="{}">',
    '<meta property="article:published_time" content="{}">', '<meta charset="{}">', "<title>{}</title>",
    '<script type="application/ld+json">{}</script>', '<html lang="{}">', '<base href="{}">',
    '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{}", "author": [{{"name": 1}}, []]}}</script>',
    '<meta property="og:image" content="{}">', "<style>{}</style>", "<!-- {} -->", '<time datetime="{}">',
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A page: a head that says something, a body of nested blocks."""
    head = "".join(m.format(draw(_values)) for m in draw(st.lists(st.sampled_from(_META), max_size=6)))
    body, open_tags = [], []
    for _ in range(draw(st.integers(0, 25))):
        match draw(st.integers(0, 5)):
            case 0 | 1:
                tag = draw(st.sampled_from(_TAGS))
                open_tags.append(tag)
                body.append(
                    draw(st.sampled_from(["<{}>", '<{} class="byline author">', '<{} style="display:none">'])).format(
                        tag
                    )
                )
            case 2:
                body.append(f"</{open_tags.pop() if open_tags else 'p'}>")
            case _:
                body.append(f"<p>{draw(texts)} {draw(st.sampled_from(['', PARAGRAPH, PARAGRAPH * 3]))}</p>")
    page = f"<!doctype html><html><head>{head}</head><body>{''.join(body)}</body></html>"
    return page.encode(draw(st.sampled_from(["utf-8", "windows-1251", "utf-16", "latin-1", "koi8-r"])), "replace")


PARAGRAPH = (
    "The ferries will sail on Monday, the invented minister said in the port of Ankara; nobody believed him at first. "
)
pages = broken(documents())


@st.composite
def messages(draw: st.DrawFn) -> tuple[type[Message], bytes]:
    """A message's type, and its JSON with another value in some place."""
    kind = draw(st.sampled_from(KINDS))
    tree = json.loads(example(kind).encode())
    for _ in range(draw(st.integers(0, 3))):
        node: Any = tree
        while True:
            if isinstance(node, dict) and node:
                key: Any = draw(st.sampled_from(sorted(node)))
            elif isinstance(node, list) and node:
                key = draw(st.integers(0, len(node) - 1))
            else:
                break
            if isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
                node = node[key]
                continue
            node[key] = draw(_json_values)
            break
    return kind, draw(broken(st.just(json.dumps(tree).encode("utf-8", "replace"))))


rows = st.lists(_objects(_FIELDS), max_size=4).map(
    lambda found: b"\n".join(json.dumps(row).encode("utf-8", "replace") for row in found)
)


@st.composite
def warcs(draw: st.DrawFn) -> bytes:
    out = b""
    for _ in range(draw(st.integers(0, 3))):
        body = draw(pages)
        version = draw(st.sampled_from([b"WARC/1.0", b"WARC/1.1", b"WARC/9", b"HTTP/1.1 200 OK"]))
        head = draw(st.sampled_from(_HTTP))
        length = draw(st.sampled_from([len(head) + len(body)] * 4 + [0, -1, 10**12]))
        kind = draw(st.sampled_from([b"response", b"resource", b"revisit", b"metadata", b"x"]))
        out += version + b"\r\nWARC-Type: " + kind + b"\r\nWARC-Target-URI: " + draw(links).encode("utf-8", "replace")
        out += b"\r\nWARC-Date: " + draw(dates).encode() + b"\r\nContent-Type: application/http; msgtype=response"
        out += b"\r\nContent-Length: " + str(length).encode() + b"\r\n\r\n" + head + body + b"\r\n\r\n"
    return out


_HTTP = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 99999999999999999999 X\r\nContent-Type: text/plain\r\n\r\n",
    b"HTTP/1.1 404\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\x00\r\n : \r\n\r\n",
)  # fmt: skip

files = st.one_of(
    broken(rows).map(lambda body: (".jsonl", body)),
    squeezed(rows).map(lambda body: (".jsonl.gz", body)),
    broken(rows).map(lambda body: (".json", b"[" + b",".join(body.splitlines()) + b"]")),
    pages.map(lambda body: (".html", body)),
    squeezed(documents()).map(lambda body: (".html.gz", body)),
    broken(prose().map(lambda pair: pair[1].encode("utf-8", "replace"))).map(lambda body: (".txt", body)),
    broken(warcs()).map(lambda body: (".warc", body)),
    squeezed(warcs()).map(lambda body: (".warc.gz", body)),
)
"""The end of a file's name, and its bytes."""
