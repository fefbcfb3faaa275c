"""Pages in the manner of real templates, in many languages: synthetic texts of our own in hand-written frames.

Each template gives a page, its address, and what cleaning must find in it.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field

AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Text:
    """An article about nothing, with what its language says for the furniture around it."""

    lang: str
    title: str
    paragraphs: tuple[str, str, str]
    author: str
    section: str
    also: str
    comments: str
    share: str
    source: str


@dataclass(frozen=True)
class Made:
    """A page and the fields of the clean message that it must give."""

    html: str
    url: str
    expected: dict[str, object] = field(default_factory=dict)


TEXTS = (
    Text(
        "en", "Bridge over the green river will open in autumn", (
            "The invented minister said on Tuesday that the bridge over the green river would open in autumn.",
            "He told reporters in the old town hall that the builders had never been late by more than a week.",
            "Asked about the price, the minister answered that it was lower than that of the tunnel nobody wanted.",
        ), "Ann Example", "World", "Read also", "Comments", "Share this article", "Source",
    ),
    Text(
        "ru", "Мост через зелёную реку откроют осенью", (
            "Выдуманный министр заявил во вторник, что мост через зелёную реку откроют осенью этого года.",
            "Он сказал журналистам в старой ратуше, что строители ни разу не опоздали больше чем на неделю.",
            "На вопрос о цене министр ответил, что она ниже цены туннеля, который никому не был нужен.",
        ), "Анна Примерова", "Политика", "Читайте также", "Комментарии", "Поделиться", "Источник",
    ),
    Text(
        "uk", "Міст через зелену річку відкриють восени", (
            "Вигаданий міністр заявив у вівторок, що міст через зелену річку відкриють восени цього року.",
            "Він сказав журналістам у старій ратуші, що будівельники ще жодного разу не запізнилися на тиждень.",
            "На запитання про ціну міністр відповів, що вона нижча за ціну тунелю, який нікому не потрібен.",
        ), "Ганна Прикладна", "Політика", "Читайте також", "Коментарі", "Поділитися", "Джерело",
    ),
    Text(
        "tr", "Yeşil nehir üzerindeki köprü sonbaharda açılacak", (
            "Hayali bakan salı günü yaptığı açıklamada yeşil nehir üzerindeki köprünün sonbaharda açılacağını söyledi.",
            "Eski belediye binasında gazetecilere konuşan bakan, işçilerin bir haftadan çok gecikmediğini anlattı.",
            "Fiyatı soran bir gazeteciye ise kimsenin istemediği tünelden daha ucuz olduğu yanıtını verdi.",
        ), "Ayşe Örnek", "Dünya", "Ayrıca okuyun", "Yorumlar", "Paylaş", "Kaynak",
    ),
    Text(
        "de", "Brücke über den grünen Fluss öffnet im Herbst", (
            "Der erfundene Minister sagte am Dienstag, dass die Brücke über den grünen Fluss im Herbst öffnen werde.",
            "Er erklärte Reportern im alten Rathaus, die Bauleute seien nie mehr als eine Woche zu spät gewesen.",
            "Auf die Frage nach dem Preis antwortete er, dieser sei niedriger als der des Tunnels, den niemand wollte.",
        ), "Anna Beispiel", "Politik", "Lesen Sie auch", "Kommentare", "Artikel teilen", "Quelle",
    ),
    Text(
        "fr", "Le pont sur la rivière verte ouvrira à l’automne", (
            "Le ministre imaginaire a déclaré mardi que le pont sur la rivière verte ouvrirait à l’automne prochain.",
            "Il a dit aux journalistes, dans la mairie, que le chantier n’a jamais plus d’une semaine de retard.",
            "Interrogé sur le prix, il a répondu qu’il était plus bas que celui du tunnel dont personne ne voulait.",
        ), "Anne Exemple", "Monde", "Lire aussi", "Commentaires", "Partager", "Source",
    ),
    Text(
        "es", "El puente sobre el río verde abrirá en otoño", (
            "El ministro imaginario dijo el martes que el puente sobre el río verde se abrirá en el otoño de este año.",
            "En el viejo ayuntamiento contó a los periodistas que los obreros nunca se retrasaron más de una semana.",
            "Preguntado por el precio, respondió que era más bajo que el del túnel que nadie había querido nunca.",
        ), "Ana Ejemplo", "Mundo", "Lea también", "Comentarios", "Compartir", "Fuente",
    ),
    Text(
        "it", "Il ponte sul fiume verde aprirà in autunno", (
            "Il ministro immaginario ha detto martedì che il ponte sul fiume verde aprirà nel prossimo autunno.",
            "Nel vecchio municipio ha spiegato ai giornalisti che i lavori non hanno mai tardato più di una settimana.",
            "Alla domanda sul prezzo ha risposto che è più basso di quello della galleria che nessuno ha voluto.",
        ), "Anna Esempio", "Mondo", "Leggi anche", "Commenti", "Condividi", "Fonte",
    ),
    Text(
        "pl", "Most nad zieloną rzeką zostanie otwarty jesienią", (
            "Wymyślony minister powiedział we wtorek, że most nad zieloną rzeką zostanie otwarty jesienią tego roku.",
            "W starym ratuszu mówił dziennikarzom, że budowniczowie nie spóźnili się nigdy o więcej niż tydzień.",
            "Zapytany o cenę odpowiedział, że jest ona niższa od ceny tunelu, którego nikt tak naprawdę nie chciał.",
        ), "Anna Przykładowa", "Świat", "Czytaj także", "Komentarze", "Udostępnij", "Źródło",
    ),
    Text(
        "el", "Η γέφυρα πάνω από το πράσινο ποτάμι ανοίγει το φθινόπωρο", (
            "Ο φανταστικός υπουργός είπε την Τρίτη ότι η γέφυρα πάνω από το πράσινο ποτάμι θα ανοίξει το φθινόπωρο.",
            "Στο παλιό δημαρχείο είπε στους δημοσιογράφους ότι το έργο δεν καθυστέρησε ποτέ πάνω από μία εβδομάδα.",
            "Σε ερώτηση για την τιμή απάντησε ότι είναι χαμηλότερη από εκείνη της σήραγγας που δεν ήθελε κανείς.",
        ), "Άννα Παράδειγμα", "Κόσμος", "Διαβάστε επίσης", "Σχόλια", "Κοινοποίηση", "Πηγή",
    ),
    Text(
        "ar", "افتتاح الجسر فوق النهر الأخضر في الخريف المقبل", (
            "قال الوزير الخيالي يوم الثلاثاء إن الجسر فوق النهر الأخضر سيفتح في الخريف من هذا العام أمام الناس.",
            "وأضاف أمام الصحفيين في دار البلدية القديمة أن البنائين لم يتأخروا قط أكثر من أسبوع واحد عن الموعد.",
            "وعندما سئل عن السعر أجاب بأنه أقل من سعر النفق الذي لم يكن أحد يريده في هذه المدينة الصغيرة.",
        ), "آنا مثال", "العالم", "اقرأ أيضا", "التعليقات", "شارك", "المصدر",
    ),
    Text(
        "zh", "绿河大桥将于秋天通车", (
            "这位虚构的部长星期二表示，横跨绿河的大桥将于今年秋天通车，届时所有居民都可以免费使用这座新桥。",
            "他在老市政厅对记者说，建筑工人的工期从来没有拖延超过一个星期，他对工人们的努力表示十分感谢。",
            "被问到造价的时候，部长回答说，这座桥的造价低于那条谁也不想要的隧道，城市因此节省了很多钱。",
        ), "安例子", "国际", "相关阅读", "评论", "分享", "来源",
    ),
)  # fmt: skip


def _ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def _paragraphs(text: Text) -> str:
    return "".join(f"<p>{p}</p>" for p in text.paragraphs)


def _menu(text: Text) -> str:
    links = "".join(f'<li><a href="/{n}">{text.section} {n}</a></li>' for n in range(6))
    return f'<nav class="main-menu"><ul>{links}</ul></nav>'


def _page(text: Text, head: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{text.lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )


def _moment(value: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(value)


def graph(text: Text) -> Made:
    """A blog system's JSON-LD graph: web page, site, author by reference beside the article."""
    url = "https://daily.example/bridge-opens/"
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Example Daily", "url": "https://daily.example/"},
            {
                "@type": "NewsArticle", "headline": text.title, "datePublished": "2026-06-02T14:05:00+03:00",
                "dateModified": "2026-06-02T15:00:00+03:00", "author": {"@type": "Person", "name": text.author},
                "articleSection": [text.section], "image": {"@type": "ImageObject", "url": "https://daily.example/b.jpg"},
                "publisher": {"@type": "Organization", "name": "Example Daily"},
            },
        ],
    }  # fmt: skip
    head = f'<title>{text.title} - Example Daily</title><link rel="canonical" href="{url}">{_ld(data)}'
    body = (
        f'<header>{_menu(text)}</header><main><article class="post"><h1 class="entry-title">{text.title}</h1>'
        f'<div class="entry-content">{_paragraphs(text)}</div></article></main>'
        "<footer><p>© 2026 Example Daily</p></footer>"
    )
    return Made(
        _page(text, head, body),
        url + "?utm_source=feed",
        {
            "title": text.title,
            "published": _moment("2026-06-02T14:05:00+03:00"),
            "published_from": "json-ld",
            "modified": _moment("2026-06-02T15:00:00+03:00"),
            "authors": [text.author],
            "section": text.section,
            "canonical_url": "https://daily.example/bridge-opens",
            "image": "https://daily.example/b.jpg",
            "site": "Example Daily",
            "credited": None,
        },
    )


