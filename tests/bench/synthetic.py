"""Synthetic reports of one speaker in the proportions of real ones, for measuring how grouping grows.

Everything is invented: words are made of syllables and drawn by Zipf's law, occasions have between one and many
hundred reports, a third of the articles are copies, wording is mixed with stock phrases that the speaker repeats and
with paragraphs that agencies repeat; sentence vectors are the language's mean and a direction of the remark with noise,
so that translations score .5 to .9 as measured on real ones.
"""

import datetime
import itertools
import random
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from processors.annotate.features import DIMENSIONS, signature
from processors.group.report.facts import Facts, digest, minutes_between
from processors.group.vectors.priors import prior_means
from schemas import (
    Confidence,
    Context,
    Decision,
    Evidence,
    Outlet,
    Part,
    RemarkUse,
    Report,
    Seq,
    Setting,
    Statement,
    epoch_ms,
    report_id,
)

SPEAKER = "Q1"
_START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_DAYS = 13.0
_LANGS = ("ru", "ru", "en", "en", "de", "uk", "tr")
_KINDS = ("interview", "press_conference", "talks", "forum", "parliament", "briefing", "call", "statement")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
_VOCABULARY = 20_000
_MEAN_SIZE = 24
_LARGEST = 1200
_COPIED = 0.35
_OWN_NORM = 48.0


class _Language:
    """A vocabulary of its own, with words drawn by Zipf's law from a stock drawn beforehand."""

    def __init__(self, chosen: random.Random, numbers: np.random.RandomState) -> None:
        lengths = (2, 2, 3, 3, 4)
        self._words = ["".join(chosen.choices(_SYLLABLES, k=chosen.choice(lengths))) for _ in range(_VOCABULARY)]
        ranks = 1.0 / np.arange(1, _VOCABULARY + 1)
        self._drawn = itertools.cycle(numbers.choice(_VOCABULARY, size=500_003, p=ranks / ranks.sum()).tolist())

    def text(self, length: int) -> list[str]:
        return [self._words[i] for i in itertools.islice(self._drawn, length)]


class _Remark:
    """A proposition: its wording in each language, and the direction of its vectors."""

    def __init__(self, number: int, direction: npt.NDArray[np.float64]) -> None:
        self.number = number
        self.direction = direction
        self.wordings: dict[str, list[str]] = {}


class _Occasion:
    def __init__(self, number: int, moment: float, day: str, setting: dict[str, object], names: list[str]) -> None:
        self.number, self.moment, self.day, self.setting, self.names = number, moment, day, setting, names
        self.told: set[str] = set()
        self.first_ms: int | None = None
        self.remarks: list[_Remark] = []
        self.articles: dict[str, list[_Article]] = {}


class _Article:
    """What a copy takes over."""

    def __init__(self, number: int, body: str, statements: list[Statement], remarks: list[_Remark]) -> None:
        self.number, self.body, self.statements, self.remarks = number, body, statements, remarks
        self.names: list[str] = []
        self.original: int | None = None


def _article_id(number: int) -> str:
    return f"a{number:06}"


