"""A search opens few files and finds what it would find in all: no match is lost among the hashed names."""

import statistics
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shelterctl.core.candidates import HASH_DIGITS, CandidateFilter, HashedPerson, NameHasher
from shelterctl.core.people import MatchDegree, Person, match_persons
from shelterctl.core.values.names import split_name
from tests.support.invented_people import names, women

KEY = b"a key of an invented device"
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяёңөүіқҳabcdefghijklmnopqrstuvwxyzşçığöéßđ'-. 7אبა"
NAMES = names("""
Айгүл Айгуль Aigul Жылдыз Jyldyz Zhyldyz Хадича Xadicha Юлия Julia Алёна Ян Ли Өмүрбүбү Гүлбүбү Ң Ь Ъ Абдыкадырова
Abdykadyrova Шаршенова Şarşenova Щукина Shchukina Примерова Асанова Асановна Цой Ковалёва Әсел Ғалия Ўғилой Ҷамила
Ҳусния Ľubica Đorđe Ærø 明美 שרה فاطمة ნინო Kübra Żółć Nguyễn Pеtrоva Асанкызы O'Брайен Примерова-Образцова""")
NAMES += ["Асан кызы", "Абдыкадыр кызы", "Ай Гүл", "Мария 2"]
BIRTHS = st.one_of(
    st.none(), st.integers(1996, 2003), st.sampled_from(["1999-03", "1999-03-14", "1999-12-31", "2000-01"])
)
WORDS = st.one_of(st.sampled_from(NAMES), st.text(LETTERS, max_size=14))
NAME = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@st.composite
def mistyped(draw: st.DrawFn, name: str) -> str:
    """A name as it may be typed: with up to three letters wrong, missing, extra or swapped, or a part of it."""
    for _ in range(draw(st.integers(0, 3))):
        at, letter = draw(st.integers(0, len(name))), draw(st.sampled_from(LETTERS))
        left, right = name[:at], name[at:]
        ways = (
            left + right[1:],
            left + letter + right,
            left + letter + right[1:],
            left + right[1:2] + right[:1] + right[2:],
        )
        name = draw(st.sampled_from(ways))
    if draw(st.integers(0, 5)) == 0:
        begin = draw(st.integers(0, max(len(name) - 3, 0)))
        name = name[begin : begin + draw(st.integers(1, 8))]
    return draw(st.sampled_from((name, name.upper(), name.lower())))


@st.composite
def searches(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is looked for, made of the names of a file, and the identity in that file."""
    hers: dict[str, Any] = {"first_name": draw(NAME)}
    for key in ("last_name", "middle_name"):
        hers |= {key: draw(NAME)} if draw(st.integers(0, 3)) else {}
    hers |= {"also_known_as": draw(st.lists(NAME, max_size=2)), "estimated": draw(st.booleans())}
    hers |= {"birth_date": born} if (born := draw(BIRTHS)) else {}
    her_names = [hers[key] for key in ("first_name", "last_name", "middle_name") if key in hers]
    asked: dict[str, Any] = {}
    for key in ("first_name", "last_name"):
        chosen = draw(st.lists(st.sampled_from(her_names + hers["also_known_as"]), max_size=2))
        asked |= {key: " ".join(draw(mistyped(one)) for one in chosen)} if chosen else {}
    return asked | ({"birth_date": born} if (born := draw(BIRTHS)) else {}), hers


def stored(identity: dict[str, Any]) -> HashedPerson:
    """What is kept of the names of a file."""
    return NameHasher(KEY).hash_person(Person(identity))


def may_match(asked: Person, identity: dict[str, Any]) -> bool:
    """Whether a file may match; one that may has a word by which it is found before."""
    chosen, (words, birth) = CandidateFilter(asked, KEY), stored(identity)
    found = chosen.may_match(words, birth)
    assert not found or any(map(chosen.may_match_word, (*words, "")))
    assert chosen.may_match_words(" ".join(words)) == any(map(chosen.may_match_word, words))
    return found


@settings(max_examples=400)
@given(searches())
@example(({"first_name": "опсранова"}, {"first_name": "Осрпанова"}))  # two swaps around the middle
@example(({"first_name": "Ь"}, {"first_name": "Ъ"}))
@example(({"first_name": "асанкызы"}, {"first_name": "Айгүл", "middle_name": "Асан кызы"}))
def test_no_match_is_lost(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    wanted, identity = drawn
    asked = Person(wanted, partly=True)
    if match_persons(asked, Person(identity)).degree < MatchDegree.NONE:
        assert may_match(asked, identity)


@settings(max_examples=300)
@given(st.text("abcdeorvai", min_size=4, max_size=13), st.data())
def test_no_word_with_as_many_slips_as_are_allowed_is_lost(word: str, data: st.DataObject) -> None:
    """Plain words of few letters, so that slips meet in every place, around the middle too."""
    typed = data.draw(mistyped(word))
    asked = Person({"first_name": typed}, partly=True)
    if match_persons(asked, Person({"first_name": word})).degree < MatchDegree.NONE:
        assert may_match(asked, {"first_name": word})


def test_an_exact_name_leaves_few_of_two_thousand_files_to_open() -> None:
    people = women(2000)
    kept = [stored(one) for one in people]
    opened = []
    for her in people[::50]:
        asked = Person({name: her[name] for name in ("first_name", "last_name")}, partly=True)
        chosen = CandidateFilter(asked, KEY)
        opened.append(sum(chosen.may_match(*one) for one in kept))
        assert may_match(asked, her)
    assert statistics.median(opened) <= 4
    assert statistics.mean(opened) <= 10


@pytest.mark.parametrize("born", [1999, "1999-03", "1999-12-31"])
def test_a_birth_date_alone_leaves_the_files_of_its_year(born: object) -> None:
    asked = Person({"birth_date": born}, partly=True)
    assert may_match(asked, {"birth_date": 1999})
    assert not may_match(asked, {"birth_date": 1998})
    assert not may_match(asked, {"first_name": "Айгүл"})


def test_a_name_that_is_too_long_to_hash_in_all_its_spellings_opens_every_file() -> None:
    wide = CandidateFilter(Person({"first_name": " ".join(["xcjңxcjңxcjңxcjң" * 3] * 4)}, partly=True), KEY)
    assert wide.opens_all
    assert wide.may_match((), "")
    assert not CandidateFilter(Person({"first_name": "Айгүл Асановна Примерова"}, partly=True), KEY).opens_all


def test_nothing_is_kept_but_hashes_that_need_the_key() -> None:
    her = {"first_name": "Айгүл", "last_name": "Абдыкадырова", "birth_date": 1999}
    kept = stored(her)
    assert {len(word) % HASH_DIGITS for word in (*kept.words, kept.birth)} == {0}
    assert set("".join((*kept.words, kept.birth))) <= set("0123456789abcdef")
    other = NameHasher(b"the key of another device").hash_person(Person(her))
    for one, two in zip((*kept.words, kept.birth), (*other.words, other.birth), strict=True):
        assert not {one[at : at + HASH_DIGITS] for at in range(0, len(one), HASH_DIGITS)} & {
            two[at : at + HASH_DIGITS] for at in range(0, len(two), HASH_DIGITS)
        }


def test_a_word_is_kept_as_few_hashes() -> None:
    (word,) = split_name("Абдыкадырова")
    assert len(NameHasher(KEY).hash_word(word)) // HASH_DIGITS <= 15
