"""Cleaning one page: decoding, metadata, dates, credit, furniture, what is no article. All texts are synthetic."""

import datetime
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.body import pack, unpack
from ingest.clean import clean_page, revision_of
from ingest.clean.metadata import dates
from ingest.clean.metadata.credit import credited, credited_in_text, with_credit
from ingest.clean.service import Work, clean_record
from ingest.clean.text.decode import decode
from ingest.clean.text.furniture import strip_furniture
from ingest.clean.text.lines import with_times
from ingest.clean.text.plain import plain_article
from schemas import CleanArticle, FeedFacts, ImportedArticle, RawArticle, SkippedArticle
from schemas.errors import CleanError, MessageTooLarge
from tests.builders import raw_article

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
PARAGRAPHS = [
    "The invented minister said on Tuesday that the invented bridge would open before the end of the year.",
    "He told reporters in the invented town that the builders had never been late by more than a week.",
    "Asked about the price, he answered that it was lower than that of the tunnel which nobody wanted.",
]
RUSSIAN = (
    "Выдуманный министр заявил во вторник, что выдуманный мост откроют до конца года. Он сказал журналистам, что "
    "строители ни разу не опоздали больше чем на неделю, а цена моста ниже цены туннеля, который никому не нужен."
)


def page(body: str = "", head: str = "", title: str = "Bridge to open this year, minister says") -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return (
        f"<html lang='en-GB'><head><title>{title} | Example Daily</title>{head}</head><body><nav><a href='/'>Home</a>"
        f"</nav><article><h1>{title}</h1>{paragraphs}{body}</article></body></html>"
    )


def raw(html: str | bytes, **fields: object) -> RawArticle:
    return raw_article(html, **({"url": "https://example.org/world/bridge", "fetched": AT} | fields))


def cleaned(html: str | bytes, **fields: object) -> CleanArticle:
    found = clean_page(raw(html, **fields))
    assert isinstance(found, CleanArticle), found
    return found


def skipped(html: str | bytes, **fields: object) -> SkippedArticle:
    found = clean_page(raw(html, **fields))
    assert isinstance(found, SkippedArticle), found
    return found


def test_a_page_becomes_an_article() -> None:
    found = cleaned(page())
    assert found.title == "Bridge to open this year, minister says"
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.lang == "en"
    assert found.revision == revision_of(found.text)
    assert (found.article_id, found.seq, found.visit) == ("a", raw(page()).seq, 1)


def test_cleaning_is_deterministic() -> None:
    one = raw(page())
    assert len({clean_page(one).encode() for _ in range(5)}) == 1


def test_a_revision_is_that_of_the_body_alone() -> None:
    one = cleaned(page())
    other = cleaned(page(head="<meta name='author' content='Ann Other'>"), url="https://example.org/elsewhere")
    changed = cleaned(page("<p>This sentence was added to the invented report in the evening of that day.</p>"))
    assert one.revision == other.revision
    assert one.revision != changed.revision


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
def test_russian_without_a_declaration_is_read(encoding: str) -> None:
    html = f"<html><body><article><p>{RUSSIAN}</p></article></body></html>"
    assert RUSSIAN in cleaned(html.encode(encoding)).text


@pytest.mark.parametrize(
    ("charset", "meta"), [("windows-1251", ""), (None, "<meta charset=windows-1251>"), ("utf-8", ""), ("nonsense", "")]
)
def test_windows_1251_is_read_whatever_is_declared(charset: str | None, meta: str) -> None:
    html = f"<html><head>{meta}</head><body><article><p>{RUSSIAN}</p></article></body></html>"
    assert RUSSIAN in cleaned(html.encode("cp1251"), charset=charset).text


def test_utf_8_is_read_even_when_something_else_is_declared() -> None:
    assert decode(f"<meta charset='windows-1251'>{RUSSIAN}".encode(), "koi8-r").endswith(RUSSIAN)


