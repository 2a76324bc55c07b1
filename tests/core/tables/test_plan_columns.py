"""Pairs of answers in a plan's table: each answer has its words, also one beside the codes, or none."""

from shelterctl.core.manual.plan import PlanTable
from shelterctl.core.tables.columns import Column
from shelterctl.core.tables.figures import RowColumns
from shelterctl.core.tables.plan_columns import plan_columns
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.ui_language import N_


def test_a_pair_says_what_is_unknown_in_words_and_not_recorded_apart() -> None:
    sex = Column("sex", "code", {"en": "sex"}, codes={"f": {"en": "woman", "ru": "женщина", "ky": "аял"}})
    age = Column("age", "code", {"en": "age"}, beside=("unknown", "in_words"), nothing=N_("age not known"))
    plan = next(iter(open_rulebook().plans.values()))
    table = PlanTable("t", {"en": "t"}, "stay", "admitted_on", by=("sex", "age"), crossed=True)
    crossed = plan_columns(plan, table, RowColumns(by={"sex": sex, "age": age}), lambda one: one.text).by["sex/age"]
    assert {answer: text["en"] for answer, text in crossed.codes.items()} == {
        "f/unknown": "woman · unknown", "f/in_words": "woman · in words", "f/": "woman · age not known",
        "/unknown": "not recorded · unknown", "/in_words": "not recorded · in words",
        "/": "not recorded · age not known",
    }  # fmt: skip
    assert crossed.codes["f/"]["ru"] == "женщина · возраст неизвестен"
    assert crossed.codes["f/"]["ky"] == "аял · жашы белгисиз"