def open_graph(text: Text) -> Made:
    """Meta tags alone: Open Graph and the article name space."""
    head = (
        f'<title>{text.title} | Example Post</title><meta property="og:title" content="{text.title}">'
        '<meta property="og:site_name" content="Example Post"><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2026-06-01T22:10:00-05:00">'
        '<meta property="article:modified_time" content="2026-06-01T23:10:00-05:00">'
        f'<meta property="article:section" content="{text.section}"><meta name="author" content="{text.author}">'
        '<meta property="og:image" content="/media/b.jpg"><link rel="canonical" href="/news/bridge">'
    )
    related = "".join(f'<li><a href="/r{n}">{text.title[:12]} {n}</a></li>' for n in range(4))
    body = (
        f'{_menu(text)}<div id="content" class="article-body"><h1>{text.title}</h1>{_paragraphs(text)}</div>'
        f'<aside class="related"><h3>{text.also}</h3><ul>{related}</ul></aside>'
    )
    return Made(
        _page(text, head, body),
        "https://post.example/news/bridge?fbclid=1",
        {
            "title": text.title,
            "published": _moment("2026-06-01T22:10:00-05:00"),
            "published_from": "meta",
            "modified": _moment("2026-06-01T23:10:00-05:00"),
            "authors": [text.author],
            "section": text.section,
            "canonical_url": "https://post.example/news/bridge",
            "image": "https://post.example/media/b.jpg",
            "site": "Example Post",
        },
    )


