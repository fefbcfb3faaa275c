"""Pages that are no article, encodings, and pages that must not hurt a worker. All texts are synthetic."""

import pytest

from ingest.clean import clean_page
from schemas import CleanArticle
from tests.unit.ingest.test_ingest_clean import PARAGRAPHS, RUSSIAN, cleaned, json_ld, page, raw, skipped

COOKIES = (
    "<p>We and our 812 partners store cookies on your device to show you personal advertisements.</p>"
    "<p>With your consent we and our partners may process your data for the purposes described below.</p>"
    "<button>Accept all</button><p>Accept all</p><p>Reject all</p>"
)
LOGIN = "<form><p>E-mail</p><input type='text'><input type='password'><p>Forgot your password?</p></form>"


def whole(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>{body}</body></html>"


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("Before you continue", f"<h1>We value your privacy</h1>{COOKIES}", "consent_wall"),
        ("Example Daily", f"<div>{COOKIES}</div>", "consent_wall"),
        ("Log in | Example Daily", f"<h1>Log in</h1>{LOGIN}", "login"),
        ("Вход на сайт", f"<h1>Вход на сайт</h1>{LOGIN}", "login"),
        ("Anmelden", f"<h1>Anmelden</h1>{LOGIN}", "login"),
        ("404 | Example Daily", "<h1>Page not found</h1><p>The page you were looking for has moved to a new home.</p>",
         "soft_404"),
        ("Страница не найдена", "<h1>Ошибка 404</h1><p>Возможно, материал был удалён или его адрес изменился.</p>",
         "soft_404"),
        ("Seite nicht gefunden", "<h1>Seite nicht gefunden</h1><p>Die Seite gibt es leider nicht mehr bei uns.</p>",
         "soft_404"),
        ("Sayfa bulunamadı", "<h1>Sayfa bulunamadı</h1><p>Aradığınız sayfa kaldırılmış ya da taşınmış olabilir.</p>",
         "soft_404"),
    ],
)  # fmt: skip
def test_what_a_page_is_instead(title: str, body: str, kind: str) -> None:
    found = skipped(whole(title, body))
    assert (found.reason, found.kind) == ("not_an_article", kind)
    assert found.detail


