"""Whom a pronoun does not mean: the reporter, and those of whom "neither" says something (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
LEADS = {
    "en": "Lavrov in Quito\nSergei Lavrov came to Quito. Lavrov spoke for an hour.",
    "ru": "Лавров в Кито\nСергей Лавров прилетел в Кито. Лавров говорил час.",
    "uk": "Лавров у Кіто\nСергій Лавров прилетів до Кіто. Лавров говорив годину.",
    "de": "Lawrow in Quito\nSergej Lawrow kam nach Quito. Lawrow sprach eine Stunde.",
    "fr": "Lavrov à Quito\nSergueï Lavrov est arrivé à Quito. Lavrov a parlé une heure.",
    "es": "Lavrov en Quito\nSerguéi Lavrov llegó a Quito. Lavrov habló una hora.",
    "tr": "Lavrov Quito'da\nSergey Lavrov Quito'ya geldi. Lavrov bir saat konuştu.",
    "ar": "لافروف في كيتو\nوصل وزير الخارجية الروسي سيرغي لافروف إلى كيتو. تحدث لافروف ساعة.",
}
HIS = [
    ("en", "\nOur correspondent sat in row three. He began with visas. “Nobody waits for long,” he said."),
    ("en", "\nOur reporter asked about the toll. It would be gone by autumn, he said."),
    ("en", " Neither host nor neighbour replied. The money, he argued, should be handed back."),
    ("ru", "\nНаш корреспондент сидел в третьем ряду. Он начал с виз. «Никто не ждёт долго», — сказал он."),
    ("ru", " Ни капитан, ни лоцман не возразили. Паромы, по его словам, пойдут в мае."),
    ("uk", "\nНаш кореспондент сидів у третьому ряду. Він почав з віз. «Ніхто не чекає довго», — сказав він."),
    ("de", "\nUnser Korrespondent saß in Reihe drei. Er begann mit den Visa. „Niemand wartet lange“, sagte er."),
    ("fr", "\nNotre envoyé était au troisième rang. Il a commencé par les visas. « Personne n'attend », a-t-il dit."),
    ("es", "\nNuestro corresponsal estaba en la sala. Él empezó por los visados. «Nadie espera tanto», dijo."),
    ("es", " Ni el anfitrión ni el vecino respondieron. El dinero, argumentó, debe devolverse."),
    ("tr", "\nMuhabirimiz salondaydı. Vizelerle başladı. “Kimse çok beklemiyor” dedi."),
    ("ar", "\nجلس مراسلنا في الصف الثالث. وقال إن الرسوم ستلغى في الخريف."),
]
OTHERS = [
    ("en", "\nOur correspondent Tom Hale was in the harbour. “Nobody waits,” Hale said. Boats, he said, were late."),
    ("en", "\nA reporter in the hall said the queue was a week long. He added that nobody had told Lavrov."),
    ("en", " Neither the pilot nor Marco Rubio said that the port was shut."),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text"), HIS)
def test_who_is_no_antecedent_of_the_chief_persons_words(lang: str, text: str) -> None:
    assert LAVROV in [s.speaker_id for s in statements_of(LEADS[lang] + text, lang)]


@pytest.mark.parametrize(("lang", "text"), OTHERS)
def test_others_keep_their_words(lang: str, text: str) -> None:
    assert LAVROV not in [s.speaker_id for s in statements_of(LEADS[lang] + text, lang)]
