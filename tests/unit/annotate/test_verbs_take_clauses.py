"""Every reporting verb of the lexicons, in the simplest sentences that it stands in, reports the clause beside it.

A phrase that swallows the complementizer (French "rappeler que"), or a form that another list takes for itself, would
otherwise lose every sentence with that verb, and no labelled text need have it.
"""

from collections import defaultdict

import pytest

from processors.annotate.statements.language.lexicon_file import load_lexicon
from tests.builders import statements_of

LAVROV = "Q58217"
# By language: sentences with {} for the verb, of which one must do, and the words of the clause.
BEHIND = {
    "en": (["Sergei Lavrov {} that the ships of Siberia wait in northern ports."], "ships of Siberia wait"),
    "fr": ([f"Sergueï Lavrov {a}{{}} que des navires russes attendent dans les ports." for a in ("", "a ")],
           "navires russes attendent"),
    "es": (["Serguéi Lavrov {} que los barcos rusos esperan en los puertos."], "barcos rusos esperan"),
    "de": ([f"Sergej Lawrow {a}{{}}, dass die Schiffe noch in den Häfen warten." for a in ("", "hat ")],
           "Schiffe noch in den Häfen"),
    "ru": (["Сергей Лавров {}, что корабли ждут в портах."], "корабли ждут"),
    "uk": (["Сергій Лавров {}, що кораблі чекають у портах."], "кораблі чекають"),
    "tr": (["Sergey Lavrov, gemilerin kuzey limanlarında beklediğini {}."], "kuzey limanlarında"),
    "ar": (["سيرغي لافروف {} أن السفن لا تزال تنتظر في الموانئ."], "تنتظر في"),
}  # fmt: skip
IN_FRONT = {
    "en": ([f"Sergei Lavrov spoke in Minsk. The ships wait in northern ports today, he {{}}{e}." for e in ("", " it")],
           "ships wait in northern"),
    "fr": ([f"Sergueï Lavrov a parlé à Minsk. Les navires attendent dans les ports, {v}." for v in ("a-t-il {}", "{}")],
           "navires attendent"),
    "de": ([f"Lawrow war in Minsk. Die Schiffe warteten noch in den Häfen, {v}." for v in ("{} er", "hat Lawrow {}")],
           "Schiffe warteten noch"),
    "ru": (["Сергей Лавров выступил в Минске. Корабли ждут в портах, {} он."], "Корабли ждут"),
    "uk": (["Сергій Лавров виступив у Мінську. Кораблі чекають у портах, {} він."], "Кораблі чекають"),
}  # fmt: skip


def verbs_of(lang: str) -> dict[str, set[str]]:
    """Forms in which a verb of saying stands in texts, by verb; without those that report only where they are negated
    («не скрывал, что»).
    """
    lexicon = load_lexicon(lang)
    forms = defaultdict[str, set[str]](set)
    for hits in lexicon.cues.values():
        for phrase, kind, base in hits:
            if kind == "say" and not lexicon.has("only_negated", base):
                forms[base].add(" ".join(phrase))
    return forms


def reports(lang: str, sentence: str, words: str) -> bool:
    return any(words in s.text and s.speaker_id == LAVROV for s in statements_of(f"Title\n{sentence}", lang))


@pytest.mark.parametrize(
    ("lang", "sentences", "words"),
    [
        *(pytest.param(lang, *rest, id=f"{lang} behind") for lang, rest in BEHIND.items()),
        *(pytest.param(lang, *rest, id=f"{lang} in front") for lang, rest in IN_FRONT.items()),
    ],
)
def test_every_verb_of_saying_reports_the_clause_beside_it(lang: str, sentences: list[str], words: str) -> None:
    mute = [
        base
        for base, forms in verbs_of(lang).items()
        if not any(reports(lang, sentence.format(form), words) for form in sorted(forms) for sentence in sentences)
    ]
    assert not mute
