"""Answers about the registers hold for their files and their days alone."""

import json

from shelterctl.index.column import Held
from shelterctl.index.register_answers import RegisterAnswers

FILES = [
    ["registers/house/2026-11/abc.yaml.age", 9, 1, 1, 7, 33],
    ["registers/staff/2026-11/abc.yaml.age", 4, 1, 1, 8, 33],
]
MONDAY, TUESDAY, WEDNESDAY = 739_000, 739_001, 739_002


def answers() -> RegisterAnswers:
    made = RegisterAnswers()
    made.look(FILES)
    made.keep("due", [["osh", 1]], Held(MONDAY, TUESDAY))
    made.keep("nothing", None, Held(MONDAY, MONDAY))
    return made


def test_an_answer_is_known_on_its_days_alone() -> None:
    days = (MONDAY - 1, MONDAY, TUESDAY, WEDNESDAY)
    assert [answers().known("due", day) for day in days] == [[], [[["osh", 1]]], [[["osh", 1]]], []]
    assert answers().known("nothing", MONDAY) == [None]
    assert answers().known("another", MONDAY) == []


def test_an_answer_is_forgotten_when_a_file_is_another_or_named_by_a_new_line() -> None:
    touched = [FILES[0], [*FILES[1][:-1], 34]]
    named = [str(FILES[0][0])]
    for files, changed in ((touched, []), (FILES[:1], []), ([*FILES, FILES[0]], []), (FILES, named)):
        made = answers()
        made.forget_changed(changed)
        made.look(files)
        assert (made.known("due", MONDAY), made.files) == ([], files)


def test_an_answer_is_kept_while_only_other_files_change() -> None:
    made = answers()
    made.forget_changed(("residents/2GW5-RW9P.yaml.age", "shelter.yaml"))
    made.look(FILES)
    assert made.known("due", MONDAY) == [[["osh", 1]]]


def test_answers_come_back_as_they_were_kept() -> None:
    back = RegisterAnswers(*json.loads(answers().pack()))
    back.look(FILES)
    assert back.known("due", TUESDAY) == [[["osh", 1]]]
    assert back.known("nothing", MONDAY) == [None]
