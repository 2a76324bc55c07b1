"""A file or a store of another rule book: read with a hint, written to nowhere; which one it was written with."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from shelterctl.document.reading import read_document
from shelterctl.document.subset import LARGEST_STORED
from shelterctl.document.writing import format_document
from shelterctl.identity.key_file import load_identity
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.store import opening
from shelterctl.store.compatibility import add_version_heading
from shelterctl.store.folder import SHELTER_FILE, record_file
from shelterctl.store.opening import open_store
from shelterctl.store.store import Store
from tests.support.desk import TODAY, Desk
from tests.support.inputs import USUAL_ENTRIES
from tests.support.paths import ACCEPTED, PROJECT
from tests.support.revised_rulebook import GREEN, TERM, Revised, Trial, copy_of_the_manual, retold
from tests.support.terminal import LEAVE, Terminal

NEXT_REVISION = int(open_rulebook().version["revision"]) + 1

KEEPSAKE = """schema: track/1
track: keepsake
text: {en: a keepsake, ru: вещица}
clause: IOM-7
home: client
at: keepsakes
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day, ru: День}}
  what: {is: text, text: {en: What, ru: Что}}
"""
DREAM = """schema: track/1
track: dream
text: {en: a dream, ru: сон}
clause: IOM-7
sealed: {part: psychological, marker: ["on", clear]}
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day, ru: День}}
  clear: {is: yes_no, text: {en: She remembers it, ru: Помнит}}
  what: {is: text, text: {en: What, ru: Что}}