def test_a_truncated_utf_8_page_stays_utf_8() -> None:
    assert decode(RUSSIAN.encode()[:-1]).startswith(RUSSIAN[:-2])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Dışişleri Bakanı çarşamba günü yaptığı açıklamada görüşmelerin yakında başlayacağını söyledi.", "cp1254"),
        ("Der erfundene Minister erklärte, dass die Brücke früher öffnen würde. Über Übergänge schwieg er.", "cp1252"),
        ("Le ministre imaginaire a déclaré que le pont était prêt à être inauguré avant l'été, dès février.", "cp1252"),
        ("Wymyślony minister powiedział w środę, że wymyślony most zostanie otwarty do końca roku. Żółć.", "cp1250"),
        ("Вигаданий міністр заявив, що їхній міст відкриють до кінця року, а ціна є нижчою за ціну тунелю.", "cp1251"),
    ],
)
def test_other_undeclared_encodings(text: str, encoding: str) -> None:
    assert decode(f"<p>{text}</p>".encode(encoding)) == f"<p>{text}</p>"


@given(st.binary(max_size=2000), st.none() | st.sampled_from(["utf-8", "cp1251", "utf-16", "x-unknown"]))
def test_any_bytes_are_decoded(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset), str)


JSON_LD = {
    "@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge to open this year, minister says",
    "datePublished": "2026-06-02T18:30:00+03:00", "author": [{"@type": "Person", "name": "Ann Example"}],
    "articleSection": "World",
}  # fmt: skip


def json_ld(**changes: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(JSON_LD | changes)}</script>"


def test_what_a_page_states_in_json_ld_is_taken() -> None:
    found = cleaned(page(head=json_ld()))
    assert found.published == datetime.datetime.fromisoformat("2026-06-02T18:30:00+03:00")
    assert found.published is not None
    assert found.published.isoformat() == "2026-06-02T18:30:00+03:00"
    assert (found.published_from, found.authors, found.section) == ("json-ld", ["Ann Example"], "World")


def test_the_feeds_date_comes_before_the_pages() -> None:
    moment = datetime.datetime.fromisoformat("2026-06-02T10:00:00+05:00")
    found = cleaned(page(head=json_ld()), feed=FeedFacts(source="https://example.org/rss", published=moment))
    assert (found.published, found.published_from) == (moment, "feed")


@pytest.mark.parametrize(
    ("head", "url", "body", "expected"),
    [
        (
            "<meta property='article:published_time' content='2026-06-01T08:00:00Z'>",
            "",
            "",
            ("2026-06-01T08:00", "meta"),
        ),
        ("", "https://example.org/2026/06/01/bridge", "", ("2026-06-01T00:00", "url")),
        ("", "", "<p>1 June 2026</p>", ("2026-06-01T00:00", "text")),
        ("", "", "<p>01.06.2026 13:20</p>", ("2026-06-01T13:20", "text")),
        (json_ld(datePublished="2203-01-01"), "https://example.org/2026/06/01/bridge", "", ("2026-06-01T00:00", "url")),
        (json_ld(datePublished="1970-01-01"), "https://example.org/2026/06/01/bridge", "", ("2026-06-01T00:00", "url")),
        (json_ld(datePublished="2026-06-03T12:00:00Z"), "", "", ("2026-06-03T09:00", "json-ld")),
    ],
)
def test_dates_and_where_they_were_found(head: str, url: str, body: str, expected: tuple[str, str]) -> None:
    found = cleaned(page(body, head), url=url or "https://example.org/bridge")
    assert found.published is not None
    assert (found.published.isoformat()[:16], found.published_from) == expected


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.just(datetime.UTC)))
def test_no_date_is_later_than_the_fetch(moment: datetime.datetime, fetched: datetime.datetime) -> None:
    found = dates.choose([("feed", moment)], fetched)
    assert found is None or found.moment <= fetched


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(value: str) -> None:
    found = dates.parse(value)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.example.org/world/bridge?utm_source=x", "https://example.org/world/bridge"),
        ("/world/bridge/", "https://example.org/world/bridge"),
        ("https://agency.example/bridge", "https://agency.example/bridge"),
        ("https://example.org/", None),
        ("https://agency.example", None),
        ("javascript:void(0)", None),
    ],
)
def test_canonical_addresses(link: str, expected: str | None) -> None:
    assert cleaned(page(head=f"<link rel='canonical' href='{link}'>")).canonical_url == expected


