"""Clauses that lead up to a colon without naming who speaks, and what is said in short (synthetic)."""

import pytest

from tests.builders import statements_of
from tests.unit.annotate.test_statements_antecedents import LAVROV, LEADS

HIS = [
    ("ru", " Лавров сказал, что паромы пойдут. И добавил уже серьёзно: тарифы пересмотрят летом.", "тарифы"),
    ("ru", " Лавров сказал, что паромы пойдут. Вспомнил и молодость: в порту он разгружал вагоны.", "вагоны"),
    ("ru", "\nС трапа обернулся: рапорта он не писал.", "рапорта"),
    ("ru", " Лавров спустился к причалу. Оглядел суда и усмехнулся: таких он ещё не видел.", "таких"),
    ("ru", " Лавров сказал, что паромы пойдут. Под конец смягчился: мост всё же достроят.", "мост"),
    ("ru", "\nОб этом Лавров рассказал телеканалу «Река»: договор продлят на два года.", "договор"),
    ("uk", " Лавров сказав, що пороми підуть. Про збір говорив коротко: його скасують до осені.", "скасують"),
    ("uk", "\nЗ трапа обернувся: рапорту він не писав.", "рапорту"),
    ("es", " Lavrov dijo que los barcos saldrán. Del puerto habló con cariño: los barcos han vuelto.", "han vuelto"),
    ("es", "\nSobre el puente fue tajante: no habrá más dinero.", "dinero"),
    ("tr", " Lavrov vapurların kalkacağını söyledi. Limandan sevgiyle söz etti: gemiler zamanında döndü.", "gemiler"),
    ("en", " Lavrov said the ferries would sail. Added with a grin: the toll was a joke.", "a joke"),
    ("en", "\nAsked about the toll, no hesitation: it would be gone by autumn.", "gone"),
    ("ar", " وقال لافروف إن العبارات ستبحر. وأضاف بجدية: الرسوم ستلغى في الخريف.", "الرسوم"),
    ("en", " The speech was short. The gist: ferries must run again by May.", "ferries"),
    ("en", " Lavrov smiled. The main thing: ferries must run again by May.", "ferries"),
    ("ru", " Лавров говорил час. Главная мысль известна каждому, кто слышал его прежде: сбор надо отменить.", "сбор"),
    ("ru", " Лавров вышел на трибуну. Суть сказанного проста: без лоцмана паром не выйдет.", "лоцмана"),
    ("uk", " Лавров говорив годину. Головне: пороми мають піти до травня.", "пороми"),
    ("de", " Lawrow trat ans Pult. Die Kernaussage: Russland tauscht Getreide gegen Dünger.", "Getreide"),
    ("de", " Lawrow sprach lange. Die Botschaft war klar: Ohne Lotsen fährt keine Fähre.", "Lotsen"),
    ("fr", " Lavrov a parlé une heure. L'essentiel : le péage disparaîtra à l'automne.", "péage"),
    ("es", " Lavrov habló una hora. La idea central: los barcos deben volver en mayo.", "barcos"),
    ("tr", " Lavrov uzun konuştu. Konseye dair mesajı netti: masaya dönmeyeceğiz.", "masaya"),
    ("ar", " تحدث لافروف طويلا. الفكرة الرئيسية: يجب أن تعود العبارات في مايو.", "العبارات"),
    ("ru", " Лавров вышел из зала. Настроен был мирно: визы вернут к осени.", "визы"),
    ("uk", "\nПро Рубіо відгукнувся тепло: з ним можна говорити.", "з ним можна говорити"),
    ("es", " Lavrov salió de la sala. Fue breve: no habrá más visados.", "visados"),
    ("en", " Lavrov left the hall. Was brief about the visas: there would be no more.", "no more"),
    ("tr", " Lavrov salondan çıktı. Vizeler konusunda netti: artık verilmeyecek.", "verilmeyecek"),
    ("es", " Lavrov habló el último. Su posición no cambia: no hay negociación sin trigo.", "trigo"),
]
OTHERS = [
    ("ru", "\nМарко Рубио сказал, что паромы пойдут. Потом смягчился: мост всё же достроят.", "мост"),
    ("ru", " Лоцман вернулся на борт. Проверил карту: фарватер был чист.", "фарватер"),
    ("ru", "\nНа причале стоял часовой: гостей пускали по списку.", "пускали"),
    ("ru", "\nПорт закрыл шторм: волны унесли два буя.", "волны"),
    (
        "es",
        "\nEl capitán Pedro Salas dijo que los barcos saldrán. Sobre el puente fue tajante: no hay dinero.",
        "dinero",
    ),
    ("es", "\nEn el puerto cayó la niebla: los barcos no salieron.", "barcos"),
    ("es", "\nEn Nairobi no había barcos: la huelga seguía en pie.", "huelga"),
    ("es", "\nEn el puerto era fiesta: los barcos no salieron.", "barcos"),
    ("en", "\nDelayed for hours: ferries to the northern islands.", "northern"),
    ("en", " The port was closed. The main thing for fishermen: ice must melt by May.", "melt"),
    ("en", " Captain Anna Berg took the rostrum. Her message was plain: no ferry sails without a pilot.", "pilot"),
    ("de", " Der Hafen war voll. Das größte Problem: Die Fähren haben keinen Treibstoff.", "Treibstoff"),
]


def _his(lang: str, text: str, part: str) -> bool:
    return any(part in s.text for s in statements_of(LEADS[lang] + text, lang) if s.speaker_id == LAVROV)


@pytest.mark.parametrize(("lang", "text", "part"), HIS)
def test_what_a_clause_without_a_subject_leads_up_to(lang: str, text: str, part: str) -> None:
    assert _his(lang, text, part)


@pytest.mark.parametrize(("lang", "text", "part"), OTHERS)
def test_what_others_say_and_what_is_told(lang: str, text: str, part: str) -> None:
    assert not _his(lang, text, part)
