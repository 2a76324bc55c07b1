"""What each verb says of an entry: needs, is, by, stands, suits; those that measure are tried in `test_measure`."""

import pytest
from small import HOUSE, around, said, yaml

NOTHING: list[str] = []


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{needs: title}", "{title: Почта}", NOTHING),
        ("{needs: title}", "{}", ["title"]),
        ("{needs: title}", "{title: '  '}", ["title"]),
        ("{needs: [title, price]}", "{}", ["title", "price"]),
        ("{needs: notes}", "{notes: []}", ["notes"]),
        ("{needs: paper.number}", "{paper: {day: '2026-11-01'}}", ["paper.number"]),
        ("{needs: [paper, paper.number]}", "{}", ["paper"]),
        ("{needs: [title, reason], any: true}", "{reason: Так}", NOTHING),
        ("{needs: [title, reason], any: true}", "{}", ["title any"]),
        ("{needs: identity.first_name}", "{}", ["identity.first_name"]),
        ("{needs: arrival}", "{}", NOTHING),
        ("{needs: discharge}", "{}", ["discharge"]),
        ("{needs: stay}", "{}", NOTHING),
        ("{needs: house}", "{}", ["house"]),
        ("{needs: done}", "{done: unknown}", NOTHING),
        ("{needs: kind_other}", "{}", NOTHING),
        ("{needs: kind_other}", "{kind: fetch}", NOTHING),
        ("{needs: kind_other}", "{kind: other}", ["kind_other"]),
        ("{needs: [paper.number, paper.kept_by]}", "{paper: {kept: false}}", ["paper.number"]),
        ("{needs: [paper.kept_by]}", "{paper: {kept: true}}", ["paper.kept_by"]),
        ("{needs: [help.reason, help.by]}", "{done: false}", NOTHING),
        ("{needs: [help.reason, help.by]}", "{done: true}", ["help.reason", "help.by"]),
        ("{needs: asked_by}", "{by: s-aida}", NOTHING),
    ],
)
def test_needs_what_is_asked_and_not_there(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{is: kind, codes: [fetch, bring]}", "{kind: bring}", NOTHING),
        ("{is: kind, codes: [fetch, bring]}", "{kind: other}", ["kind"]),
        ("{is: kind, codes: [fetch]}", "{}", NOTHING),
        ("{is: [kind, tongue], codes: [ky]}", "{kind: other, tongue: ru}", ["kind", "tongue"]),
        ("{is: things, codes: [coat]}", "{things: [coat, shoes]}", ["things"]),
        ("{is: done, codes: ['yes']}", "{done: true}", NOTHING),
        ("{is: done, codes: ['yes']}", "{done: false}", ["done"]),
        ("{is: done, codes: ['yes', 'unknown']}", "{done: unknown}", NOTHING),
        ("{is: title, contains: S-NGO}", "{title: 2-S-NGO-7}", NOTHING),
        ("{is: title, contains: S-NGO}", "{title: 2-S-7}", ["title contains"]),
        ("{is: tongue, of: tongues}", "{tongue: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongue, of: tongues}", "{tongue: uz, tongues: [ru, ky]}", ["tongue of"]),
        ("{is: tongue, of: tongues}", "{tongue: uz}", NOTHING),
        ("{is: tongues, of: tongue}", "{tongue: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongues, of: tongue}", "{tongue: uz, tongues: [ru, ky]}", ["tongues of"]),
        ("{is: things, all: [coat, shoes]}", "{things: [shoes, coat]}", NOTHING),
        ("{is: things, all: [coat, shoes]}", "{things: [shoes]}", ["things all"]),
        ("{is: things, all: [coat, shoes]}", "{}", NOTHING),
        ("{is: [tongue, kind], of: tongues}", "{tongue: uz, kind: ky, tongues: [ru, ky]}", NOTHING),
        ("{is: tongue, of: tongues}", "{tongues: [ru, ky]}", NOTHING),
    ],
)
def test_is_one_of_the_codes_or_shares_one(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{by: by}", "{by: s-aida}", NOTHING),
        ("{by: by}", "{by: s-unknown}", ["by unregistered"]),
        ("{by: by}", "{}", NOTHING),
        ("{by: by, role: [psychologist]}", "{by: s-aida}", NOTHING),
        ("{by: by, role: [psychologist]}", "{by: s-bek}", ["by role"]),
        ("{by: by, role: [psychologist, manager]}", "{by: s-bek}", NOTHING),
        ("{by: by, role: [manager]}", "{by: s-unknown}", ["by unregistered"]),
        ("{by: by, role: [manager]}", "{by: s-left}", ["by gone"]),
        ("{by: present}", "{present: [s-bek, s-left]}", ["present gone"]),
        ("{by: by, not: asked_by}", "{by: s-bek, asked_by: s-aida}", NOTHING),
        ("{by: by, not: asked_by}", "{by: s-bek, asked_by: s-bek}", ["by same"]),
        ("{by: title, not: reason}", "{title: 'А.  Примерова', reason: а. примерова}", ["title same-name"]),
        ("{by: present}", "{present: [s-bek, s-unknown]}", ["present unregistered"]),
        ("{by: present, role: [manager]}", "{present: [s-bek, s-aida]}", ["present role"]),
        ("{by: present, each: [manager, psychologist]}", "{present: [s-bek, s-aida]}", NOTHING),
        ("{by: present, each: [manager, social_worker]}", "{present: [s-bek, s-aida]}", ["present each"]),
        ("{by: present, each: [manager]}", "{}", NOTHING),
        ("{by: present, not: by}", "{present: [s-bek, s-aida], by: s-aida}", ["present same"]),
        ("{by: escort}", "{escort: Её сестра}", NOTHING),
        ("{by: escort, role: [manager]}", "{escort: Её сестра}", ["escort unregistered"]),
        ("{by: by, not: reason}", "{by: s-bek}", NOTHING),
    ],
)
def test_by_whom(rule: str, written: str, found: list[str]) -> None:
    assert said(rule, written) == found