@pytest.mark.parametrize(
    "closing",
    ["Subscribe to continue reading this article today.", "Этот материал доступен только по подписке.",
     "Cet article est réservé aux abonnés du journal.", "Jetzt weiterlesen mit Probeabo."],
)  # fmt: skip
def test_what_a_paywall_leaves(closing: str) -> None:
    body = f"<article><h1>Bridge to open</h1><p>{PARAGRAPHS[0]}</p><div class='gate'><p>{closing}</p></div></article>"
    found = skipped(whole("Bridge to open", body, json_ld(headline="Bridge to open")))
    assert found.kind == "paywall"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Just a moment...",
            (
                "Checking if the site connection is secure. Enable JavaScript and cookies to continue. The "
                "site needs to review the security of your connection before proceeding, which takes a few seconds."
            ),
        ),
        (
            "Access Denied",
            (
                "You don't have permission to access this address on this server. If you believe this is an "
                "error, please contact the administrator of the site and tell him the reference number 18.2f1e1002."
            ),
        ),
        (
            "Example Daily",
            (
                "Sorry for the inconvenience, but we're performing some maintenance at the moment, and you can "
                "always contact us by mail; otherwise we will be back online shortly, as we are every night."
            ),
        ),
        (
            "Internal Server Error | Example Daily",
            (
                "The server encountered a misconfiguration and was unable to complete "
                "your request. Please inform the administrator of the time at which the error occurred."
            ),
        ),
        (
            "Are you a robot?",
            (
                "Our systems have detected unusual traffic from your computer network. To continue, please "
                "click the box below to let us know you're not a robot, and mind the number of the block."
            ),
        ),
        (
            "451",
            (
                "We recognise you are attempting to access this website from a country of the European Economic Area, "
                "which enforces a regulation of data, and therefore access cannot be granted at this time."
            ),
        ),
        (
            "Example",
            (
                "You need to enable JavaScript to run this app. Please turn on JavaScript in the settings of your "
                "browser and load this page again to read the article that you asked for."
            ),
        ),
        (
            "Технические работы",
            (
                "Уважаемые читатели! На сайте ведутся технические работы, мы вернёмся через несколько "
                "минут. Приносим извинения за временные неудобства, попробуйте зайти на сайт позже."
            ),
        ),
        (
            "Проверка браузера",
            (
                "Пожалуйста, подождите несколько секунд. Мы проверяем ваш браузер, чтобы защитить сайт от "
                "автоматических запросов. Включите JavaScript, чтобы продолжить чтение."
            ),
        ),
        (
            "Технічні роботи",
            (
                "Шановні читачі! На сайті тривають технічні роботи, ми повернемося за кілька хвилин. "
                "Перепрошуємо за незручності, спробуйте зайти на сайт пізніше, будь ласка."
            ),
        ),
        (
            "Wartungsarbeiten",
            (
                "Liebe Leser, wir sind in wenigen Minuten wieder da. Wir bitten um Ihr Verständnis und um "
                "etwas Geduld, bis alle unsere Maschinen wieder so laufen, wie sie es sollen."
            ),
        ),
        (
            "Accès refusé",
            (
                "Votre requête a été bloquée par notre système de protection. Veuillez activer JavaScript dans "
                "votre navigateur et confirmer que vous n’êtes pas un robot avant de continuer."
            ),
        ),
        (
            "Acceso denegado",
            (
                "Su solicitud ha sido bloqueada por nuestro sistema de seguridad. Active JavaScript en su "
                "navegador y confirme que no es un robot antes de continuar la lectura."
            ),
        ),
        (
            "Erişim engellendi",
            (
                "İsteğiniz güvenlik sistemimiz tarafından engellendi. Devam etmek için lütfen robot "
                "olmadığınızı doğrulayın ve tarayıcınızda JavaScript desteğini etkinleştirin."
            ),
        ),
    ],
)
def test_an_error_that_comes_with_a_good_status_is_no_article(title: str, text: str) -> None:
    found = skipped(whole(title, f"<h1>{title}</h1><p>{text}</p>"))
    assert (found.reason, found.kind) == ("not_an_article", "error_page")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Access denied to the old bridge",
            (
                "The invented police closed the bridge on Monday, because a lamp had fallen "
                "from it into the river; nobody was hurt, a speaker said in the evening of that day."
            ),
        ),
        (
            "Технические работы на мосту завершены",
            (
                "Выдуманный сайт моста временно недоступен, сообщили в пресс-службе: "
                "технические работы на мосту завершили ночью, а сайт включат во вторник утром."
            ),
        ),
        (
            "Robots on the bridge",
            (
                "“Prove that you are not a robot,” the invented mayor said to the painter. The robots, "
                "he added, had painted only one half of the bridge, and in the wrong colour."
            ),
        ),
    ],
)
def test_a_brief_about_such_errors_is_an_article(title: str, text: str) -> None:
    found = clean_page(raw(whole(title, f"<article><h1>{title}</h1><p>{text}</p></article>")))
    assert isinstance(found, CleanArticle), found


def test_a_video_page_and_a_front_page() -> None:
    video = '<script type="application/ld+json">{"@type": "VideoObject", "name": "Bridge"}</script>'
    assert skipped(whole("Bridge", "<h1>Bridge</h1><p>1:20</p>", video)).kind in {"video", ""}
    assert skipped(page(), url="https://example.org/").kind == "front_page"