@pytest.mark.parametrize(
    ("first", "last", "authors", "expected"),
    [
        ("ANKARA (AA) – The invented minister said so.", "", [], "Anadolu Agency"),
        ("MOSCOW, May 28 (Reuters) - The invented minister said so.", "", [], "Reuters"),
        ("ANKARA (NA) – The invented minister said so.", "", [], "NA"),
        ("МОСКВА, 28 мая. /ТАСС/. Выдуманный министр сказал.", "", [], "TASS"),
        ("МОСКВА, 28 мая - РИА Новости. Выдуманный министр сказал.", "", [], "RIA Novosti"),
        ("BERLIN (dpa) - Der Minister sagte es.", "", [], "dpa"),
        ("The invented minister said so.", "Source: Al Jazeera", [], "Al Jazeera"),
        ("The invented minister said so.", "Source; Example Times", [], "Example Times"),
        ("Выдуманный министр сказал.", "По материалам Русинформ", [], "Русинформ"),
        ("The invented minister said so (Reuters).", "", [], "Reuters"),
        ("The invented minister said so.", "", ["Ann Example", "AFP"], "AFP"),
        ("The invented minister (left) – an angler – said so.", "", [], None),
        ("Paris (updated) - The invented minister said so.", "", [], None),
        ("The invented minister said so.", "", ["Ann Example"], None),
    ],
)
def test_whom_an_article_credits(first: str, last: str, authors: list[str], expected: str | None) -> None:
    lines = [first, "He said more in the second paragraph of it.", *([last] if last else [])]
    assert credited(lines, authors, "example.org") == expected


def test_an_agencys_own_name_is_no_credit() -> None:
    assert credited(["МОСКВА, 28 мая. /ТАСС/. Министр сказал."], [], "tass.ru") is None
    assert credited_in_text(["Мост откроют в мае, сообщает ТАСС."], "tass.ru") is None
    assert credited_in_text(["Мост откроют в мае, сообщает РБК-Украина."], "rbc.ua") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge will open in May, the invented minister said, Interfax reported.", "Interfax"),
        ("The bridge will open in May, according to the state news agency TASS.", "TASS"),
        ("Мост откроют в мае, заявил выдуманный министр, передаёт РИА Новости.", "RIA Novosti"),
        ("Об этом сообщает агентство «Интерфакс» со ссылкой на министра.", "Interfax"),
        ("По данным Интерфакса, мост откроют в мае.", "Interfax"),
        ("Міст відкриють у травні, повідомляє Укрінформ.", "Ukrinform"),
        ("Die Brücke wird im Mai geöffnet, wie die Nachrichtenagentur dpa meldet.", "dpa"),
        ("Die Brücke wird laut der Agentur Tass im Mai geöffnet.", "TASS"),
        ("Le pont ouvrira en mai, rapporte l’AFP.", "AFP"),
        ("El puente abrirá en mayo, según la agencia EFE.", "EFE"),
        ("AA'nın haberine göre köprü mayısta açılacak.", "Anadolu Agency"),
        ("По данным «Известий», мост откроют в мае.", "Izvestia"),
        ("The bridge will open in May, the Financial Times reported, citing Reuters.", "Financial Times"),
        ("Об этом сообщает РИА-Новости.", "RIA Novosti"),
        ("نقلت وكالة رويترز عن الوزير أن الجسر سيفتح في مايو.", "Reuters"),
        ("سيفتح الجسر في مايو، وفقا لوكالة تاس.", "TASS"),
        # A name that goes on behind a hyphen is another's, but in German, which joins common nouns so.
        ("Об этом сообщает РБК-Украина со ссылкой на министра.", "RBC-Ukraine"),
        ("За даними Інтерфакс-України, міст відкриють у травні.", "Interfax-Ukraine"),
        ("По данным Интерфакс-Украины, мост откроют в мае.", "Interfax-Ukraine"),
        ("Мост откроют в мае, пишет Коммерсантъ-Приморье.", None),
        ("The bridge will open in May, according to Interfax-Elsewhere.", None),
        ("Die Brücke wird laut dpa-Informationen im Mai geöffnet.", "dpa"),
        ("Laut Spiegel-Bericht wird die Brücke im Mai geöffnet.", "Der Spiegel"),
        # Who is told, or asked, has it from him.
        ("The bridge will open in May, the invented minister told Reuters.", None),
        ("Выдуманный министр сообщил ТАСС, что мост откроют в мае.", None),
        ("In an interview with Bloomberg the invented minister named May.", None),
        ("Аппарат «Спутник» вышел на орбиту.", None),
        ("The wrapper reported nothing, and the rapper wrote.", None),
    ],
)
def test_whom_a_sentence_credits(text: str, expected: str | None) -> None:
    assert credited_in_text([text, "He said more in the second paragraph of it."], "example.org") == expected


