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
_THINGS = (
    "lanterns", "ferries", "orchards", "ledgers", "turnstiles", "violins", "quarries", "beacons", "looms", "kettles",
    "archives", "pontoons", "granaries", "compasses", "tramlines", "vineyards", "barometers", "anvils", "reservoirs",
    "signposts", "bakeries", "telegraphs", "windmills", "umbrellas", "lighthouses", "chessboards", "aqueducts",
)  # fmt: skip
_DOINGS = (
    "outweigh", "repair", "inspect", "exchange", "postpone", "borrow", "measure", "repaint", "unload", "praise",
    "restore", "question", "forward", "insure", "rebuild", "escort", "catalogue", "dismantle", "translate", "defend",
)  # fmt: skip
_MORE = ("before winter", "without witnesses", "at their own cost", "by common consent", "in broad daylight")
_STOCK = "Nobody will ever be able to say that we left the table first"
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
        day = datetime.date(2026, 5, 1) + datetime.timedelta(days=occasion % 28)
        if variant < 6:
            title, text = _remarks(place, matter, shared, day, variant, chosen)
        else:
            title, text = _other(place, matter, chosen)
        published = datetime.datetime.combine(day, datetime.time(9 + variant), datetime.UTC)
        made.append(raw(number, title, text, published, start + datetime.timedelta(minutes=number)))
    return made


def _sentence(shared: random.Random, matter: str) -> str:
    """An invented sentence that hardly shares three words in a row with another."""
    one, two, three = shared.sample(_THINGS, 3)
    figure, other = shared.sample(range(11, 999), 2)
    doing, done = shared.sample(_DOINGS, 2)
    return f"{figure} {one} {doing} {two} for {matter} unless {three} {done} {other} {shared.choice(_MORE)}"


def _remarks(
    place: str, matter: str, shared: random.Random, day: datetime.date, variant: int, chosen: random.Random
) -> tuple[str, str]:
    first, second, third = (_sentence(shared, matter) for _ in range(3))
    own = (
        f"{chosen.choice(('Observers', 'Shopkeepers', 'Students'))} {chosen.choice(_DOINGS)} it with "
        f"{chosen.randint(2, 90)} {chosen.choice(_THINGS)} and {chosen.randint(2, 90)} {chosen.choice(_THINGS)}."
    )
    when = f"on {day.isoformat()}"
    if variant in {0, 1}:
        lead = f"Foreign Minister Sergei Lavrov spoke about {matter} in {place} {when}."
        text = f"{lead}\n“{first},” Lavrov told reporters.\n“{second},” Lavrov added.\n“{third},” Lavrov said.\n{_NOTE}"
    elif variant == 2:
        text = (
            f"In {place}, Russia's foreign minister Sergei Lavrov said {when} that {first}.\n{own}\n"
            f"“{second},” Lavrov said.\n{_NOTE}"
        )
    else:
        text = (
            f"Sergei Lavrov gave a press conference in {place} {when}.\n{own}\n"
            f"“{first},” Lavrov said at it. “{_STOCK},” he repeated.\n{_NOTE} Edition {variant}."
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


class Kept:
    """Stands for Kafka: keeps what is published, as it comes back from its bytes."""

    def __init__(self) -> None:
        self.raw: list[RawArticle] = []

    async def publish(self, raw: RawArticle) -> bool:
        self.raw.append(RawArticle.decode(raw.encode()))
        return True
