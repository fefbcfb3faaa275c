"""Generated articles: occasions, each told by several outlets, some copying. All wordings are invented for tests."""

import datetime
import random

import msgspec
import zstandard

from ingest.identity import article_id
from runtime import kafka
from runtime.settings import Settings
from runtime.topics import names
from schemas import ImportedArticle, Outlet, RawArticle, Seq, epoch_ms, headers_of
from schemas.topics import RAW

PLACES = ("Ankara", "Astana", "Baku", "Belgrade", "Minsk", "Riyadh", "Tashkent", "Yerevan")
MATTERS = ("harbour works", "a grain corridor", "rail freight", "visa rules", "gas transit", "a fishing treaty")
_NOTE = "This synthetic article was generated for a test; nobody said any of it."


def articles(count: int, *, seed: int = 5, began: datetime.datetime | None = None, first: int = 0) -> list[RawArticle]:
    """So many imported articles, fetched a minute apart. Six in ten tell of an occasion of the speaker, in groups of
    six: a first report, a copy of it, and rewordings; the others are other news.
    """
    start = began or datetime.datetime.now(datetime.UTC).replace(microsecond=0) - datetime.timedelta(days=1)
    made = []
    for number in range(first, first + count):
        chosen = random.Random(f"{seed}-{number}")
        occasion, variant = number // 10, number % 10
        shared = random.Random(f"{seed}-occasion-{occasion}")
        place, matter = shared.choice(PLACES), shared.choice(MATTERS)
        figures = shared.sample(range(11, 999), 3)
        day = datetime.date(2026, 5, 1) + datetime.timedelta(days=occasion % 28)
        if variant < 6:
            title, text = _remarks(place, matter, figures, day, variant, chosen)
        else:
            title, text = _other(place, matter, chosen)
        published = datetime.datetime.combine(day, datetime.time(9 + variant), datetime.UTC)
        made.append(raw(number, title, text, published, start + datetime.timedelta(minutes=number)))
    return made


def _remarks(
    place: str, matter: str, figures: list[int], day: datetime.date, variant: int, chosen: random.Random
) -> tuple[str, str]:
    first = f"We counted {figures[0]} open questions about {matter} and answered {figures[1]} of them"
    second = f"Whoever waits for another {figures[2]} days will find the door of the hall closed"
    own = f"{chosen.choice(('Observers', 'Shopkeepers', 'Students'))} followed it with {chosen.randint(2, 90)} cameras."
    when = f"on {day.isoformat()}"
    if variant in {0, 1}:
        lead = f"Foreign Minister Sergei Lavrov spoke about {matter} in {place} {when}."
        text = f"{lead}\n“{first},” Lavrov told reporters.\n“{second},” Lavrov added.\n{_NOTE}"
    elif variant == 2:
        text = (
            f"In {place}, Russia's foreign minister Sergei Lavrov said {when} that {figures[0]} questions about "
            f"{matter} had been counted.\n{own}\n“{second},” Lavrov said.\n{_NOTE}"
        )
    else:
        text = (
            f"Sergei Lavrov gave a press conference in {place} {when}.\n{own}\n"
            f"“{first},” Lavrov said at it.\n{_NOTE} Edition {variant}."
        )
    return f"{matter.capitalize()} in {place}: edition {variant}", text


def _other(place: str, matter: str, chosen: random.Random) -> tuple[str, str]:
    minutes, residents = chosen.randint(10, 99), chosen.randint(100, 999)
    text = (
        f"The council of {place} spoke about {matter} for {minutes} minutes and put off its decision until "
        f"{residents} residents have been heard. {_NOTE}"
    )
    return f"Council of {place}: {matter}, {residents}", text


def raw(number: int, title: str, text: str, published: datetime.datetime, fetched: datetime.datetime) -> RawArticle:
    """An imported article of an outlet of its own choice."""
    host = f"outlet-{number % 23}.example"
    url = f"https://{host}/{number}"
    identity = article_id(url)
    row = ImportedArticle(
        id=str(number), title=title, text=text, outlet=host, url=url, published=published.isoformat(),
    )  # fmt: skip
    return RawArticle(
        article_id=identity, seq=Seq(epoch_ms(fetched), identity), url=url, outlet=Outlet(id=host), fetched=fetched,
        media_type="application/json", body=zstandard.compress(msgspec.json.encode(row)),
    )  # fmt: skip


def send(settings: Settings, made: list[RawArticle]) -> None:
    """Puts them into articles.raw, as the fetcher would."""
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for one in made:
        deliveries.send(names(settings, RAW), one.encode(), key=one.outlet.id, headers=headers_of(one, "fetch"))
    deliveries.flush()
