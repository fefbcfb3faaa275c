"""Where contents begin and end, to the letter; all sentences are synthetic and of our own writing."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"

# language, sentences with what is his in {{…}}
SPANS = [
    # A word that is an abbreviation before numbers only.
    ("en", "Sergei Lavrov said {{the hosts had answered with a no}}. The envoys of the bloc left."),
    # Words that may begin a clause are the end of a sentence here.
    ("en", "Sergei Lavrov said {{the call lasted two hours}}."),
    ("en", "Sergei Lavrov said {{the truce would hold for 72 hours}}."),
    ("en", "Sergei Lavrov said {{the treaty could be signed within days}}."),
    ("en", "Sergei Lavrov said {{the halt would last only a few minutes}}."),
    ("en", "Sergei Lavrov said {{he had never met the envoy before}}."),
    ("en", "Sergei Lavrov said {{the truce would hold for 72 hours}} and Marco Rubio said it would not."),
    ("en", "Sergei Lavrov said {{the strait would stay shut}} hours after Marco Rubio said it was open."),
    ("en", "Sergei Lavrov said {{the strait would stay shut}}, days before Marco Rubio said it was open."),
    # Who passes the words on closes the sentence.
    ("ru", "Лавров заявил, что {{переговоры провалились}}, сообщает «Гавань»."),
    ("ru", "Лавров заявил, что {{переговоры провалились}}, сообщает газета «Вечерняя гавань»."),
    ("ru", "По словам Лаврова, {{переговоры провалились}}, сообщает Reuters."),
    ("ru", "По словам Лаврова, {{переговоры провалились}}, сообщила пресс-служба МИД."),
    ("ru", "Лавров сказал, что {{переговоры провалились}}, по данным ТАСС."),
    ("ru", "{{Переговоры провалились}}, сообщил Лавров «Гавани»."),
    ("ru", "Лавров сказал, что {{переговоры, по данным МИД, провалились}}."),
    ("ru", "{{Россия готова к переговорам}}, заявил Сергей Лавров, передает ТАСС."),
    ("ru", "{{Россия готова к переговорам}}, заявил Сергей Лавров, пишет «Гавань»."),
    ("ru", "{{Порт снова открыт}}. Об этом рассказал министр Сергей Лавров, пишет «Гавань»."),
    ("de", "{{Die Gespräche seien gescheitert}}, sagte Lawrow, meldete die Agentur Tass."),
    ("en", "{{Flights were up}}, Lavrov said, telling NATO that {{the port would stay shut}}."),
    ("en", "Sergei Lavrov came to Quito. {{The next secretary-general must be a woman}}, he said."),
    ("uk", "Лавров заявив, що {{переговори провалилися}}, пише «Гавань»."),
    ("uk", "За словами Лаврова, {{переговори провалилися}}, повідомляє телеканал «Гавань»."),
    ("en", 'Lavrov said {{the talks had failed}}, reported "The Harbour".'),
    ("en", "According to Sergei Lavrov, {{the talks have failed}}, TASS reported."),
    ("de", "Laut Lawrow {{sind die Gespräche gescheitert}}, meldet die Nachrichtenagentur Interfax."),
    ("de", "Lawrow sagte, {{die Gespräche seien gescheitert}}, schreibt der „Hafenbote“."),
    ("fr", "Selon Lavrov, {{les pourparlers ont échoué}}, rapporte le quotidien « Le Phare »."),
    ("fr", "Lavrov a déclaré que {{les pourparlers avaient échoué}}, rapporte « Le Phare »."),
    ("es", "Lavrov dijo que {{las conversaciones habían fracasado}}, según informó el diario «El Faro»."),
    ("es", "Según Lavrov, {{las conversaciones fracasaron}}, informó TASS."),
    ("pl", "Ławrow oświadczył, że {{rozmowy zakończyły się fiaskiem}}, podaje „Latarnia”."),
    # What somebody is warned of.
    ("en", "Sergei Lavrov warned Rubio against {{new sanctions}}."),
    ("en", "Sergei Lavrov informed the envoys about {{the new route}}."),
    ("de", "Lawrow warnte Rubio vor {{neuen Sanktionen}}."),
    ("de", "Lawrow warnte die USA am Freitag vor {{den Folgen neuer Sanktionen}}."),
    ("de", "Lawrow warnte am Montag vor Journalisten, {{der Hafen bleibe zu}}."),
    ("fr", "Lavrov a mis en garde Rubio contre {{de nouvelles sanctions}}."),
    ("es", "Lavrov advirtió a Rubio contra {{nuevas sanciones}}."),
    ("ru", "Лавров предупредил Вашингтон о {{последствиях новых санкций}}."),
    ("uk", "Лавров застеріг Рубіо від {{нових санкцій проти порту}}."),
    ("pl", "Ławrow ostrzegł Rubio przed {{nowymi sankcjami}}."),
    # When it was said, between commas.
    ("de", "Sergej Lawrow sagte am vergangenen Montag, {{die Gespräche seien gescheitert}}."),
    ("de", "Sergej Lawrow sagte letzte Woche in Baku, {{die Gespräche seien gescheitert}}."),
    ("de", "Sergej Lawrow sagte am späten Montagabend, {{die Gespräche seien gescheitert}}."),
    ("de", "Sergej Lawrow sagte am Mittwoch, dem 4. März, in Baku, {{die Gespräche seien gescheitert}}."),
    ("de", "Sergej Lawrow sagte am Mittwoch, den 4. März, {{die Gespräche seien gescheitert}}."),
    ("en", "Sergei Lavrov said on Wednesday, March 4, {{the talks had failed}}."),
    ("en", "Sergei Lavrov said on Wednesday, March 4, in Baku that {{the talks had failed}}."),
    ("ru", "Сергей Лавров заявил в среду, 4 марта, в Баку, что {{переговоры провалились}}."),
    ("es", "Serguéi Lavrov dijo el lunes, 4 de marzo, en Bakú, que {{las conversaciones habían fracasado}}."),
    ("ar", "قال لافروف إن {{المفاوضات فشلت}}، بحسب وكالة تاس."),
]


@pytest.mark.parametrize(("lang", "marked"), SPANS)
def test_spans(lang: str, marked: str) -> None:
    wanted = [part.split("}}")[0] for part in marked.split("{{")[1:]]
    text = marked.replace("{{", "").replace("}}", "")
    found = statements_of(f"Title of the day\n{text}", lang)
    his = [s for s in found if s.speaker_id == LAVROV]
    assert [s.text for s in his] == wanted
    assert all(s.kind == "indirect" for s in his)


@pytest.mark.parametrize(
    ("lang", "text", "kinds"),
    [
        ("ru", "— Порт закрыт. Он останется закрытым, — подчеркнул Лавров.", ["direct", "direct"]),
        ("uk", "— Порт залишиться закритим, — підкреслив Лавров.", ["direct"]),
        ("ru", "— Порт закрыт, — сказал Лавров. — Он не откроется.", ["direct", "direct"]),
        (
            "uk",
            "— Порт закрито, — сказав Лавров. — Ніхто не чекає. Пароми стоять.",
            ["direct", "direct", "direct"],
        ),
        ("es", "—El puerto está cerrado —dijo Lavrov—. Nadie lo va a abrir.", ["direct", "direct"]),
        ("es", "—El puerto está cerrado —dijo Lavrov—, y así seguirá.", ["direct"]),
        ("fr", "— Le port est fermé, a dit Lavrov. Mais les ferries attendent.", ["direct", "direct"]),
        ("fr", "– Le port est fermé, Lavrov l'a dit à Bakou.", ["indirect"]),
        ("en", "– The port is shut, said Lavrov.", ["indirect"]),
        ("ru", "— Порт закрыт, — сказал Лавров. Он добавил, что паромы стоят.", ["direct", "indirect"]),
        # Theses are nobody's wording.
        ("ru", "Сергей Лавров заявил:\n— порт закрыт;\n— паромы стоят.", ["indirect", "indirect"]),
    ],
)
def test_speech_between_dashes_is_direct(lang: str, text: str, kinds: list[str]) -> None:
    found = statements_of(f"Title of the day\nСергей Лавров в Баку.\n{text}", lang)
    assert [s.kind for s in found if s.speaker_id == LAVROV] == kinds