"""
MADE_BY_0_3_0 = PROJECT / "tests" / "stores" / "0.3.0"
PERIOD = {"from": "2026-12-01", "to": "2026-12-31"}
CANARY = "a canary nobody may see"


def track(draft: Revised) -> None:
    draft.add("tracks/keepsake.yaml", KEEPSAKE)
    draft.do(f"add {draft.her} keepsake", {"on": "2026-11-24", "what": CANARY})


def sealed_track(draft: Revised) -> None:
    draft.add("tracks/dream.yaml", DREAM)
    draft.do(f"add {draft.her} dream", {"on": "2026-11-24", "clear": True, "what": CANARY})


def block(draft: Revised) -> None:
    hiv = (draft.manual / "tracks" / "hiv.yaml").read_text("utf-8")
    draft.add("tracks/tb.yaml", hiv.replace("track: hiv", "track: tb").replace("part: hiv", "part: tb"))
    draft.edit("tracks.yaml", "blocks: [hiv]", "blocks: [hiv, tb]")
    draft.edit(
        "lists.yaml", "\n    hiv: {", "\n    tb: {en: tuberculosis, ru: туберкулёз, ky: кургак учук}\n    hiv: {"
    )
    draft.do(f"admit {draft.her}", {"notes": CANARY})


def field(draft: Revised) -> None:
    draft.edit("tracks/need.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    draft.do(f"add {draft.her} need", {**USUAL_ENTRIES["need"], "colour": CANARY})


def field_of_all(draft: Revised) -> None:
    draft.edit("tracks/need.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    draft.do(
        f"admit {draft.her}",
        {"needs": [{**USUAL_ENTRIES["need"], "need": f"{n}", "colour": CANARY} for n in range(150)]},
    )


def field_of_hers(draft: Revised) -> None:
    draft.edit("tracks/identity.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    draft.lose("identity.colour")
    draft.do(f"admit {draft.her}", {"identity": {"colour": CANARY}})


def code(draft: Revised) -> None:
    draft.edit("tracks/need.yaml", "\n      primary: {", "\n      none: {en: none at all}\n      primary: {")
    draft.do(f"add {draft.her} need", {**USUAL_ENTRIES["need"], "class": "none"})


def line(draft: Revised) -> None:
    draft.edit("tracks/blue.yaml", "\nparts:\n", '\nparts:\n  "8": {text: {en: Books}, clause: A6.7c}\n')
    draft.do(
        f"agreement {draft.her} --form blue",
        {"date": "2026-11-25", "period": PERIOD, "lines": {"8": {"amount": 700}, "7a": {"amount": 700}}},
    )


def form(draft: Revised) -> None:
    draft.add("tracks/green.yaml", GREEN)
    draft.do(
        f"agreement {draft.her} --form green",
        {"date": "2026-11-25", "school": CANARY, "term": TERM, "lines": {"b": {"amount": 900}}},
    )


def item(draft: Revised) -> None:
    draft.edit(
        "acts/admission.yaml",
        "\nitems:\n",
        "\nitems:\n  - {item: greeted, text: {en: Greeted}, clause: M3.0.3, done: true}\n",
    )
    draft.do(f"admit {draft.her} --done greeted --on 2026-11-24 --by s-aida")


MORE = [track, sealed_track, block, field, field_of_all, field_of_hers, code, line, form, item]
NEWER_READ = (
    "list", "list --columns id,state,identity.sex", "show {}", "show {} --all", "show {} --all --names", "show {} need",
    "due", "due {}", "house", "find", "agreements", "agreements --lines", "agreements {}", "agreements --outlays",
    "admit {}", "monitor due", "agreement {} --account",
)  # fmt: skip
BLUE = {"date": "2026-11-25", "period": PERIOD, "lines": {"7b": {"amount": 100}}}
NEWER_WRITE: Mapping[str, Any] = {
    "admit {}": {"notes": "later"},
    "admit {} --check": {"notes": "later"},
    "admit {} --done orientation --on 2026-11-25 --by s-gulnara": None,
    "add {} need": USUAL_ENTRIES["need"],
    "add {} legal": {"on": "2026-11-24", "kind": "advice", "by": "s-aida"},
    "void {} {entry} --reason-code other": None,
    "discharge {} --own-decision": None,
    "agreement {} --form blue": BLUE,
    "agreement {} --form blue --sign": None,
    "form resident-rights {} --out paper.pdf": None,
}
HARM = ("misshapen", "BACKUP", "give-up", "damaged")


@pytest.mark.parametrize("more", MORE)
def test_it_is_read_with_a_hint_and_not_written_to(more: Any, admitted: Desk) -> None:
    more(Later(admitted))
    entry = admitted.record()["iom"]["instructions"][0]["id"]
    for words in NEWER_READ:
        answer = admitted.do(words.format(admitted.her), {"first_name": "Айгуль"} if words == "find" else None)
        assert [one["record"] for one in answer.page["findings"] if one["code"] == "store/newer"] == [admitted.her], (
            words
        )
        assert not [word for word in HARM if word in answer.out]
        assert CANARY not in answer.out or "--names" in words
    for words, given in NEWER_WRITE.items():
        answer = admitted.refused(words.format(admitted.her, entry=entry), given)
        assert (words, answer.code, answer.error) == (words, 7, "store/newer")
        assert answer.page["error"]["hint"].startswith("Update shelterctl on this computer.")
        assert not [word for word in HARM if word in answer.out]


@pytest.mark.parametrize("more", MORE)
def test_check_judges_it_not_says_so_and_calls_nothing_damaged(more: Any, admitted: Desk) -> None:
    more(Later(admitted))
    for words in ("check", f"check {admitted.her}"):
        answer = admitted.refused(words)
        assert (answer.code, answer.error) == (7, "store/newer")
        assert [one["record"] for one in answer.page["findings"] if one["code"] == "store/newer"] == [admitted.her]
        of_others = [one for one in answer.page["findings"] if one["record"] != admitted.her]
        assert {one["severity"] for one in answer.page["findings"] if one not in of_others} == {"warn"}
        assert {one["code"] for one in of_others if one["severity"] != "warn"} <= {"track/needs"}  # of house and staff
    assert "Nothing in the store is damaged." in admitted.refused("check").page["data"]["said"]
    assert admitted.refused(f"repair {admitted.her} --give-up --reason-code other").codes() == [
        "repair/whole",
        "store/newer",
    ]


def test_what_uses_nothing_of_it_is_written_to_and_the_newer_one_stays_named(admitted: Desk) -> None:
    draft = Later(admitted)
    ours = open_rulebook().version["revision"]
    draft.edit("edition.yaml", f"revision: {ours}", f"revision: {ours + 1}")
    draft.edit("tracks/need.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    draft.do(f"add {draft.her} need", USUAL_ENTRIES["need"])
    admitted.do(f"admit {admitted.her}", {"notes": "An invented person."})
    assert admitted.record()["edition"] == draft.rulebook.version
    draft.do(f"admit {draft.her}", {"needs": [{**USUAL_ENTRIES["need"], "need": "a coat", "colour": "green"}]})
    answer = admitted.refused(f"admit {admitted.her}", {"notes": "later"})
    assert f"was written with a newer rulebook (revision {ours + 1}; here: {ours})" in answer.page["error"]["message"]
    assert answer.page["error"]["hint"] == "Update shelterctl on this computer."
    draft.do(f"admit {draft.her}", {"notes": "later"})


def test_other_files_are_written_to_meanwhile_and_several_are_told_of_at_once(admitted: Desk) -> None:
    draft = Later(admitted)
    track(draft)
    new = {"identity": {"first_name": "Пример", "sex": "female"}, "referral": {"sources": ["scme"]}}
    other = admitted.do("admit", new).data["id"]
    admitted.do(f"add {other} need", USUAL_ENTRIES["need"])
    assert "store/newer" not in admitted.do(f"show {other}").codes()
    draft.do(f"add {other} keepsake", {"on": "2026-11-24"})
    told = [one for one in admitted.do("agreements").page["findings"] if one["code"] == "store/newer"]
    assert [one["facts"]["count"] for one in told] == [2]


def test_a_sum_of_which_a_line_is_unknown_is_not_told(admitted: Desk) -> None:
    line(Later(admitted))
    assert [row["total"] for row in admitted.do("agreements").data["rows"]] == [None]


def test_what_is_sealed_may_have_more_and_is_changed_by_nobody_who_does_not_know_it(admitted: Desk) -> None:
    draft = Later(admitted)
    draft.edit("tracks/legal.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    legal = {"on": "2026-11-24", "kind": "advice", "by": "s-aida", "options": ["redress"]}
    entry = draft.do(f"add {draft.her} legal", {**legal, "colour": CANARY}).data["entry"]
    admitted.do(f"show {admitted.her} legal")
    answer = admitted.refused(f"add {admitted.her} legal {entry}", {"options": ["witness"]})
    assert (answer.code, answer.error) == (7, "store/newer")
    admitted.do(f"add {admitted.her} need", USUAL_ENTRIES["need"])
    told = draft.do(f"show {draft.her} legal --names")
    assert CANARY in told.out
    draft.do(f"add {draft.her} legal {entry}", {"options": ["witness"]})


def test_answers_to_an_unknown_paper_wait_on(admitted: Desk) -> None:
    draft = Later(admitted)
    track(draft)
    held = draft.record()
    put(draft, {**held, "unfinished": {"keepsake": {"what": CANARY}, "green-signature": {"ngo_name": CANARY}}})
    for words in NEWER_READ:
        admitted.do(words.format(admitted.her), {"first_name": "Айгуль"} if words == "find" else None)
        assert admitted.run(words.format(admitted.her), {"first_name": "Айгуль"} if words == "find" else None).code == 0


class Later(Revised):
    """The same desk with a later program, whose own shelf that is: the store names none, as if it were the shipped one.

    While a command of it runs the store says that it is one of that shelf.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        named(self, None)

    def run(self, *typed: Any, **how: Any) -> Any:
        named(self, "trial")
        try:
            return super().run(*typed, **how)
        finally:
            named(self, None)