def test_only_the_first_paragraphs_credit() -> None:
    lines = ["The invented minister said so."] * 4
    assert credited_in_text([*lines, "A storm is near, Reuters reported."], "example.org") is None


@pytest.mark.parametrize(
    "tail",
    ["Hashtags", "Comments", "Related Articles", "Try Our AI Features", "Комментарии", "Читайте также:", "#bridge"],
)
def test_what_follows_the_article_is_dropped(tail: str) -> None:
    assert strip_furniture([*PARAGRAPHS, tail, "A headline of another article"]) == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    ["Read also: Tunnel will never open", "Читайте также: Туннель не откроют", "Share this article", "Advertisement",
     "Facebook Twitter WhatsApp", "Lesen Sie auch: Der Tunnel", "İlgili haber: Tünel", "À lire aussi : le tunnel",
     "Skip to main content", "3 min read", "(Reporting by Ann Example; editing by Bob Example)"],
)  # fmt: skip
def test_lines_of_the_page_inside_the_article_are_dropped(line: str) -> None:
    assert strip_furniture([PARAGRAPHS[0], line, *PARAGRAPHS[1:]]) == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    ["Comments by the invented minister were read also: in the square, on the radio and in the hall.",
     "“Read more,” he advised the children of the invented town.", "He will share the prize with the builders."],
)  # fmt: skip
def test_sentences_that_begin_alike_stay(line: str) -> None:
    assert strip_furniture([*PARAGRAPHS, line]) == [*PARAGRAPHS, line]


@given(st.lists(st.text(max_size=80)))
def test_furniture_only_removes_lines(lines: list[str]) -> None:
    kept = iter(lines)
    assert all(line in kept for line in strip_furniture(lines))


def test_times_of_a_live_blog_stand_before_their_entries() -> None:
    assert with_times(["18:41", "One.", "18.20", "Two.", "17:02 Uhr", "Three."]) == [
        "18:41 One.", "18.20 Two.", "17:02 Uhr Three.",
    ]  # fmt: skip
    assert with_times(["18:41", "One."]) == ["18:41", "One."]


def test_title_and_byline_above_the_body_are_not_in_it_again() -> None:
    text = "World\nBridge opens\nBy Ann Example\n" + "\n".join(PARAGRAPHS)
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    head = json_ld(headline="Bridge opens")
    found = cleaned(f"<html><head>{head}</head><body><article>{html}</article></body></html>")
    assert found.text == "\n".join(PARAGRAPHS)