def microdata(text: Text) -> Made:
    """Microdata in the markup, the date in a time tag, the section as a path of links."""
    head = f'<title>{text.title}</title><meta property="og:site_name" content="Example Journal">'
    body = (
        f'{_menu(text)}<div class="breadcrumbs"><a href="/">Example Journal</a> › <a href="/s">{text.section}</a></div>'
        f'<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{text.title}</h1>'
        f'<div class="meta"><span itemprop="author" itemscope><span itemprop="name">{text.author}</span></span> '
        '<time itemprop="datePublished" datetime="2026-06-02T08:30:00+02:00">02.06.2026</time></div>'
        f'<div itemprop="articleBody">{_paragraphs(text)}</div></article>'
        f'<section id="comments"><h2>{text.comments}</h2><p>{text.author}: 👍</p></section>'
    )
    return Made(
        _page(text, head, body),
        "https://journal.example/s/bridge",
        {
            "title": text.title,
            "published": _moment("2026-06-02T08:30:00+02:00"),
            "published_from": "meta",
            "authors": [text.author],
            "section": text.section,
            "site": "Example Journal",
            "canonical_url": None,
        },
    )


def agency(text: Text) -> Made:
    """A wire report with a dateline, on the page of a paper; the canonical link leads to the agency."""
    head = (
        f'<title>{text.title}</title><meta name="date" content="2026-06-02T10:00:00Z">'
        '<link rel="canonical" href="https://wire.example/en/bridge/77">'
    )
    first, *rest = text.paragraphs
    paragraphs = f"<p>ISTANBUL (AA) – {first}</p>" + "".join(f"<p>{p}</p>" for p in rest)
    body = f'{_menu(text)}<main><h1>{text.title}</h1><div class="story-text">{paragraphs}</div></main>'
    return Made(
        _page(text, head, body),
        "https://paper.example/wire/bridge-77",
        {
            "title": text.title,
            "published": _moment("2026-06-02T10:00:00+00:00"),
            "published_from": "meta",
            "credited": "Anadolu Agency",
            "dateline": "ISTANBUL (AA)",
            "canonical_url": "https://wire.example/en/bridge/77",
            "authors": [],
        },
    )


