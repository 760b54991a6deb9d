"""The words of perezkg's answers: whole in English and Spanish, and told in English where a language lacks them."""

from __future__ import annotations

import re

import pytest

from perezkg.resources import LANGUAGES
from perezkg.words import WORDS, in_each_language, words


def test_each_language_has_words() -> None:
    assert list(WORDS) == list(LANGUAGES)


def test_spanish_has_every_word() -> None:
    said = {lang: {topic: sorted(WORDS[lang][topic]) for topic in WORDS[lang]} for lang in ("en", "es")}
    assert said["es"] == said["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_means_something_and_has_the_same_gaps_as_in_english(lang: str) -> None:
    told = [(topic, meaning, text) for topic, texts in WORDS[lang].items() for meaning, text in texts.items()]
    assert told
    for topic, meaning, text in told:
        assert re.findall(r"{\w*}", text) == re.findall(r"{\w*}", WORDS["en"][topic][meaning]), meaning


def test_what_a_language_lacks_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "qu", {"sources": {"sentence": "rimay"}})
    told = words("sources", "qu")
    assert (told["sentence"], told["sentences"]) == ("rimay", "sentences")
    assert words("citation", "qu") == WORDS["en"]["citation"]
    assert in_each_language("sources", "sentence") == {"en": "sentence", "es": "oración", "qu": "rimay"}
    assert in_each_language("sources", "sentences") == {"en": "sentences", "es": "oraciones"}