def test_who_left_later_was_of_the_house_on_that_day() -> None:
    assert said("{by: by, role: [manager]}", "{by: s-left}", around(day="2026-11-24")) == NOTHING


def test_nobody_is_unregistered_where_there_is_no_register() -> None:
    assert said("{by: by, role: [manager]}", "{by: s-unknown}", around(registers=None)) == NOTHING


LEAVES = """{leaves: [
  {kind: town, given_on: '2026-11-10'},
  {kind: home, given_on: '2026-11-20', taken_back_on: '2026-11-24'},
  {kind: home, given_on: '2026-11-20', void: {reason: slip}}]}"""
WORDS = "{words: [{day: '2026-11-09', said: go}, {day: '2026-11-20', said: stay}, {day: '2026-11-15', said: go}]}"


@pytest.mark.parametrize(
    ("rule", "day", "found"),
    [
        ("{stands: leave}", "2026-11-25", NOTHING),
        ("{stands: leave}", "2026-11-09", ["leave"]),
        ("{stands: leave, where: {kind: [home]}}", "2026-11-23", NOTHING),
        ("{stands: leave, where: {kind: [home]}}", "2026-11-24", ["leave"]),
        ("{stands: leave, each: {kind: [town, home]}}", "2026-11-23", NOTHING),
        ("{stands: leave, each: {kind: [town, home]}}", "2026-11-25", ["leave each"]),
        ("{stands: leave, none: true}", "2026-11-25", ["leave none"]),
        ("{stands: leave, none: true}", "2026-11-09", NOTHING),
        ("{stands: leave, to: day}", "2026-11-25", ["leave"]),
        ("{stands: leave, from: {of: day, days: 1}, to: {of: day, days: 1}}", "2026-11-25", NOTHING),
        ("{stands: leave, from: {of: day, days: 2}}", "2026-11-25", ["leave"]),
        ("{stands: leave, per: day}", "2026-11-25", ["leave"]),
        ("{stands: leave, per: month}", "2026-11-25", NOTHING),
        ("{stands: leave, within: stay}", "2026-11-25", ["leave"]),
    ],
)
def test_an_entry_stands_on_the_day(rule: str, day: str, found: list[str]) -> None:
    assert said(rule, "{day: '2026-11-09'}", around(yaml(LEAVES), day)) == found


@pytest.mark.parametrize(
    ("rule", "on", "found"),
    [
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-19", NOTHING),
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-20", ["word"]),
        ("{stands: word, where: {said: [go]}}", "2026-11-19", ["word"]),
        ("{stands: word, where: {said: [go]}, to: day}", "2026-11-08", ["word"]),
    ],
)
def test_the_last_word_counts_as_of_the_day(rule: str, on: str, found: list[str]) -> None:
    assert said(rule, f"{{day: '{on}'}}", around(yaml(WORDS))) == found


ANSWERS = """{answers: [
  {by: s-aida, agreed_on: '2026-11-05', until: '2026-11-24'},
  {by: ' S-AIDA', refused_on: '2026-11-20'},
  {by: s-bek, agreed_on: '2026-11-05', until: '2026-11-24'}]}"""


