"""Turkish forms by vowel harmony, beside those of a grammar."""

import pytest

from processors.annotate.statements.language.harmony import inflected

SUFFIXES = ["DI", "(y)An", "(y)ArAk", "mIştI", "Iyor", "R", "mAktAdIr", "DIğInI"]


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("söyle", "söyledi söyleyen söyleyerek söylemişti söylüyor söyler söylemektedir söylediğini"),
        ("açıkla", "açıkladı açıklayan açıklayarak açıklamıştı açıklıyor açıklar açıklamaktadır açıkladığını"),
        ("et", "etti eden ederek etmişti ediyor eder etmektedir ettiğini"),
        ("kaydet", "kaydetti kaydeden kaydederek kaydetmişti kaydediyor kaydeder kaydetmektedir kaydettiğini"),
        ("belirt", "belirtti belirten belirterek belirtmişti belirtiyor belirtir belirtmektedir belirttiğini"),
        ("gör", "gördü gören görerek görmüştü görüyor görür görmektedir gördüğünü"),
        ("sor", "sordu soran sorarak sormuştu soruyor sorar sormaktadır sorduğunu"),
        ("savun", "savundu savunan savunarak savunmuştu savunuyor savunur savunmaktadır savunduğunu"),
        ("paylaş", "paylaştı paylaşan paylaşarak paylaşmıştı paylaşıyor paylaşır paylaşmaktadır paylaştığını"),
    ],
)
def test_forms_follow_the_vowels_of_the_stem(stem: str, forms: str) -> None:
    assert inflected(stem, SUFFIXES, frozenset({"et", "kaydet"})) == forms.split()
