"""Language identification on texts of our own writing (synthetic)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.annotate.language import identify
from tests.builders import clean_article

TEXTS = {
    "en": "The minister told reporters on Monday that the delegations would meet again before the month ends.",
    "ru": "Министр сообщил журналистам в понедельник, что делегации встретятся снова до конца месяца.",
    "uk": "Міністр повідомив журналістам у понеділок, що делегації зустрінуться знову до кінця місяця.",
    "tr": "Bakan, pazartesi günü gazetecilere heyetlerin ay sonundan önce yeniden görüşeceğini söyledi.",
    "de": "Der Minister sagte am Montag vor Journalisten, die Delegationen würden sich noch einmal treffen.",
    "fr": "Le ministre a déclaré lundi aux journalistes que les délégations se retrouveraient avant la fin du mois.",
    "es": "El ministro dijo el lunes a los periodistas que las delegaciones se reunirán de nuevo antes de fin de mes.",
    "ar": "قال الوزير للصحفيين يوم الاثنين إن الوفدين سيجتمعان مرة أخرى قبل نهاية الشهر",
}

# Neighbours, which are candidates where a page declares them.
DECLARED = {
    "sv": "Ministern sade till journalister på måndagen att delegationerna skulle träffas igen före månadens slut.",
    "nl": "De minister zei maandag aan de pers dat de delegaties elkaar voor het einde van de maand zullen zien.",
    "fi": "Ministeri sanoi toimittajille maanantaina, että valtuuskunnat tapaavat uudelleen ennen kuun loppua.",
    "et": "Minister ütles esmaspäeval ajakirjanikele, et delegatsioonid kohtuvad enne kuu lõppu uuesti.",
    "ro": "Ministrul le-a spus luni jurnaliștilor că delegațiile se vor întâlni din nou înainte de sfârșitul lunii.",
    "az": "Nazir bazar ertəsi jurnalistlərə nümayəndə heyətlərinin ay bitməmiş yenidən görüşəcəyini bildirdi.",
    "be": "Міністр паведаміў журналістам у панядзелак, што дэлегацыі сустрэнуцца зноў да канца месяца.",
    "kk": "Министр дүйсенбіде журналистерге делегациялар ай соңына дейін қайта кездесетінін айтты.",
    "hr": "Ministar je u ponedjeljak rekao novinarima da će se izaslanstva ponovno sastati prije kraja mjeseca.",
    "sk": "Minister v pondelok povedal novinárom, že delegácie sa pred koncom mesiaca stretnú znova.",
    "hu": "A miniszter hétfőn azt mondta az újságíróknak, hogy a küldöttségek a hónap vége előtt újra találkoznak.",
    "da": "Ministeren sagde mandag til journalister, at delegationerne ville mødes igen inden månedens udgang.",
    "no": "Ministeren sa til journalister mandag at delegasjonene skulle møtes igjen før utgangen av måneden.",
}


@pytest.mark.parametrize("lang", sorted(DECLARED))
def test_a_neighbour_is_known_where_it_is_declared(lang: str) -> None:
    assert identify(DECLARED[lang], lang) == lang
    assert identify(DECLARED[lang], f"{lang.upper()}-XX") == lang


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_what_a_text_is_written_in_beats_what_is_declared(lang: str) -> None:
    assert {identify(TEXTS[lang], declared) for declared in ("fi", "nl", "ro", "be", "xx", "")} == {lang}


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_each_language_is_known(lang: str) -> None:
    assert identify(TEXTS[lang]) == lang


def test_a_foreign_quotation_at_the_beginning_does_not_decide() -> None:
    text = "«Мы готовы к разговору.» " + " ".join([TEXTS["en"]] * 6)
    assert identify(text) == "en"


@pytest.mark.parametrize("text", ["", "   ", "12.03.2026 — 17:45", "OK", "https://example.org/a/b/c?d=e", "📞 📞 📞"])
def test_what_has_too_few_letters_is_unsure(text: str) -> None:
    assert identify(text) is None


@given(st.text(max_size=400))
def test_any_text_has_an_answer_and_the_same_one_twice(text: str) -> None:
    answer = identify(text)
    assert answer is None or (len(answer) == 2 and answer.islower())
    assert identify(text) == answer


@pytest.mark.parametrize(("found_in", "expected"), [("text", "nl"), ("page", "en"), ("import", "en")])
def test_what_cleaning_knows_by_the_text_itself_is_not_asked_again(found_in: str, expected: str) -> None:
    article = clean_article("Talks", TEXTS["en"], lang="nl", lang_from=found_in)
    assert annotate(article, gazetteer=load_gazetteer()).lang == expected