@pytest.mark.parametrize(
    ("written", "day", "found"),
    [
        ("{by: s-aida, day: '2026-11-19'}", "2026-11-19", NOTHING),
        ("{by: s-aida, day: '2026-11-20'}", "2026-11-20", ["answer"]),
        ("{by: s-aida, day: '2026-11-23'}", "2026-11-23", ["answer"]),
        ("{by: s-bek, day: '2026-11-23'}", "2026-11-23", NOTHING),
        ("{by: s-bek, day: '2026-11-24'}", "2026-11-24", ["answer"]),
        ("{by: s-cholpon, day: '2026-11-23'}", "2026-11-23", ["answer"]),
        ("{day: '2026-11-23'}", "2026-11-23", NOTHING),
    ],
)
def test_the_last_word_to_each_counts_while_it_lives(written: str, day: str, found: list[str]) -> None:
    """A refusal takes an older answer back, to whoever it was given; an answer to somebody else stays."""
    assert said("{stands: answer, same: by, to: day}", written, around(yaml(ANSWERS), day)) == found


@pytest.mark.parametrize(
    ("rule", "written", "found"),
    [
        ("{stands: errand, of: after}", "{after: E1}", NOTHING),
        ("{stands: errand, of: after}", "{after: E2}", ["after nowhere"]),
        ("{stands: errand, of: after}", "{}", NOTHING),
        ("{stands: errand, of: after, same: kind}", "{after: E1, kind: fetch}", NOTHING),
        ("{stands: errand, of: after, same: kind}", "{after: E1, kind: bring}", ["errand"]),
        ("{stands: errand, of: after, where: {kind: [bring]}}", "{after: E1}", ["errand"]),
        ("{dated: day, from: after.day}", "{day: '2026-11-09', after: E1}", ["day early"]),
        ("{dated: day, from: after.day}", "{day: '2026-11-09', after: E2}", NOTHING),
        ("{needs: reason, when: {after.kind: [fetch]}}", "{after: E1}", ["reason"]),
    ],
)
def test_what_a_field_points_at(rule: str, written: str, found: list[str]) -> None:
    her = yaml("{errands: [{id: E1, kind: fetch, day: '2026-11-10'}, {id: E2, kind: fetch, void: {reason: slip}}]}")
    assert said(rule, written, around(her)) == found


def test_of_two_words_of_one_day_the_later_in_the_list_counts() -> None:
    twice = yaml("{words: [{day: '2026-11-09', said: go}, {day: '2026-11-09', said: stay}]}")
    assert said("{stands: word, where: {said: [stay]}}", "{}", around(twice)) == NOTHING


@pytest.mark.parametrize(("shop", "found"), [("fair", NOTHING), ("shut", ["shop.account"]), ("none", ["shop.account"])])
def test_what_stands_behind_a_code_of_a_register_lives_on_the_day(shop: str, found: list[str]) -> None:
    assert said("{stands: shop.account, of: title}", f"{{title: {shop}}}") == found


SHELTER = "{suits: identity, sex: female, minor_under: 18, unless: reason}"
CHILDREN = "{suits: identity, at_least: 3, at_most: 18}"


@pytest.mark.parametrize(
    ("rule", "identity", "written", "found"),
    [
        (SHELTER, "{sex: female, birth_date: 2001}", "{}", NOTHING),
        (SHELTER, "{sex: male, birth_date: 2001}", "{}", ["identity adult-man"]),
        (SHELTER, "{sex: female}", "{}", ["identity no-birth-date"]),
        (SHELTER, "{sex: female, birth_date: '2008-11-25'}", "{}", NOTHING),
        (SHELTER, "{sex: female, birth_date: '2008-11-26'}", "{}", ["identity minor-without-reason"]),
        (SHELTER, "{sex: female, birth_date: '2008-11'}", "{}", ["identity minor-without-reason"]),
        (SHELTER, "{sex: male, birth_date: '2015'}", "{reason: Сирота}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2023-11-25'}", "{}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2023-11-26'}", "{}", ["identity age-outside"]),
        (CHILDREN, "{sex: female, birth_date: '2007-11-26'}", "{}", NOTHING),
        (CHILDREN, "{sex: female, birth_date: '2007-11-25'}", "{}", ["identity age-outside"]),
        (CHILDREN, "{sex: female, birth_date: 2007}", "{}", NOTHING),
    ],
)
def test_whom_a_house_takes(rule: str, identity: str, written: str, found: list[str]) -> None:
    assert said(rule, written, around({"identity": yaml(identity)}, house=HOUSE)) == found
