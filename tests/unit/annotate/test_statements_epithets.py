"""Descriptions that mean the chief person, and relative clauses in which somebody speaks (synthetic)."""

import pytest

from tests.builders import statements_of
from tests.unit.annotate.test_statements_antecedents import LAVROV, LEADS

INTERVIEW = {
    "ru": "Лавров о хлебе\nВ интервью «Реке» Сергей Лавров говорил о хлебе. Лавров сказал, что хлеб будет дешёвым.",
    "uk": "Лавров про хліб\nВ інтерв'ю «Річці» Сергій Лавров говорив про хліб. Лавров сказав, що хліб буде дешевим.",
}
ESSAY = {
    "tr": "Lavrov vapurlar hakkında\nSergey Lavrov, İskele dergisine yazdı. Lavrov 2004'ten beri görevde.",
    "ar": "لافروف والعبارات\nكتب وزير الخارجية الروسي سيرغي لافروف عن العبارات. وعمل لافروف منذ عام 2004.",
}
HIS = [
    (INTERVIEW["ru"], "ru", " Пшеница не ждёт, — напомнил собеседник телеканала.", "Пшеница"),
    (INTERVIEW["ru"], "ru", " По словам собеседника издания, пшеница не ждёт.", "пшеница"),
    (INTERVIEW["uk"], "uk", " За словами співрозмовника видання, пшениця не чекає.", "пшениця"),
    (ESSAY["tr"], "tr", " Yazar, ücretin kaldırılması gerektiğini savundu.", "kaldırılması"),
    (ESSAY["ar"], "ar", " ويرى الكاتب أن الرسوم يجب أن تلغى.", "الرسوم"),
    (LEADS["en"], "en", "\nThe gravel-voiced Russian said bread would stay cheap.", "bread"),
    (LEADS["en"], "en", "\nThe tall, chain-smoking Russian warned that bread would be dear.", "bread"),
    (LEADS["en"], "en", "\n“Bread stays cheap,” said the silver-haired Russian.", "Bread"),
    (LEADS["en"], "en", "\nEurope's longest-serving foreign minister said bread would stay cheap.", "bread"),
    (LEADS["de"], "de", "\nDer dienstälteste Außenminister Europas sagte, Brot bleibe billig.", "Brot"),
    (LEADS["de"], "de", "\nDer Autor des Textes schreibt, Brot müsse billig bleiben.", "Brot"),
    (LEADS["tr"], "tr", "\nLibya konusunda konuk bakan, limanın açılması gerektiğini söyledi.", "limanın"),
    (LEADS["tr"], "tr", "\nTahıl meselesinde Rus bakan, buğdayın beklemeyeceğini vurguladı.", "buğdayın"),
    (
        LEADS["en"],
        "en",
        " He was angry with the host country's officers, who he said had refused visas.",
        "had refused",
    ),
    (LEADS["en"], "en", "\nThere was applause for the captains, who Lavrov said had saved nine boats.", "had saved"),
    (LEADS["en"], "en", "\nThe officers, who Lavrov says were paid by London, deny it.", "were paid"),
]
OTHERS = [
    (INTERVIEW["ru"], "ru", " Собеседник издания в порту полагает, что пшеница не ждёт.", "пшеница"),
    (
        LEADS["ru"],
        "ru",
        " Лавров сказал, что хлеб дешёвый. «Пшеница не ждёт», — сказал собеседник агентства.",
        "Пшеница",
    ),
    (LEADS["en"], "en", "\nThe author of the new bridge plan argues that bread is dear.", "bread"),
    (LEADS["de"], "de", "\nDer Autor des Brückenplans sagte, Brot müsse billig bleiben.", "Brot"),
    (LEADS["ru"], "ru", "\nАвтор проекта моста заявил, что хлеб подешевеет.", "хлеб"),
    (LEADS["tr"], "tr", "\nÜnlü yazar Elif Kaya, limanın açılması gerektiğini söyledi.", "limanın"),
    (LEADS["en"], "en", "\nA young Russian said bread was dear.", "bread"),
    (LEADS["en"], "en", "\nThe old Russian proverb says that wheat does not wait.", "wheat"),
    (LEADS["en"], "en", "\nKallas attacked the pilots, who she said had hidden the accounts.", "hidden"),
    (LEADS["ru"], "ru", " Сабуров от оценок воздержался, сказав лишь, что хлеб подешевеет.", "хлеб"),
    (LEADS["en"], "en", "\nLavrov met the bakers, who said bread was dear.", "bread"),
    (LEADS["en"], "en", "\nThe captains, who said they had saved nine boats, cheered Lavrov.", "saved"),
    (LEADS["en"], "en", "\nThe officers, who Lavrov says were paid by London, deny it.", "deny"),
]


def _his(text: str, lang: str, part: str) -> bool:
    return any(part in s.text for s in statements_of(text, lang) if s.speaker_id == LAVROV)


@pytest.mark.parametrize(("lead", "lang", "text", "part"), HIS)
def test_whom_a_description_means(lead: str, lang: str, text: str, part: str) -> None:
    assert _his(lead + text, lang, part)


@pytest.mark.parametrize(("lead", "lang", "text", "part"), OTHERS)
def test_whom_it_does_not_mean(lead: str, lang: str, text: str, part: str) -> None:
    assert not _his(lead + text, lang, part)
