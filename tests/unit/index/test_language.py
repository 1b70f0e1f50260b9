from __future__ import annotations

from pathlib import Path

import pytest

from index.language import detect_language, is_english
from index.segment import sentences
from tests.conftest import SEEDS

FOREIGN = {
    "de": "Die Bundesregierung hat am Montag neue Regeln für den Export von Rüstungsgütern beschlossen.",
    "fr": "Le gouvernement a annoncé mardi une hausse des impôts sur les grandes entreprises.",
    "es": "El puerto permanecerá cerrado hasta el viernes por la huelga de los estibadores.",
    "pl": "Według policji w wypadku na autostradzie rannych zostało dwóch ludzi.",
    "nl": "De haven blijft tot vrijdag gesloten wegens een staking van de havenarbeiders.",
    "id": "Pemerintah mengumumkan kenaikan pajak bagi perusahaan besar pada hari Selasa.",
    "ru": "Правительство объявило во вторник о повышении налогов для крупных компаний.",
    "ja": "政府は火曜日、大企業に対する増税を発表した。",
    "ar": "أعلنت الحكومة يوم الثلاثاء زيادة الضرائب على الشركات الكبرى.",
}


@pytest.mark.parametrize(("language", "text"), FOREIGN.items(), ids=FOREIGN)
def test_a_sentence_in_another_language_is_known(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_sample_article_is_english_whole_and_by_its_beginning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert detect_language(text) == "en"
    first = sentences(text, body_start=0, article_id="")[0]
    assert detect_language(text[first.start : first.end]) == "en"


@pytest.mark.parametrize("text", ["NATO.", "GDP: 3.5% (2024)", "Tokyo, Osaka, Kyoto, Nagoya", ""])
def test_too_little_to_tell_is_english(text: str) -> None:
    assert detect_language(text) == "en"


def test_english_of_any_country_is_english() -> None:
    assert [tag for tag in ("en", "en-GB", "EN", "de", "eng", "und") if is_english(tag)] == ["en", "en-GB", "EN"]
