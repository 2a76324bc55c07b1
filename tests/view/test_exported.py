"""The words of exported tables: every table, column and code has them in the languages of the rulebook."""

import re
from datetime import date

import pytest

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.exported import heading_of, list_tables, open_table_of_rulebook

LINE_NUMBER = re.compile(r"\d+(\.\d+)?[a-z]?")
"""The codes whose words are alike in every language: numbers of lines, as the forms print them."""


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_every_table_column_and_code_has_words_in_each_language(language: str) -> None:
    rulebook, english, seen = open_rulebook(), set(), 0
    for name in list_tables(rulebook):
        table = open_table_of_rulebook(rulebook, lambda: date(2026, 12, 1), name, exact=True).table
        texts = {name: table.text}
        for one in table.columns:
            texts[f"{name}.{one.name}"] = heading_of(one.column)
            codes = {code: text for code, text in one.codes.items() if not LINE_NUMBER.fullmatch(code)}
            texts |= {f"{name}.{one.name}={code}": text for code, text in codes.items()}
        seen += len(texts)
        english |= {place for place, text in texts.items() if text.get(language) in (None, text["en"])}
    assert (seen > 1000, english) == (True, set())