def test_a_move_to_the_login_is_seen_in_the_address() -> None:
    html = whole("Example Daily", "<h1>Welcome</h1><p>Please tell us who you are before you go on.</p>")
    assert skipped(html, final_url="https://example.org/account/login?next=/world/bridge").kind == "login"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cookies are gone, the invented minister says", "He said that cookies of the canteen were gone by nine."),
        ("Minister not found in his office", "The porter said that the page of the minister was not found either."),
        ("How to log in to the bridge", "The minister forgot his password and could not log in to the new bridge."),
    ],
)
def test_an_article_about_such_things_is_an_article(title: str, text: str) -> None:
    paragraphs = "".join(f"<p>{p} {text}</p>" for p in PARAGRAPHS * 2)
    found = clean_page(raw(whole(title, f"<article><h1>{title}</h1>{paragraphs}</article>", json_ld(headline=title))))
    assert isinstance(found, CleanArticle), found


TURKISH = (
    "Hayali bakan çarşamba günü yaptığı açıklamada köprünün sonbaharda açılacağını söyledi. Halka konuşan bakan, "
    "işçilerin bir haftadan çok gecikmediğini, ücretin ise tünelden düşük olduğunu anlattı."
)


@pytest.mark.parametrize(
    ("text", "encoding", "header", "meta"),
    [
        (RUSSIAN, "windows-1251", "windows-1251", ""),
        (RUSSIAN, "windows-1251", None, "windows-1251"),
        (RUSSIAN, "windows-1251", None, ""),
        (RUSSIAN, "windows-1251", "utf-8", "utf-8"),
        (RUSSIAN, "windows-1251", "iso-8859-1", ""),
        (RUSSIAN, "koi8-r", "koi8-r", ""),
        (RUSSIAN, "koi8-r", None, "koi8-r"),
        (RUSSIAN, "koi8-r", None, ""),
        (RUSSIAN, "koi8-r", "windows-1251", ""),
        (RUSSIAN, "utf-8", "windows-1251", "koi8-r"),
        (RUSSIAN, "utf-8-sig", "windows-1251", ""),
        (RUSSIAN, "utf-16", None, ""),
        (RUSSIAN, "utf-16-le", "utf-16le", ""),
        (TURKISH, "iso-8859-9", "iso-8859-9", ""),
        (TURKISH, "iso-8859-9", None, "iso-8859-9"),
        (TURKISH, "iso-8859-9", None, ""),
        (TURKISH, "iso-8859-9", "utf-8", ""),
        (TURKISH, "utf-8", "iso-8859-9", ""),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_is_said_of_it(
    text: str, encoding: str, header: str | None, meta: str
) -> None:
    declared = f"<meta http-equiv='Content-Type' content='text/html; charset={meta}'>" if meta else ""
    html = f"<html><head>{declared}</head><body><article><p>{text}</p></article></body></html>"
    assert cleaned(html.encode(encoding), charset=header).text == text


BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 20_000 + BODY + "</div>" * 20_000 + "</body></html>",
        "<html><body>" + "<b><i><a href='#'>" * 3_000 + BODY,
        "<html><body><article>" + BODY.replace("<p>", "<p>\x00\x01") + "</article></body></html>",
        "<html><body><article><p" + BODY + "<table><tr><p>" + BODY + "</div></span></body></html></html>",
        "<html><body><article>" + BODY + "<p>" + "word " * 400_000 + "</p></article></body></html>",
        "<html><body><article>" + BODY + "<p>One more line.</p>" * 60_000 + "</article></body></html>",
        "<!--" * 5_000 + BODY,
        "<html><body>" + "&nbsp;" * 100_000 + BODY + "</body></html>",
        "\ufeff\ufffe<html>\ud7ff<body>" + BODY,
    ],
    ids=["deep", "inline", "control", "broken", "long line", "many lines", "comments", "spaces", "marks"],
)
def test_a_strange_page_ends_as_an_article_or_as_skipped(html: str) -> None:
    found = clean_page(raw(html))
    assert found.article_id == "a"
