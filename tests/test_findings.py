"""Every finding on the shelf says what it means, what to do and when it is said, in each language of the house."""

import re
from typing import Any

import pytest

from shelterctl.rulebook.rulebook import open_rulebook

SHELF = open_rulebook()
LANGUAGES = ["en", "ru", "ky"]
PARTS = ["means", "remedy", "example"]

COMMAND = re.compile(r"--[a-z-]+|\b[a-z]+_[a-z_]+\b|\b(?:admit|discharge|void|staff|ngo|facility) [A-Z]+\b")
"""What is typed as it stands, in whatever language it is explained: options, keys and commands."""


@pytest.mark.parametrize("code", SHELF.findings)
@pytest.mark.parametrize("part", PARTS)
def test_every_finding_has_its_texts_in_three_languages(code: str, part: str) -> None:
    text = SHELF.findings[code][part]
    assert list(text) == LANGUAGES
    assert all(words.endswith(".") for words in text.values())
    assert len({tuple(sorted(re.findall(r"\{\w+\}", words))) for words in text.values()}) == 1


@pytest.mark.parametrize("code", SHELF.findings)
@pytest.mark.parametrize("part", PARTS)
def test_what_is_typed_is_the_same_in_every_language(code: str, part: str) -> None:
    text = SHELF.findings[code][part]
    assert len({tuple(sorted(COMMAND.findall(words))) for words in text.values()}) == 1


def test_an_explanation_shows_the_example(desk: Any) -> None:
    example = SHELF.findings["agreement/over-cap"]["example"]
    assert example["en"] in desk.run("explain agreement/over-cap --lang en", today=None).out