def named(desk: Desk, rulebook: str | None) -> None:
    """Let the store name that shelf."""
    held = read_document(opened(desk).vault.read(SHELTER_FILE)[0], LARGEST_STORED).value
    rest = {name: said for name, said in held.items() if name != "shelf"}
    put(desk, {**rest, "schema": "shelter/3", **({"shelf": rulebook} if rulebook else {})}, SHELTER_FILE)


def put(desk: Desk, record: Mapping[str, Any], name: str | None = None) -> None:
    """A file as it is, sealed and signed as the program does it."""
    session = opened(desk)
    session.vault.files_closed_because = None
    act = {"did": "admit", "by": "manager", "at": "2026-11-25T10:00+06:00"}
    name = name or record_file(desk.her)
    session.vault.write(name, format_document(record).encode(), session.vault.read(name)[1], **act)


def opened(desk: Desk) -> Store:
    return open_store(desk.store, load_identity(desk.key, None), open_rulebook(), desk.key.with_name("key.heads"))


@pytest.mark.parametrize(
    "more", [{"colour": "green"}, {"identity": {"sex": "none"}}, {"identity": {"colour": "green"}}]
)
def test_what_no_other_shelf_wrote_is_misshapen_as_before(more: dict[str, Any], admitted: Desk) -> None:
    put(admitted, {**admitted.record(), **more})
    for words in ("show {}", "add {} need"):
        answer = admitted.refused(words.format(admitted.her), USUAL_ENTRIES["need"] if "add" in words else None)
        assert (answer.code, answer.error) == (6, "store/misshapen")


