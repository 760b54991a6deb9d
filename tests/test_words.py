"""The words of perezkg's answers: whole in English and Spanish, and told in English where a language lacks them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perezkg.resources import LANGUAGES
from perezkg.words import ENGLISH, catalogue, in_each_language, words

FILES = Path(__file__).resolve().parents[1] / "src" / "perezkg" / "languages"


def test_each_language_has_words() -> None:
    assert sorted(LANGUAGES) == sorted(["en", *(file.stem for file in FILES.iterdir())])


def test_spanish_has_every_word() -> None:
    spanish = catalogue("es")
    assert {topic: sorted(spanish[topic]) for topic in ENGLISH} == {topic: sorted(ENGLISH[topic]) for topic in ENGLISH}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_means_something_and_has_the_same_gaps_as_in_english(lang: str) -> None:
    told = [(topic, meaning, text) for topic in ENGLISH for meaning, text in catalogue(lang).get(topic, {}).items()]
    assert told
    for topic, meaning, text in told:
        assert re.findall(r"{\w*}", text) == re.findall(r"{\w*}", ENGLISH[topic][meaning]), meaning


def test_what_a_language_lacks_is_told_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "es.toml").write_bytes((FILES / "es.toml").read_bytes())
    (tmp_path / "qu.toml").write_text('[sources]\nsentence = "rimay"\n', encoding="utf-8")
    monkeypatch.setattr("perezkg.words._LANGUAGES", str(tmp_path))
    told = words("sources", "qu")
    assert (told["sentence"], told["sentences"]) == ("rimay", "sentences")
    assert words("citation", "qu") == ENGLISH["citation"]
    assert in_each_language("sources", "sentence") == {"en": "sentence", "es": "oración", "qu": "rimay"}
    assert in_each_language("sources", "sentences") == {"en": "sentences", "es": "oraciones"}