class Corpus:
    """Makes reports in order of arrival over thirteen days."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self._count = count
        self._chosen = random.Random(seed)
        self._numbers = np.random.RandomState(seed)
        self._langs = {lang: _Language(self._chosen, self._numbers) for lang in dict.fromkeys(_LANGS)}
        self._occasions = 0
        self._remarks = 0
        self._stock = [self._remark() for _ in range(60)]
        self._background = {lang: [one.text(60) for _ in range(80)] for lang, one in self._langs.items()}
        self._names = [f"Q{1000 + i}" for i in range(3000)]
        self._name_weights = list(itertools.accumulate(1 / (i + 2) for i in range(3000)))

    def reports(self) -> Iterator[Report]:
        """All of them, in order of ``seq``."""
        for report, _ in self.decided():
            yield report

    def decided(self) -> Iterator[tuple[Report, Decision]]:
        """With each the decision that is right: its occasion is the story, its remarks are those it was made of."""
        moments: list[tuple[float, _Occasion]] = []
        while len(moments) < self._count:
            size = min(
                _LARGEST, int(_MEAN_SIZE / 5 / (1 - self._chosen.random()) ** 0.9) + 1, max(2, self._count // 20)
            )
            occasion = self._occasion()
            moments += [  # most report at once, some days later
                (occasion.moment + min(2.5, self._chosen.expovariate(4.0)), occasion)
                for _ in range(min(size, self._count - len(moments)))
            ]
        moments.sort(key=lambda pair: pair[0])
        for number, (moment, occasion) in enumerate(moments):
            report, article = self._report(number, moment, occasion)
            yield report, _decision(report, occasion, article)

    def _occasion(self) -> _Occasion:
        chosen = self._chosen
        moment = chosen.uniform(0, _DAYS)
        day = str((_START + datetime.timedelta(days=moment)).date())
        names = self._named(4)
        setting: dict[str, object] = {"occasion": chosen.choice(_KINDS), "place": names[0]}
        if chosen.random() < 0.6:
            setting["counterparts"] = [names[1]]
        if chosen.random() < 0.3:
            setting["medium"] = f"medium {chosen.choice(_SYLLABLES)}{chosen.choice(_SYLLABLES)}"
        self._occasions += 1
        found = _Occasion(self._occasions, moment, day, setting, names)
        found.remarks = [self._remark() for _ in range(chosen.randint(4, 14))] + chosen.sample(self._stock, 3)
        return found

    def _named(self, count: int) -> list[str]:
        return self._chosen.choices(self._names, cum_weights=self._name_weights, k=count)

    def _remark(self) -> _Remark:
        direction = self._numbers.standard_normal(DIMENSIONS)
        self._remarks += 1
        return _Remark(self._remarks, direction / np.linalg.norm(direction))

    def _statement(self, article: str, lang: str, remark: _Remark, start: int, occasion: _Occasion) -> Statement:
        chosen = self._chosen
        wording = remark.wordings.setdefault(lang, self._langs[lang].text(chosen.randint(10, 28)))
        words = [w if chosen.random() < 0.8 else self._langs[lang].text(1)[0] for w in wording]
        number = str(chosen.randint(2, 2000)) if chosen.random() < 0.3 else ""
        text = " ".join([*words, number]).strip()
        noise = self._numbers.standard_normal(DIMENSIONS)
        own = 0.82 * remark.direction + 0.57 * noise / np.linalg.norm(noise)
        vector = np.clip(np.rint(prior_means()[lang] + _OWN_NORM * own), -127, 127).astype(np.int8)
        dated = chosen.random() < 0.7
        return Statement(
            statement_id=digest(article, text)[:12],
            start=start,
            end=start + len(text),
            text=text,
            kind="direct" if chosen.random() < 0.5 else "indirect",
            speaker_id=SPEAKER,
            numbers=[number] if number else [],
            names=chosen.sample(occasion.names, 1) + (self._named(1) if chosen.random() < 0.3 else []),
            vector=vector.tobytes(),
            setting=Setting(date=occasion.day if dated else None, **occasion.setting),  # type: ignore[arg-type]
        )

    def _report(self, number: int, moment: float, occasion: _Occasion) -> tuple[Report, _Article]:
        chosen = self._chosen
        article = _article_id(number)
        lang = chosen.choice(_LANGS)
        told = occasion.articles.setdefault(lang, [])
        copied = bool(told) and chosen.random() < _COPIED
        if copied:
            known = chosen.choice(told)
            more = f" {' '.join(self._langs[lang].text(30))}" if chosen.random() < 0.5 else ""
            taken = [replace(s, statement_id=digest(article, s.text)[:12]) for s in known.statements]
            made = _Article(number, known.body + more, taken, known.remarks)
            made.names, made.original = known.names, known.number
        else:
            remarks = chosen.sample(occasion.remarks, chosen.randint(1, min(5, len(occasion.remarks))))
            statements: list[Statement] = []
            for remark in remarks:
                at = statements[-1].end + 1 if statements else 0
                statements.append(self._statement(article, lang, remark, at, occasion))
            rest = self._langs[lang].text(chosen.randint(60, 250))
            shared = chosen.choice(self._background[lang]) if chosen.random() < 0.4 else []
            body = " ".join([*(s.text for s in statements), *rest, *shared])
            made = _Article(number, body, statements, remarks)
            made.names = sorted({*occasion.names, *self._named(6)})
            told.append(made)
        when = _START + datetime.timedelta(days=moment)
        fetched = when + datetime.timedelta(minutes=chosen.uniform(0, 20))
        title = " ".join(self._langs[lang].text(8))
        outlet = f"o{chosen.randint(1, 800)}.example"
        report = Report(
            report_id=report_id(article, SPEAKER),
            article_id=article,
            speaker_id=SPEAKER,
            seq=Seq(epoch_ms(when) + number, article),
            revision="1",
            fetched=fetched,
            url=f"https://{outlet}/{article}",
            outlet=Outlet(id=outlet, country=f"X{chosen.choice('ABCDEFG')}"),
            title=title,
            lang=lang,
            published=when,
            statements=made.statements,
            context=Context(
                mentions=3,
                in_title=True,
                length=len(made.body),
                other_statements=chosen.randint(0, 2),
                names=made.names,
                days=[f"{when.month}-{when.day}"] if chosen.random() < 0.5 else [],
                dates=1,
            ),
            signature=signature(title, made.body),
        )
        return report, made


def _decision(report: Report, occasion: _Occasion, article: _Article) -> Decision:
    """As ``group`` would have decided; the evidence is as long as it is in earnest."""
    uses = []
    for statement, remark in zip(report.statements, article.remarks, strict=True):
        remark_id = f"r-{digest(str(occasion.number), str(remark.number))}"
        uses.append(
            RemarkUse(
                statement_id=statement.statement_id,
                remark_id=remark_id,
                start=statement.start,
                end=statement.end,
                new=remark_id not in occasion.told,
            )
        )
        occasion.told.add(remark_id)
    features = ("role", "bias", "date", "place", "counterpart", "occasion", "names", "words", "similarity")
    evidence = [Evidence(feature=f, value="what it says", other="what they say", score=1.234) for f in features]
    original = article.original
    part = Part(
        story_id=f"s-{digest(str(occasion.number))}",
        role="report" if original is None else "copy",
        remarks=uses,
        copy_of=None if original is None else report_id(_article_id(original), SPEAKER),
        evidence=evidence,
        confidence=Confidence(story=0.9, copy=None if original is None else 0.9, role=0.9),
    )
    moment_ms = Facts(report).moment_ms
    if occasion.first_ms is None:
        occasion.first_ms = moment_ms
    return Decision(
        report_id=report.report_id,
        decision_seq=article.number + 1,
        parts=[part],
        overlap=None if original is None else 0.9,
        lag_minutes=minutes_between(occasion.first_ms, moment_ms),
        missing=sorted(occasion.told - {use.remark_id for use in uses}),
    )