def test_what_is_wrong_and_not_only_unknown_is_misshapen_as_before(admitted: Desk) -> None:
    held = admitted.record()
    edition = {**held["edition"], "imprint": "0" * 16}
    put(admitted, {**held, "edition": edition, "stays": {}})
    assert admitted.refused(f"show {admitted.her}").error == "store/misshapen"
    put(admitted, {**held, "edition": {**edition, "revision": NEXT_REVISION}, "stays": {}})
    answer = admitted.refused(f"show {admitted.her}")
    assert (answer.code, answer.error) == (7, "store/newer")
    assert "The file is not damaged" in answer.page["error"]["message"]


def test_a_file_of_a_later_program_is_read_where_it_can_be(admitted: Desk) -> None:
    held = admitted.record()
    put(
        admitted,
        {
            **held,
            "schema": "resident/9",
            "colour": "green",
            "needs": [{**USUAL_ENTRIES["need"], "id": "7QF2MK", "hue": 1}],
        },
    )
    for words in NEWER_READ:
        admitted.do(words.format(admitted.her), {"first_name": "Айгуль"} if words == "find" else None)
    assert admitted.refused(f"admit {admitted.her} --done orientation").code == 7
    put(admitted, {**held, "schema": "resident/9", "identity": ["Айгуль"]})
    for words in ("list", "due", "house", "check"):
        answer = admitted.ask(words)
        assert (words, answer.code) == (words, 7)
        assert "Айгуль" not in answer.out
        assert not [word for word in HARM[:3] if word in answer.out]
    for words in ("show {}", "repair {} --from usb", "repair {} --give-up --reason-code other"):
        answer = admitted.refused(words.format(admitted.her))
        assert (words, answer.code, answer.error) == (words, 7, "store/newer")


STAFF_READS = ("staff list", "house", "list", "show {}", "due", "facility list", "ngo list", "provider list")


def role(draft: Revised) -> None:
    draft.edit(
        "lists.yaml",
        "\n  roles:\n    manager: {",
        "\n  roles:\n    gardener: {en: gardener, ru: садовник, ky: багбан}\n    manager: {",
    )
    draft.do("staff add s-flora --role gardener", {"name": CANARY})


def register(draft: Revised) -> None:
    draft.edit("tracks/ngo.yaml", "\nfields:\n", "\nfields:\n  colour: {is: text, text: {en: Colour}}\n")
    draft.do("ngo add sun", {"name": "Sun", "colour": CANARY})


REGISTERS = {role: ("staff.yaml", "staff add s-new --role security"), register: ("directory.yaml.age", "ngo add moon")}


@pytest.mark.parametrize("more", REGISTERS)
def test_so_it_is_with_what_the_house_has_registered(more: Any, admitted: Desk) -> None:
    more(Later(admitted))
    place, write = REGISTERS[more]
    for words in STAFF_READS:
        admitted.do(words.format(admitted.her))
    answer = admitted.refused(write, {"name": "Пример"})
    assert (answer.code, answer.error) == (7, "store/newer")
    assert answer.page["error"]["message"].startswith(place)
    admitted.do(f"add {admitted.her} need", USUAL_ENTRIES["need"])


