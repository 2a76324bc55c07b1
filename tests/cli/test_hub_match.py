"""Two houses, each with its store and its keys, that find out blindly which clients both know; and who would cheat."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shelterctl.custody.matching_letter import LetterKind, seal_letter
from shelterctl.identity.key_file import load_identity
from shelterctl.identity.keys import create_identity
from tests.support.desk import Desk, copied
from tests.support.role_house import house_by_role

UNTIL = str(date.today() + timedelta(20))
AFTER = str(date.today() + timedelta(21))
AGREED = {"kind": "matching", "recipient": "other-house", "given_on": "2026-11-23", "language": "ru"}
HER = {"first_name": "Айгуль", "last_name": "Примерова", "birth_date": "1999-03-05"}
CHILD = {"first_name": "Бермет", "last_name": "Образцова", "birth_date": "2014-06-01"}
TWINS = {"first_name": "Нуриза", "last_name": "Учебнова", "birth_date": "1990"}
NAMES = ("Айгуль", "Aigul", "Примеров", "Primerov", "Бермет", "Нуриза", "1999-03")


def taken_in(desk: Desk, who: dict[str, Any], consent: dict[str, Any] | None = AGREED) -> str:
    facts = {"identity": {**who, "sex": "female", "languages": ["ru"]}, "referral": {"sources": ["scme"]}}
    id_: str = desk.do("admit --new-person", facts).data["id"]
    if consent:
        desk.do(f"add {id_} consent", consent)
    return id_


@dataclass
class Houses:
    """Two houses, and the files that go to and fro between them in *post*."""

    a: Desk
    b: Desk
    post: Path

    def match(self, desk: Desk, words: str, **how: Any) -> dict[str, Any]:
        """The data of a step that is done."""
        return dict(desk.do(f"hub match {words}", today=None, **how).data)

    def refused(self, desk: Desk, words: str, day: str | None = None) -> str:
        """Why a step is not done: the code of the finding or error; nothing is another then."""
        answer = desk.refused(f"hub match {words}", today=day)
        return answer.refusals[0] if answer.refusals else answer.error

    def key(self, desk: Desk) -> str:
        return str(self.match(desk, "")["key"])

    def invited(self) -> str:
        """The id of a matching that both agreed."""
        begun = self.match(
            self.a,
            f"--begin --with {self.key(self.b)} --for other-house --until {UNTIL} --out {self.post}/invitation.age",
        )
        accepted = self.match(self.b, f"--accept {self.post}/invitation.age --for other-house")
        assert begun["words"] == accepted["words"]
        assert len(begun["words"].split()) == 4
        return str(begun["matching"])

    def listed(self) -> None:
        for name, desk in (("a", self.a), ("b", self.b)):
            self.match(desk, f"--list --out {self.post}/list-{name}.age")

    def answered(self) -> None:
        self.match(self.a, f"--answer {self.post}/list-b.age --out {self.post}/answer-a.age")
        self.match(self.b, f"--answer {self.post}/list-a.age --out {self.post}/answer-b.age")

    def results(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return (
            self.match(self.a, f"--result {self.post}/answer-b.age"),
            self.match(self.b, f"--result {self.post}/answer-a.age"),
        )


@dataclass
class Clients:
    """Who is known in both houses, by the ids that each house gave."""

    a: dict[str, str]
    b: dict[str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Houses, Clients]:
    folder = tmp_path_factory.mktemp("two-houses")
    desks = []
    for name in "ab":
        desk = Desk(folder / name)
        desk.folder.mkdir()
        desk.do("init house --shelter bishkek --no-passphrase --recovery paper", today=None)
        desks.append(desk)
    a, b = desks
    swapped = {"first_name": "Primerova", "last_name": "Aigul", "birth_date": "1999-03-05"}
    silent = {"first_name": "Жамиля", "last_name": "Небылицына", "birth_date": "1985-01-09"}
    ours = {"her": taken_in(a, HER), "silent": taken_in(a, silent, None), "child": taken_in(a, CHILD)}
    ours["twins"] = taken_in(a, TWINS)
    guarded = {**AGREED, "guardian": "опекун, в бумаге"}
    theirs = {"her": taken_in(b, swapped), "silent": taken_in(b, silent), "child": taken_in(b, CHILD, guarded)}
    theirs["one"] = taken_in(b, TWINS)
    theirs["two"] = taken_in(b, {**TWINS, "birth_date": "1990-05-04"})
    taken_in(b, {"first_name": "Чолпон", "last_name": "Сказкина"})
    return Houses(a, b, folder), Clients(ours, theirs)


@pytest.fixture
def houses(built: tuple[Houses, Clients], tmp_path: Path) -> Iterator[Houses]:
    made, _ = built
    post = tmp_path / "post"
    post.mkdir()
    pair = Houses(copied(made.a, tmp_path / "a"), copied(made.b, tmp_path / "b"), post)
    yield pair
    for desk in (pair.a, pair.b):  # what is written in clear holds no name, whatever was done
        clear = b"".join(path.read_bytes() for path in desk.store.glob("journal/*"))
        assert not [name for name in NAMES if name.encode() in clear]


@pytest.fixture
def clients(built: tuple[Houses, Clients]) -> Clients:
    return built[1]


def test_both_houses_see_their_own_ids_of_those_who_agreed_in_both(houses: Houses, clients: Clients) -> None:
    id_ = houses.invited()
    sent = [
        houses.match(desk, f"--list --out {houses.post}/list-{name}.age")
        for name, desk in zip("ab", (houses.a, houses.b), strict=False)
    ]
    assert [(one["count"], one["withheld"], one["incomplete"]) for one in sent] == [(2, 2, 0), (5, 0, 1)]
    houses.answered()
    a, b = houses.results()
    assert [(row["id"], row["match"], row["several"]) for row in a["rows"]] == [
        (clients.a["her"], "day", False),
        (clients.a["twins"], "year", True),
        (clients.a["twins"], "year", True),
    ]
    found = {row["id"]: (row["match"], row["several"]) for row in b["rows"]}
    assert found == {
        clients.b["her"]: ("day", False), clients.b["one"]: ("year", True), clients.b["two"]: ("year", True),
    }  # fmt: skip
    assert not {*clients.a.values()} & {*json.dumps(b).split('"')}
    assert all(row["other_id"] is None and not row["id_sent"] for row in (*a["rows"], *b["rows"]))
    # An id is seen once both houses have told theirs.
    assert houses.refused(houses.a, f"--tell {clients.a['silent']} --out {houses.post}/no.age") == "match/not-matched"
    houses.match(houses.a, f"--tell {clients.a['her']} --out {houses.post}/ids-a.age")
    heard = houses.match(houses.b, f"--hear {houses.post}/ids-a.age")
    assert (heard["count"], heard["waiting"]) == (1, 1)
    assert clients.a["her"] not in json.dumps(heard)
    houses.match(houses.b, f"--tell {clients.b['her']} --out {houses.post}/ids-b.age")
    (known,) = [row for row in houses.match(houses.b, f"--matching {id_}")["rows"] if row["id_sent"]]
    assert (known["id"], known["other_id"]) == (clients.b["her"], clients.a["her"])
    (told,) = [row for row in houses.match(houses.a, f"--hear {houses.post}/ids-b.age")["rows"] if row["id_sent"]]
    assert (told["id"], told["other_id"]) == (clients.a["her"], clients.b["her"])
    # The journal has each step with numbers alone; check knows these lines; the secret is gone at the end.
    steps = houses.match(houses.a, "--log")["rows"]
    assert [row["step"] for row in steps] == ["begin", "list", "answer", "result", "tell", "hear"]
    assert [row["count"] for row in steps] == [None, 2, None, 3, 1, 1]
    assert houses.a.do("check").code == 0
    assert (houses.a.run("hub match", today=None, env={"LC_ALL": "C"}).out.count(id_)) == 1
    houses.match(houses.a, "--end")
    assert not list(houses.a.folder.rglob("*matching-*"))
    assert houses.refused(houses.a, f"--hear {houses.post}/ids-b.age") == "match/unknown"
    assert houses.match(houses.a, "")["rows"] == []


def test_every_list_is_as_long_as_the_next_and_nothing_that_is_sent_opens_for_others(houses: Houses) -> None:
    houses.invited()
    houses.listed()
    sizes = {name: (houses.post / f"list-{name}.age").stat().st_size for name in "ab"}
    assert abs(sizes["a"] - sizes["b"]) < 200  # two clients and five; only what age itself writes differs
    assert sizes["a"] > 64 * 24 * 32
    files = {path.name: path.read_bytes() for path in (*houses.post.iterdir(), *houses.a.folder.rglob("*matching-*"))}
    assert len(files) == 4
    for data in files.values():
        assert data.startswith(b"age-encryption.org/v1\n")
        assert not [name for name in NAMES if name.encode() in data]
    assert houses.refused(houses.a, f"--answer {houses.post}/list-a.age --out {houses.post}/x.age") == "match/closed"


def test_nothing_is_compared_before_this_house_has_answered_too(houses: Houses) -> None:
    assert houses.refused(houses.a, f"--list --out {houses.post}/x.age") == "match/unknown"
    houses.invited()
    houses.match(houses.b, f"--list --out {houses.post}/list-b.age")
    out = f"--out {houses.post}/x.age"
    assert houses.refused(houses.a, f"--answer {houses.post}/list-b.age {out}") == "match/not-yet"
    houses.match(houses.a, f"--list --out {houses.post}/list-a.age")
    houses.match(houses.b, f"--answer {houses.post}/list-a.age --out {houses.post}/answer-b.age")
    assert houses.refused(houses.a, f"--result {houses.post}/answer-b.age") == "match/not-yet"
    assert houses.refused(houses.a, f"--tell 7QF2-M9KD {out}") == "match/not-yet"


def test_a_client_whose_consent_ends_stops_the_answer_and_is_never_shown(houses: Houses, clients: Clients) -> None:
    houses.invited()
    houses.listed()
    over = {**AGREED, "withdrawn_on": "2026-11-25"}
    houses.a.do(f"add {clients.a['her']} consent", over)
    answer = f"--answer {houses.post}/list-b.age --out {houses.post}/answer-a.age"
    assert houses.refused(houses.a, answer) == "match/consents"
    assert houses.refused(houses.a, f"--list --out {houses.post}/again.age") == "match/consents"
    # On a day before she took it back it is over too: --as-of brings nothing back.
    assert houses.refused(houses.a, answer, "2026-11-24") == "match/consents"
    # In the other house it ends after the answer: she is not shown there, and her id is not told.
    houses.match(houses.b, f"--answer {houses.post}/list-a.age --out {houses.post}/answer-b.age")


def test_a_consent_that_ends_after_the_answers_hides_the_match(houses: Houses, clients: Clients) -> None:
    houses.invited()
    houses.listed()
    houses.answered()
    houses.b.do(f"add {clients.b['her']} consent", {**AGREED, "given_on": None} | {"refused_on": "2026-11-25"})
    a, b = houses.results()
    assert clients.a["her"] in json.dumps(a)
    assert clients.b["her"] not in json.dumps(b)
    assert houses.refused(houses.b, f"--tell {clients.b['her']} --out {houses.post}/x.age") == "match/consents"


def test_a_matching_ends_with_its_last_day(houses: Houses) -> None:
    houses.invited()
    houses.listed()
    steps = (
        f"--list --out {houses.post}/x.age",
        f"--answer {houses.post}/list-b.age --out {houses.post}/x.age",
        f"--accept {houses.post}/invitation.age --for other-house",
    )
    for words in steps[:2]:
        assert houses.refused(houses.a, words, AFTER) == "match/over"
    assert houses.refused(houses.b, steps[2], AFTER) == "match/over"
    houses.answered()
    assert houses.refused(houses.a, f"--result {houses.post}/answer-b.age", AFTER) == "match/over"
    begin = f"--begin --with {houses.key(houses.b)} --for other-house --out {houses.post}/x.age --until"
    assert houses.refused(houses.a, f"{begin} 2026-11-01") == "match/over"
    assert houses.refused(houses.a, f"{begin} {date.today() + timedelta(90)}") == "match/over"


def test_an_answer_is_written_again_and_an_invitation_is_used_once(houses: Houses) -> None:
    id_ = houses.invited()
    houses.listed()
    houses.answered()
    again = houses.post / "again.age"
    houses.match(houses.a, f"--answer {houses.post}/list-b.age --out {again}")  # the file got lost: the same answer
    houses.match(houses.b, f"--end --matching {id_}")
    accept = f"--accept {houses.post}/invitation.age --for other-house"
    assert houses.refused(houses.b, accept) == "match/again"


def test_another_list_and_an_answer_to_another_list_are_refused(houses: Houses, tmp_path: Path) -> None:
    houses.invited()
    twin = copied(houses.b, tmp_path / "twin")  # who copies its own key and store can make a second list
    houses.listed()
    houses.match(twin, f"--list --out {houses.post}/second.age")
    houses.match(houses.a, f"--answer {houses.post}/list-b.age --out {houses.post}/answer-a.age")
    more = f"--answer {houses.post}/second.age --out {houses.post}/x.age"
    assert houses.refused(houses.a, more) == "match/other-list"
    houses.match(twin, f"--answer {houses.post}/list-a.age --out {houses.post}/answer-twin.age")
    assert houses.refused(houses.a, f"--result {houses.post}/answer-twin.age") == "match/other-list"


def test_files_of_another_matching_of_others_and_forged_ones(houses: Houses) -> None:
    first = houses.invited()
    houses.listed()
    begin = f"--begin --with {houses.key(houses.b)} --for other-house --until {UNTIL} --out {houses.post}/second.age"
    second = houses.match(houses.a, begin)["matching"]
    houses.match(houses.b, f"--accept {houses.post}/second.age --for other-house")
    assert houses.refused(houses.a, f"--list --out {houses.post}/x.age") == "match/which"
    houses.match(houses.b, f"--list --matching {second} --out {houses.post}/other.age")
    # Somebody else writes a list: without the secret, with the right names of both houses' keys or his own.
    stranger, b = create_identity(), load_identity(houses.b.key, None)
    to = houses.key(houses.a)
    forged = houses.post / "forged.age"
    for secret, writer in ((bytes(32), stranger), (bytes(32), b)):
        letter = seal_letter(LetterKind.LIST, first, {"own": "", "of": "", "entries": []}, writer, to, secret)
        forged.write_bytes(letter.data)
        assert houses.refused(houses.a, f"--answer {forged} --out {houses.post}/x.age") == "match/of-others"
    letter = seal_letter(LetterKind.LIST, "AAAAAA", {}, b, to, bytes(32))
    forged.write_bytes(letter.data)
    assert houses.refused(houses.a, f"--answer {forged} --out {houses.post}/x.age") == "match/unknown"
    # Another kind of file, and one's own.
    assert houses.refused(houses.a, f"--result {houses.post}/list-b.age") == "match/wrong-letter"
    assert houses.refused(houses.a, f"--hear {houses.post}/list-b.age") == "match/wrong-letter"
    forged.write_bytes(seal_letter(LetterKind.LIST, first, {}, load_identity(houses.a.key, None), to, bytes(32)).data)
    assert houses.refused(houses.a, f"--answer {forged} --out {houses.post}/x.age") == "match/wrong-letter"


def test_a_file_that_was_cut_or_changed_does_not_open(houses: Houses) -> None:
    houses.invited()
    houses.listed()
    sound, broken = (houses.post / "list-b.age").read_bytes(), houses.post / "broken.age"
    flipped = [
        sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :] for at in (30, 200, len(sound) // 2, len(sound) - 1)
    ]
    for data in (
        *flipped,
        sound[:-1],
        sound[: len(sound) // 2],
        sound[:40],
        b"",
        sound + b"x",
        b"age-encryption.org/v1\n",
    ):
        broken.write_bytes(data)
        assert houses.refused(houses.a, f"--answer {broken} --out {houses.post}/x.age") == "match/closed"
    assert houses.refused(houses.a, f"--answer {houses.post} --out {houses.post}/x.age") == "disk/not-a-plain-file"
    assert houses.refused(houses.a, f"--answer nowhere.age --out {houses.post}/x.age") == "match/no-file"


@pytest.mark.parametrize(
    "content",
    [
        {}, {"entries": None}, {"entries": []}, {"entries": [["A" * 8, "AAAA"]] * 64}, {"entries": [1] * 64},
        {"entries": [["AAAAAAAA", "a" * 1024]] * 64}, {"entries": [["../../..", "A" * 1024]] * 64},
        {"entries": {"a": 1}}, {"entries": [["A" * 8]] * 64}, {"own": 1, "of": "", "entries": []},
    ],
)  # fmt: skip
def test_a_list_of_a_wrong_shape_by_the_other_house_itself_is_not_read(houses: Houses, content: dict[str, Any]) -> None:
    id_ = houses.invited()
    houses.match(houses.a, f"--list --out {houses.post}/list-a.age")
    b, secret = load_identity(houses.b.key, None), _secret_of(houses.b)
    file = houses.post / "odd.age"
    file.write_bytes(seal_letter(LetterKind.LIST, id_, content, b, houses.key(houses.a), secret).data)
    assert houses.refused(houses.a, f"--answer {file} --out {houses.post}/x.age") == "match/not-sound"


def _secret_of(desk: Desk) -> bytes:
    """The secret of the only matching at a desk, as who holds its key reads it."""
    (kept,) = desk.folder.rglob("*matching-*")
    text, _ = load_identity(desk.key, None).open(kept.read_bytes()).decode().rsplit(" ", 1)
    return bytes.fromhex(json.loads(text)[6])


def test_what_this_computer_keeps_is_believed_only_as_it_kept_it(houses: Houses) -> None:
    id_ = houses.invited()
    (kept,) = houses.a.folder.rglob("*matching-*")
    me, sound = load_identity(houses.a.key, None), kept.read_bytes()
    forged = me.open(sound).replace(b"other-house", b"third-house")  # anybody can encrypt for a public key
    for data in (sound[:-1], me.seal(forged), b""):
        kept.write_bytes(data)
        assert houses.refused(houses.a, f"--list --out {houses.post}/x.age") == "match/kept-damaged"
    houses.match(houses.a, f"--end --matching {id_}")


def test_invented_clients_and_real_ones_are_not_compared(houses: Houses) -> None:
    out = f"--out {houses.post}/trial.age"
    houses.match(houses.a, f"--begin --with {houses.key(houses.b)} --for other-house --until {UNTIL} --invented {out}")
    accept = f"--accept {houses.post}/trial.age --for other-house"
    assert houses.refused(houses.b, accept) == "match/invented"
    houses.match(houses.b, f"{accept} --invented")
    houses.match(
        houses.a, f"--begin --with {houses.key(houses.b)} --for other-house --until {UNTIL} --out {houses.post}/r.age"
    )
    assert houses.refused(houses.b, f"--accept {houses.post}/r.age --for other-house --invented") == "match/invented"


def test_the_steps_are_listed_in_words_of_their_own(houses: Houses) -> None:
    houses.match(
        houses.a, f"--begin --with {houses.key(houses.b)} --for other-house --until {UNTIL} --out {houses.post}/l.age"
    )
    houses.match(houses.a, "--end")
    said = houses.a.run("hub match --log --lang ru", today=None).out
    assert [word in said for word in ("кто", "сверка окончена", "столбец", "отключён")] == [True, True, False, False]
    assert {row["by"] for row in houses.match(houses.a, "--log")["rows"]} == {"manager"}


def test_an_option_of_another_step_is_said_to_go_with_that(houses: Houses) -> None:
    answer = houses.a.run("hub match --invented", today=None)
    assert (answer.code, answer.err.splitlines()[-1]) == (2, "It goes with: --begin, --accept")


def test_words_that_do_not_fit(houses: Houses) -> None:
    key, out = houses.key(houses.b), f"--out {houses.post}/x.age"
    begin = f"--for other-house --until {UNTIL}"
    for words, code in (
        (f"--begin --with {key} {begin} --out {houses.post}/x.json", "usage/out"),
        (f"--begin --with {key} {begin} --out -", "usage/out"),
        (f"--begin --with {key} {begin}", "usage/missing"),
        (f"--begin --with {key} --until {UNTIL} {out}", "usage/missing"),
        (f"--begin --with age1abc {begin} {out}", "match/not-a-key"),
        (f"--begin --with {houses.key(houses.a)} {begin} {out}", "match/not-a-key"),
        (f"--begin --list {out}", "usage/one-thing"), (f"--list --for x {out}", "usage/option"),
        (f"--list --matching ABCDEF {out}", "match/unknown"), ("--end", "match/unknown"),
    ):  # fmt: skip
        assert houses.refused(houses.a, words) == code, words
    (houses.post / "there.age").write_bytes(b"age-encryption.org/v1\n")
    taken = f"--begin --with {key} {begin} --out {houses.post}/there.age"
    assert houses.refused(houses.a, taken) == "paper/exists"
    assert (
        houses.refused(houses.a, f"--begin --with {key} {begin} --out {houses.a.store}/x.age") == "paper/unsafe-place"
    )


def test_who_may_not_read_a_file_may_not_compare_it(admitted: Desk) -> None:
    house = house_by_role(admitted, Path("recovery"))
    key = create_identity().recipient
    begin = f"hub match --begin --with {key} --for other-house --until {UNTIL} --out {admitted.folder}/x.age"
    for staff in ("s-data", "s-guard"):
        assert house.desk.refused(f"{begin} --staff {staff}", today=None).error == "role/no-files"
    house.desk.do(f"{begin} --staff s-gulnara", today=None)