def test_a_plain_text_with_a_title() -> None:
    found = plain_article("\nBridge to open this year\nBy Ann Example\n" + "\n\n".join(PARAGRAPHS))
    assert (found.title, found.authors, found.lines) == ("Bridge to open this year", ["Ann Example"], PARAGRAPHS)


def test_a_plain_text_without_a_title_gets_none() -> None:
    found = plain_article("Skip to main content\n\n" + "\n".join(PARAGRAPHS))
    assert (found.title, found.lines) == ("", PARAGRAPHS)


def test_plain_text_and_imported_rows_go_the_same_way() -> None:
    text = "\n".join(PARAGRAPHS)
    assert cleaned(text, media_type="text/plain").text == text
    row = ImportedArticle(id="1", title="Bridge", text=text + "\nComments", published="2026-06-01", authors=["Ann"])
    found = cleaned(msgspec.json.encode(row), media_type="application/json")
    assert (found.title, found.text, found.authors) == ("Bridge", text + "\nComments", ["Ann"])
    assert (found.published_from, found.lang, found.credited) == ("import", None, None)


def test_whom_a_row_credits_is_told_by_itself_or_by_its_text() -> None:
    def credited_by(text: str, **fields: str) -> tuple[str | None, str | None]:
        row = ImportedArticle(id="1", title="Bridge", text="\n".join([*PARAGRAPHS, text]), outlet="TASS", **fields)
        found = cleaned(msgspec.json.encode(row), media_type="application/json")
        assert isinstance(found, CleanArticle)
        return found.credited, with_credit(row).credited

    assert credited_by("Source: Интерфакс") == ("Interfax", "Interfax")
    assert credited_by("Source: Интерфакс", credited="РБК") == ("RBC", "RBC")
    assert credited_by("Source: TASS")[1] is None  # in files the outlet may be a name
    assert credited_by("He said no more.") == (None, None)


@pytest.mark.parametrize(
    ("html", "fields", "reason"),
    [
        ("", {"status": 404, "visit": 2}, "gone"),
        ("", {"status": 410, "visit": 2}, "gone"),
        ("", {"status": 403}, "http_error"),
        (page(), {"media_type": "application/pdf"}, "unsupported_media_type"),
        ("", {"media_type": "application/json"}, "unsupported_media_type"),
        (page(), {"url": "https://example.org/"}, "not_an_article"),
        (page(), {"final_url": "https://example.org/index.html?utm_source=x"}, "not_an_article"),
        ("", {}, "empty_text"),
        ("<html><body></body></html>", {}, "empty_text"),
        ("<html><body><p>Too little to be an article.</p></body></html>", {}, "too_short"),
        ("  ", {"media_type": "text/plain"}, "empty_text"),
    ],
)
def test_what_is_no_article_is_skipped_by_reason(html: str, fields: dict[str, object], reason: str) -> None:
    assert skipped(html, **fields).reason == reason


def test_an_index_page_is_skipped() -> None:
    items = "".join(f"<li><a href='/a{n}'>A headline about the invented bridge, number {n}</a></li>" for n in range(40))
    assert skipped(f"<html><body><main><h1>World</h1><ul>{items}</ul></main></body></html>").reason in {
        "not_an_article", "empty_text",
    }  # fmt: skip


def test_a_paywalled_stub_is_skipped() -> None:
    html = f"<html><head>{json_ld(isAccessibleForFree=False)}</head><body><article><p>{PARAGRAPHS[0]} "
    found = skipped(html + "It is long.</p></article></body></html>")
    assert (found.reason, found.detail.partition(":")[0]) == ("too_short", "paywall")


@pytest.mark.parametrize("body", [b"no zstd at all", pack(b"x")[:-2]])
def test_a_broken_body_is_a_clean_error_with_its_article(body: bytes) -> None:
    broken = raw("x", body=body)
    if body.startswith(b"no"):
        with pytest.raises(CleanError, match="article a"):
            clean_page(broken)
    else:
        assert isinstance(clean_page(broken), SkippedArticle)