@pytest.mark.parametrize(
    ("name", "write"), [("shelter.yaml", "house --others 4 --facility bishkek"), *REGISTERS.values()]
)
def test_so_it_is_with_a_file_of_the_house_of_a_later_version(name: str, write: str, admitted: Desk) -> None:
    session = opened(admitted)
    held = read_document(session.vault.read(name)[0], LARGEST_STORED).value
    put(admitted, {**held, "schema": held["schema"].partition("/")[0] + "/99", "colour": "green"}, name)
    for words in STAFF_READS:
        admitted.do(words.format(admitted.her))
    answer = admitted.refused(write, {"name": "Пример"} if "add" in write else None)
    assert (answer.code, answer.error) == (7, "store/newer")
    admitted.do(f"add {admitted.her} need", USUAL_ENTRIES["need"])
    put(admitted, {"schema": held["schema"].partition("/")[0] + "/99", "ngos": "otherwise"}, name)
    answer = admitted.ask("staff list" if name != "directory.yaml.age" else "ngo list")
    assert (answer.code, answer.error) == (7, "store/newer")
    assert "BACKUP" not in answer.out


def test_a_backup_of_it_puts_it_back_where_it_is_damaged(admitted: Desk, usb: Any) -> None:
    track(Later(admitted))
    admitted.do("backup usb", today=None)
    file = admitted.store / record_file(admitted.her)
    file.write_bytes(file.read_bytes()[:-9])
    assert admitted.refused(f"show {admitted.her}").code == 6
    admitted.do(f"repair {admitted.her} --from usb", today=None)
    assert "keepsakes" in admitted.record()


def test_blocks_that_are_unknown_here_say_what_they_said_when_a_file_is_sealed_anew(admitted: Desk) -> None:
    draft = Later(admitted)
    block(draft)
    session = opened(admitted)
    data, _ = session.vault.read(record_file(admitted.her))
    before, now = (read_document(each, LARGEST_STORED).value for each in (data, session.seals.renewed(data)))
    assert now["sealed"].keys() == before["sealed"].keys() == {"hiv", "tb", "revisions"}
    lying, fresh = (session.identity.open(each["sealed"]["tb"].encode()) for each in (before, now))
    assert (fresh, now["sealed"]["tb"] != before["sealed"]["tb"]) == (lying, True)


def test_a_sitting_does_not_begin_in_it(admitted: Desk) -> None:
    track(Later(admitted))
    for words in (f"add {admitted.her} need", f"admit {admitted.her}", f"agreement {admitted.her} --form blue"):
        with Terminal(admitted, "en", TODAY, (120, 60)).live(words) as live:
            seen = live.end()
        assert (words, seen.code) == (words, 7)


def test_outside_of_a_store_it_is_not_judged_either(admitted: Desk) -> None:
    held = admitted.record()
    newer = {**held, "edition": {"revision": NEXT_REVISION, "imprint": "0" * 16}, "keepsakes": []}
    (admitted.folder / "file.yaml").write_text(format_document(newer), "utf-8")
    answer = admitted.refused("check ./file.yaml")
    assert (answer.code, answer.error, answer.codes("warn")) == (7, "store/newer", ["record/newer"])


def unknown(value: Any, schema: Any, defs: Any, *, keys: bool) -> Any:
    """A file with an unknown key in each mapping that its schema closes, or with an unknown word for each code."""
    schema = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(value, dict):
        closed = {"later": [{"id": "7QF2MK", "what": CANARY}]} if keys and "properties" in schema else {}
        below = schema.get("properties") or {}
        return {name: unknown(each, below.get(name, {}), defs, keys=keys) for name, each in value.items()} | closed
    if isinstance(value, list):
        return [unknown(each, schema.get("items") or {}, defs, keys=keys) for each in value]
    return "later" if "enum" in schema and isinstance(value, str) and not keys else value


@pytest.mark.parametrize("keys", [True, False])
def test_whatever_is_unknown_no_reader_stumbles_over_it(keys: bool, tmp_path: Path) -> None:
    shutil.copytree(MADE_BY_0_3_0, tmp_path / "made")
    desk = Desk(tmp_path / "made", json.loads((MADE_BY_0_3_0 / "expected.json").read_text("utf-8"))["her"])
    held = read_document(opened(desk).vault.read(record_file(desk.her))[0], LARGEST_STORED).value
    schema = published.resident_schema(open_rulebook())
    put(desk, {**unknown(held, schema, schema["$defs"], keys=keys), "schema": held["schema"]})
    for words in NEWER_READ:
        typed = words.format(desk.her), {"first_name": "Айгуль"} if words == "find" else None
        assert "store/newer" in desk.do(*typed, today="2026-11-28").codes()
        assert desk.run(*typed, today="2026-11-28").code == 0