def tables(text: Text) -> Made:
    """A site of the year 2005: layout by tables, a bare date above the text, breaks for paragraphs."""
    head = f"<title>{text.title} :: Example Gazette</title>"
    links = "<br>".join(f'<a href="/{n}.html">{text.section} {n}</a>' for n in range(5))
    body = (
        f'<table width="100%"><tr><td class="left">{links}</td><td><h1>{text.title}</h1>'
        f"<font size=1>02.06.2026 13:20</font><br><br>{'<br><br>'.join(text.paragraphs)}<br><br></td></tr></table>"
    )
    return Made(
        _page(text, head, body),
        "https://gazette.example/news.php?id=77",
        {
            "title": text.title,
            "published": _moment("2026-06-02T13:20:00+00:00"),
            "published_from": "text",
            "authors": [],
            "section": None,
        },
    )


def dated_address(text: Text) -> Made:
    """The date stands in the address alone, the author in a byline."""
    head = f'<title>{text.title} | Example Times</title><meta property="og:site_name" content="Example Times">'
    body = (
        f'{_menu(text)}<div class="article"><h1>{text.title}</h1><p class="byline"><a rel="author" href="/a">'
        f"{text.author}</a></p>{_paragraphs(text)}</div>"
    )
    return Made(
        _page(text, head, body),
        "https://times.example/world/2026/06/01/bridge",
        {
            "title": text.title,
            "published": _moment("2026-06-01T00:00:00+00:00"),
            "published_from": "url",
            "authors": [text.author],
            "site": "Example Times",
        },
    )


def credited(text: Text) -> Made:
    """The source is named in a line at the end; share buttons and a call for the newsletter stand around."""
    data = {"@type": "NewsArticle", "headline": text.title, "datePublished": "2026-06-02"}
    head = f"<title>{text.title}</title>{_ld(data)}"
    body = (
        f'{_menu(text)}<article><h1>{text.title}</h1><div class="share"><a href="#">Facebook</a> '
        f'<a href="#">Twitter</a></div>{_paragraphs(text)}<p>{text.source}: TASS</p>'
        f'<div class="social"><p>{text.share}</p></div></article>'
        '<div class="newsletter"><form><p>Newsletter</p><input type="email"></form></div>'
    )
    return Made(
        _page(text, head, body),
        "https://mirror.example/a/77",
        {
            "title": text.title,
            "published": _moment("2026-06-02T00:00:00+00:00"),
            "published_from": "json-ld",
            "credited": "TASS",
        },
    )


def broadcaster(text: Text) -> Made:
    """Several authors, a lead picture with caption, the language declared wrongly, a later date than the fetch."""
    data = [
        {
            "@type": "ReportageNewsArticle", "headline": text.title, "datePublished": "2026-06-03T18:00:00+03:00",
            "author": [{"@type": "Person", "name": text.author}, {"@type": "Person", "name": "Bob Muster"}],
            "publisher": {"name": "Example TV"}, "image": ["https://tv.example/1.jpg", "https://tv.example/2.jpg"],
        }
    ]  # fmt: skip
    head = f'<title>{text.title} - Example TV</title><meta property="og:locale" content="en_GB">{_ld(data)}'
    body = (
        f'{_menu(text)}<main role="main"><h1 id="main-heading">{text.title}</h1><figure><img src="/1.jpg">'
        f"<figcaption>Example TV</figcaption></figure>{_paragraphs(text)}</main>"
    )
    page = _page(text, head, body).replace(f'<html lang="{text.lang}">', '<html lang="en">')
    return Made(
        page,
        "https://tv.example/news/77",
        {
            "title": text.title,
            "published": _moment("2026-06-03T12:00:00+03:00"),
            "published_from": "json-ld",
            "authors": [text.author, "Bob Muster"],
            "image": "https://tv.example/1.jpg",
            "site": "Example TV",
        },
    )


TEMPLATES: tuple[Callable[[Text], Made], ...] = (
    graph, open_graph, microdata, agency, tables, dated_address, credited, broadcaster,
)  # fmt: skip
