"""Plain words: how docstrings begin, which words are avoided, and what a change of words is."""

import pytest

from tests.support.paths import PROJECT, SOURCE
from tools import measure, words_alone

MODULE = '''"""Old."""

SAID = N_("It lies there.")


def read(path):
    """Old."""
    return f"{path} old"  # old
'''


def test_every_docstring_can_be_read_alone() -> None:
    unclear = {name: row["unclear"] for name, row in measure.measure_packages(SOURCE).items() if row["unclear"]}
    assert unclear == {}


def test_words_that_plain_english_avoids_are_rare() -> None:
    found = measure.count_avoided_words(SOURCE, PROJECT / "docs")
    assert found["whoever"] <= 10
    assert found["is told, is said"] <= 20


def test_other_strings_docstrings_and_comments_are_words_alone() -> None:
    assert not words_alone.differs_in_more_than_words(MODULE, MODULE.replace("old", "new").replace("Old", "New"))


@pytest.mark.parametrize(
    ("old", "new"), [("read(path)", "read(file)"), ("SAID", "TOLD"), ('"{path} old"', '"{path!r} old"')]
)
def test_a_name_or_an_expression_is_more_than_words(old: str, new: str) -> None:
    assert words_alone.differs_in_more_than_words(MODULE, MODULE.replace(old, new, 1))


@pytest.mark.parametrize("old", ["$ shelterctl list", "> 14.03", "(exit 1)"])
def test_a_transcript_with_another_command_answer_or_end_is_more_than_words(old: str) -> None:
    said = "$ shelterctl list\nWhich day?\n> 14.03\nRefused.\n(exit 1)\n"
    assert words_alone.differs_in_what_was_done(said, said.replace(old, f"{old}0"))
    assert not words_alone.differs_in_what_was_done(said, said.replace("Which day", "On which day"))