def test_the_menu_says_so(admitted: Desk) -> None:
    track(Later(admitted))
    seen = Terminal(admitted, "en", TODAY, (140, 60)).run("menu", [LEAVE])
    assert "has content that the rulebook here does not know" in " ".join(seen.text.split())


SEAL = 'sealed: {part: medical, readers: [medical_adviser, manager], marker: [kind, "on", follow_up, closed]}\n'
UNSEALED = "home: client\nat: health\n"
BLUE_OF_DECEMBER = {
    "date": "2026-11-25",
    "period": {"from": "2026-12-01", "to": "2026-12-31"},
    "lines": {"7b": {"amount": 100}},
}
OTHER_RULES_READ = (
    "list", "list --stays", "show {}", "show {} --all --names", "check", "check {}", "due", "house", "agreements",
    "agreement --form blue", "monitor due", "explain health", "trust", "staff list", "admit {}",
)  # fmt: skip
OTHER_RULES_WRITE: Mapping[str, Any] = {
    "add {} health": USUAL_ENTRIES["health"],
    "add {} need": USUAL_ENTRIES["need"],
    "admit {}": {"notes": "later"},
    "admit": {"identity": {"sex": "female"}, "referral": {"sources": ["scme"]}},
    "admit {} --done orientation --on 2026-11-25 --by s-gulnara": None,
    "agreement {} --form blue": BLUE_OF_DECEMBER,
    "discharge {} --on 2026-11-25": ACCEPTED / "discharge.yaml",
    "void {} {entry} --reason-code other": None,
    "staff add s-new --role security": None,
    "ngo add moon": None,
    "house --others 2 --facility bishkek": None,
}


def draft_of(folder: Path, rulebook: str = "") -> Path:
    """A copy of the rules in which the health record is not sealed."""
    manual = Path(copy_of_the_manual(folder))
    health = manual / "tracks/health.yaml"
    health.write_text(health.read_text("utf-8").replace(SEAL, UNSEALED), "utf-8")
    edition = manual / "edition.yaml"
    kept = edition.read_text("utf-8").replace("shelf: trial\n", f"shelf: {rulebook}\n" if rulebook else "")
    edition.write_text(kept, "utf-8")
    return manual


@pytest.fixture
def tried(admitted: Desk, tmp_path: Path) -> Trial:
    """Whoever tries that draft before the store of the house."""
    return Trial(admitted.folder, draft_of(tmp_path / "draft"), admitted.her)


def shelter(desk: Desk) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((desk.store / "shelter.yaml").read_text("utf-8"))
    return value


def entry_of(desk: Desk) -> str:
    return str(desk.record()["iom"]["instructions"][0]["id"])


def refuses_all(desk: Desk) -> list[str]:
    """What each command that would write says; not a byte is another afterwards."""
    entry, hints = entry_of(desk), []
    for words, given in OTHER_RULES_WRITE.items():
        told = desk.refused(words.format(desk.her, entry=entry), given)
        assert (words, told.code, told.error) == (words, 7, "shelf/other")
        hints.append(told.page["error"]["hint"])
    return hints


def reads_all(desk: Desk) -> None:
    before = desk.digest_of_store()
    for words in OTHER_RULES_READ:
        told = desk.do(words.format(desk.her))
        known = [one["severity"] for one in told.page["findings"] if one["code"] == "shelf/other"]
        assert known == ([] if words in ("agreement --form blue", "explain health") else ["warn"]), words
    assert desk.do(f"agreement {desk.her} --form blue --check", BLUE_OF_DECEMBER).data["total"] == "100.00"
    assert desk.ask("find", {"first_name": "Айгуль"}).code == 0
    assert desk.digest_of_store() == before


def test_a_draft_reads_the_store_of_the_house(tried: Trial) -> None:
    reads_all(tried)