def test_a_bomb_is_not_opened() -> None:
    with pytest.raises(CleanError, match="more than 1000 bytes"):
        unpack(pack(b"\0" * 100_000_000), 1000)


@given(st.binary(max_size=5000))
def test_bodies_come_back_as_they_were(body: bytes) -> None:
    assert unpack(pack(body)) == body


def test_a_small_body_that_opens_to_more_text_than_a_message_holds_is_a_dead_letter() -> None:
    words = ("harvest", "minister", "river", "talks", "agreement")
    line = " ".join(words) + ".\n"
    body = (line * (5_000_000 // len(line))).encode()
    value = raw_article(body, media_type="text/plain").encode()
    assert len(value) < 100_000
    with pytest.raises(MessageTooLarge, match=r"article\.clean to send"):
        clean_record(Work(value, [], 120))


@pytest.mark.parametrize(
    "site", ["The Example Daily News", "Выдуманная ежедневная газета", "Beispielzeitung für Brücken und Fähren"]
)
@pytest.mark.parametrize("tag", ["{title} | {site}", "{title} – {site}", "{title}"])
@pytest.mark.parametrize("level", ["h1", "h2"])
def test_the_name_of_the_site_in_a_heading_is_no_title(site: str, tag: str, level: str) -> None:
    title = "Bridge to open this year, minister says"
    head = f"<title>{tag.format(title=title, site=site)}</title><meta property='og:site_name' content='{site}'>"
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    body = f"<header><h1><a href='/'>{site}</a></h1></header><article><{level}>{title}</{level}>{paragraphs}</article>"
    found = cleaned(f"<html><head>{head}</head><body>{body}</body></html>")
    assert (found.title, found.text) == (title, "\n".join(PARAGRAPHS))


def test_the_name_of_the_site_behind_the_title_tells_its_heading() -> None:
    title, site = "Bridge to open this year, minister says", "The Example Daily News"
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    for heading in ("h1", "h2"):
        body = f"<h1><a href='/'>{site}</a></h1><article><{heading}>{title}</{heading}>{paragraphs}</article>"
        found = cleaned(f"<html><head><title>{title} - {site}</title></head><body>{body}</body></html>")
        assert found.title == title


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "koi8_r"])
def test_a_part_in_another_encoding_does_not_spoil_a_page_in_utf_8(encoding: str) -> None:
    strange = "Novität für Käufer, schöne Brücken" if encoding == "cp1252" else "Новости партнёров о погоде на завтра"
    body = f"<html><body><article><p>{RUSSIAN}</p><p>{RUSSIAN[::-1]}</p></article>".encode()
    read = decode(body + f"<div>{strange}</div></body></html>".encode(encoding), "utf-8")
    assert RUSSIAN in read


@pytest.mark.parametrize(
    "box",
    [
        "Related articles:", "More on this story", "Continue reading", "Материалы по теме", "По теме:",
        "Новини за темою", "İlgili haberler", "Mehr zum Thema", "Sur le même sujet", "Noticias relacionadas",
        "Powiązane artykuły", "أخبار ذات صلة",
    ],
)  # fmt: skip
def test_a_list_of_other_articles_in_the_middle_does_not_end_the_article(box: str) -> None:
    headlines = ["Cats of the invented city get a new home", "Rain expected on Friday"]
    kept = strip_furniture([*PARAGRAPHS, box, *headlines, *PARAGRAPHS])
    assert kept == PARAGRAPHS * 2
    # At its end it does, whatever is said of the others.
    teasers = [line for headline in headlines for line in (headline, PARAGRAPHS[0])]
    assert strip_furniture([*PARAGRAPHS, box, *teasers]) == PARAGRAPHS
    assert strip_furniture([*PARAGRAPHS, box, *headlines]) == PARAGRAPHS


def test_comments_end_an_article_whatever_they_say() -> None:
    assert strip_furniture([*PARAGRAPHS, "Comments", "Ann", *PARAGRAPHS]) == PARAGRAPHS