def test_and_writes_nothing_into_it(tried: Trial) -> None:
    assert all("unset SHELTERCTL_MANUAL" in hint and "demo run" in hint for hint in refuses_all(tried))
    said = tried.run(f"add {tried.her} need --lang ru", USUAL_ENTRIES["need"]).err
    assert "не те, с которыми создано это хранилище" in said
    assert "уберите SHELTERCTL_MANUAL" in said


def test_nothing_is_asked_there_for_what_could_not_be_saved(tried: Trial) -> None:
    with Terminal(tried, "en", TODAY, (120, 60)).live(f"add {tried.her} need") as live:
        seen = live.end()
    assert seen.code == 7
    assert "With them you can only read it" in " ".join(seen.text.split())


def test_it_would_write_the_health_record_in_the_open(tried: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the check is there for: without it the entry lies unsealed in the store of the house."""
    monkeypatch.setattr(opening, "rulebook_name", lambda _: None)
    tried.do(f"add {tried.her} health", USUAL_ENTRIES["health"])
    assert tried.record()["health"][0]["finding"] == "none"
    with pytest.raises(AssertionError):
        refuses_all(tried)


@pytest.fixture
def on_trial(admitted: Desk) -> Desk:
    """A store that was made to try rules of another folder, opened with the shipped ones."""
    retold(admitted)
    return admitted


def test_a_store_on_trial_is_read_by_the_shipped_rules_and_not_written_to(on_trial: Desk) -> None:
    assert (shelter(on_trial)["shelf"], shelter(on_trial)["schema"]) == ("trial", "shelter/3")
    reads_all(on_trial)
    assert all("name the folder of those rules in SHELTERCTL_MANUAL" in hint for hint in refuses_all(on_trial))


def test_so_it_is_between_two_drafts(on_trial: Desk, tmp_path: Path) -> None:
    another = Trial(on_trial.folder, draft_of(tmp_path / "another", "osh-2027"), on_trial.her)
    reads_all(another)
    refuses_all(another)
    same = Trial(on_trial.folder, draft_of(tmp_path / "same"), on_trial.her)  # of no name: on trial too
    same.do(f"add {same.her} health", USUAL_ENTRIES["health"])


@pytest.mark.parametrize(("rulebook", "named"), [("", "trial"), ("osh-2027", "osh-2027")])
def test_a_store_that_is_made_with_a_draft_is_one_of_it(rulebook: str, named: str, tmp_path: Path) -> None:
    desk = Trial(tmp_path / "desk", draft_of(tmp_path / "draft", rulebook))
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    assert (shelter(desk)["shelf"], shelter(desk)["schema"]) == (named, "shelter/3")
    desk.do("house --others 2 --facility bishkek")
    assert shelter(desk)["shelf"] == named
    found = desk.do("check", today=None)  # a new house lacks its NGO and coordinator, its manager a supervisor
    assert found.codes() == found.codes("open") == ["track/needs"] * 3
    desk.do("facility add bishkek --capacity 9")
    desk.do("facility add bishkek --capacity 8")
    assert (shelter(desk)["shelf"], shelter(desk)["schema"]) == (named, "shelter/3")


def test_a_store_that_needs_a_later_rulebook_is_not_opened_and_not_called_damaged(admitted: Desk) -> None:
    needed = open_rulebook().version["revision"]
    for more, code in ((0, 0), (1, 7)):
        put(admitted, {**shelter(admitted), "schema": "shelter/4", "shelf": {"revision": needed + more}}, SHELTER_FILE)
        before = admitted.digest_of_store()
        for words in ("list", f"show {admitted.her}", "check", "house", "due", "staff list"):
            answer = admitted.ask(words)
            assert (words, answer.code) == (words, code)
            if code:
                assert (answer.error, answer.page["error"]["hint"]) == (
                    "store/newer",
                    "Update shelterctl on this computer.",
                )
        assert admitted.digest_of_store() == before


def test_a_store_on_trial_keeps_its_name_once_a_person_has_a_key(tmp_path: Path) -> None:
    desk = Trial(tmp_path / "desk", draft_of(tmp_path / "draft"))
    desk.folder.mkdir()
    desk.do("init house --shelter bishkek --no-passphrase --recovery ../recovery", today=None)
    desk.do("staff add s-guard --role security")
    desk.do("staff key s-guard --no-passphrase")
    desk.do("staff key s-guard --accept")
    assert shelter(desk)["shelf"]["name"] == "trial"
    assert shelter(desk)["shelf"]["revision"] >= open_rulebook().version["revision"]
    desk.do("list")


def test_the_shipped_rules_are_the_shipped_ones_wherever_they_lie(admitted: Desk, tmp_path: Path) -> None:
    manual = copy_of_the_manual(tmp_path / "copy")
    edition = manual / "edition.yaml"
    edition.write_bytes((open_rulebook().folder / "edition.yaml").read_bytes())
    copy = Trial(admitted.folder, manual, admitted.her)
    copy.do(f"add {copy.her} need", USUAL_ENTRIES["need"])
    assert "shelf" not in shelter(admitted)
    assert shelter(admitted)["schema"] == "shelter/1"


def test_what_writes_by_no_rule_goes_on(tried: Trial, usb: Path) -> None:
    """Copies, what this computer remembers, and who may read: none of it depends on the rules."""
    tried.do("backup usb", today=None)
    tried.do("restore usb --store again", today=None)
    assert "shelf" not in yaml.safe_load((tried.folder / "again/shelter.yaml").read_text("utf-8"))
    assert tried.refused(f"add {tried.her} need --store again", USUAL_ENTRIES["need"]).error == "shelf/other"
    number = str(tried.do("check", today=None).data["sheet"]["number"])
    for note in (tried.folder / "key.heads").iterdir():
        note.unlink()
    tried.do(f"check --remember --number {number}", today=None)
    Desk.do(tried, "trust", today=None)


def test_the_demonstration_of_a_draft_is_one_of_it(tmp_path: Path) -> None:
    desk = Trial(tmp_path / "desk", copy_of_the_manual(tmp_path / "draft"))
    desk.folder.mkdir()
    desk.do("demo run trial", today=None)
    told = yaml.safe_load((desk.folder / "trial/house/shelter.yaml").read_text("utf-8"))
    assert told["shelf"] == "trial"


OURS = open_rulebook().version


def test_a_file_names_its_version_and_the_shelf_before_anything_else(admitted: Desk) -> None:
    record = admitted.record()
    assert [*record][:3] == ["schema", "edition", "id"]
    assert (record["schema"], record["edition"]) == ("resident/4", OURS)
    assert OURS["revision"] == yaml.safe_load((PROJECT / "src/shelterctl/manual/edition.yaml").read_text())["revision"]


def test_what_changes_nothing_leaves_the_file_as_it_was_also_with_another_shelf(admitted: Desk) -> None:
    note = {"notes": "An invented person."}
    other = Revised(admitted)
    other.do(f"admit {other.her}", note)
    before = admitted.digest_of_store()
    other.edit("tracks/need.yaml", "\ntext: {", "\n\ntext: {")
    for desk in (admitted, other):
        assert desk.do(f"admit {desk.her}", note).data["said"][0].endswith("nothing changed.")
    assert admitted.digest_of_store() == before


def test_the_next_write_names_the_shelf_that_it_is_made_with(admitted: Desk) -> None:
    other = Revised(admitted)
    other.edit("tracks/need.yaml", "\ntext: {", "\n\ntext: {")
    other.do(f"admit {other.her}", {"notes": "An invented person."})
    assert admitted.record()["edition"] == other.rulebook.version
    assert OURS["imprint"] != other.rulebook.version["imprint"]


def test_words_of_the_shelf_alone_are_no_other_shelf(admitted: Desk) -> None:
    other = Revised(admitted)
    other.clause("IOM-9", "Nothing that a file may say")
    assert other.rulebook.version == OURS
    assert other.rulebook.digest != open_rulebook().digest


def test_an_older_shelf_that_writes_into_a_file_leaves_the_newer_one_named() -> None:
    newer: dict[str, Any] = {"revision": OURS["revision"] + 1, "imprint": "0" * 16}
    record = {"schema": "resident/4", "edition": newer, "id": "7QF2-M9KD"}
    assert add_version_heading(record, OURS) == record
    older = {"revision": OURS["revision"] - 1, "imprint": "0" * 16}
    assert add_version_heading({**record, "edition": older}, OURS) == {**record, "edition": OURS}
