"""An invented client whose every text is a canary: it sings where her file is shown, and nowhere else."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from decrypted import decrypted
from gate import with_evidence

from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.schemas import published
from shelterctl.schemas.input import entry_schema

if TYPE_CHECKING:
    from conftest import Desk
    from started import Answer


CANARY = "Канарейка"
SHELF = open_rulebook()
NUMBERS = count(1)
SAMPLES = {
    "day": "2026-11-22",
    "time": "2026-11-22T10:00+06:00",
    "partial": 1999,
    "code": "s-gulnara",
    "language": "ky",
    "country": "KG",
    "clock": "08:00",
    "entry_id": "K7M2QA",
    "part": "1b",
    "span": {"from": "2026-11-22", "to": "2026-11-23"},
}
BY_ACTS = {"id", "admitted_on", "not_admitted", "stays", "facility", "done", "discharge", "monitoring", "stay"}
LATER = "2027-06-01"


def canary() -> str:
    return f"{CANARY}{next(NUMBERS)}"


def filled(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:
    """A value that *schema* allows, with a canary for every text."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if schema.get("x-code"):
            return "S-NGO-12"  # others see it, so that no name of hers may stand in it
        return canary() if name == "text" else SAMPLES.get(name) or filled(shapes[name], shapes)
    if "anyOf" in schema or "enum" in schema:
        return schema["enum"][0] if "enum" in schema else filled(schema["anyOf"][0], shapes)
    if schema["type"] == "object":
        return {name: filled(part, shapes) for name, part in schema["properties"].items() if name not in BY_ACTS}
    if schema["type"] == "array":
        return [filled(schema["items"], shapes)]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    return {"boolean": True, "integer": 1, "number": 1}[kind]


def whole_file() -> dict[str, Any]:
    """Everything that a referral may say, the last word a canary wherever a text may stand."""
    schema = published.fragment_schema(SHELF)
    facts: dict[str, Any] = filled(schema, schema["$defs"])
    facts["referral"]["partner_ngo"] = "ulybka"
    facts["identification_number"] = "KG-2026-118"
    return with_evidence(facts)


SEALED = [name for name, track in SHELF.tracks.items() if track.seal]
LIES_DEEP = "Запечатанная"
"""What the canary of a sealed entry is called besides: it sings in no file that is opened, but from a block."""


def sealed(track: str) -> dict[str, Any]:
    """An entry of a sealed track, with a canary for every text."""
    schema = entry_schema(SHELF, track)

    def deep(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: deep(each) for name, each in value.items()}
        if isinstance(value, list):
            return [deep(each) for each in value]
        return value + LIES_DEEP if isinstance(value, str) and CANARY in value else value

    facts: dict[str, Any] = deep(filled(schema, schema["$defs"]))
    return facts


AGREEMENT = {
    "number": "S-NGO-12",
    "date": "2026-11-25",
    "ngo": "sezim",
    "ngo_representative": CANARY + "-a",
    "iom_representative": CANARY + "-b",
    "drafted_by": [CANARY + "-c", CANARY + "-d"],
    "period": {"from": "2026-12-01", "to": "2027-02-28"},
    "notes": CANARY,
    "lines": {"1b": {"amount": 3000, "goods": "tools", "goods_text": CANARY}},
}
REPORT = {"social_worker": "s-gulnara", "date": "2027-05-28", "problems": CANARY, "threats": True, "plans": CANARY}


@pytest.fixture
def sung(desk: "Desk") -> "Desk":
    """The desk with her file."""
    her = whole_file()
    assert str(her).count(CANARY) > 25
    admitted = desk.do("admit", her)
    assert CANARY not in admitted.out
    desk.her = admitted.data["id"]
    return desk


def her_whole_way(desk: "Desk") -> Iterator["Answer"]:
    """Every command that does something for her, as a person runs it."""
    her = desk.her
    leaving = {"iom_representative": CANARY, "iom_consulted_on": "2026-11-24", "reason_text": CANARY}
    steps: list[tuple[str, Any]] = [
        (f"admit {her}", {"identity": {"address": CANARY + "-new"}}),
        (f"admit {her}", {"children": [{"id": "AAAAAA", "sex": "female"}]}),
        (f"admit {her} --done orientation", None),
        (f"admit {her} --complete --check", None),
        (f"admit {her} --complete", None),
        ("admit", {"identity": {"sex": "female", "first_name": CANARY + "-x", "last_name": CANARY + "-y"}}),
        (f"agreement {her} --form blue", AGREEMENT),
        (f"agreement {her} --form blue --number S-NGO-12 --sign", None),
        ("agreements", None),
        *((f"add {her} {track}", sealed(track)) for track in SEALED),
        *((f"{act} {her} {name}", None) for name in SEALED for act in SHELF.tracks[name].entry_acts),
        *((f"show {her} {track}", None) for track in SHELF.track_names),
        (f"due {her}", None),
        ("form list", None),
        (f"discharge {her}", {"discharge": leaving}),
    ]
    for words, given in steps:
        answer = desk.run(f"{words} --json", given)
        assert given is None or not words.startswith("add") or answer.code == 0, answer.out
        yield answer
    later: list[tuple[str, Any]] = [
        (f"monitor record {her}", REPORT),
        (f"monitor attempt {her} --how phone", {"outcome": "other", "outcome_other": CANARY}),
        ("monitor due", None),
        (f"monitor close {her}", {"reason": CANARY}),
        ("list", None),
        ("list --format csv", None),
        ("find", {"first_name": CANARY}),
        ("find", {"first_name": CANARY + "-y", "last_name": CANARY + "-x"}),
        ("house --others 1 --facility bishkek", None),
        ("check", None),
        (f"check {her} --strict", None),
        ("ngo add ulybka", {"name": CANARY, "address": CANARY, "phone": CANARY}),
        ("staff add s-new", {"name": CANARY}),
        ("facility add osh", {"address": CANARY}),
    ]
    for words, given in later:
        yield desk.run(f"{words} --json", given, today=LATER)


def test_on_her_whole_way_the_canary_is_heard_only_where_her_file_is_shown(sung: "Desk") -> None:
    for answer in her_whole_way(sung):
        assert CANARY not in answer.err
        if "S-NGO-12" not in answer.out:
            assert CANARY not in answer.out
    assert sung.run(f"show {sung.her} --all --names").out.count(CANARY) > 25
    shown = sung.do(f"show {sung.her} --names")
    assert str(shown.data["record"]).count(CANARY) > 25
    assert CANARY not in str(shown.page["findings"])
    for track in (name for name in SEALED if LIES_DEEP in str(sealed(name))):  # some have codes and days alone
        assert LIES_DEEP in str(sung.do(f"show {sung.her} {track} --names").data["rows"]), track
    assert LIES_DEEP not in str(shown.page) + opened(sung)
    judged = sung.ask(f"agreement {sung.her} --form blue --check", {**AGREEMENT, "number": "S-NGO-13"})
    assert CANARY not in str(judged.page["findings"])
    silent(sung)


def silent(desk: "Desk") -> None:
    """No file name, journal line, list or sealed byte at this desk has the canary, and no command was told it."""
    assert not any(CANARY in word for words in desk.argv for word in words)
    for path in desk.folder.rglob("*"):
        assert CANARY not in path.name
        if path.is_file() and path.name != "given.yaml":
            assert CANARY.encode() not in path.read_bytes()


def opened(desk: "Desk") -> str:
    """Her file as any age with the key opens it."""
    return decrypted((desk.store / "residents" / f"{desk.her}.yaml.age").read_bytes(), desk.key).decode()


def test_any_age_with_the_key_opens_her_file(sung: "Desk") -> None:
    assert opened(sung).count(CANARY) > 25


FILES = {
    "a key": f"{CANARY}: 1\n",
    "a key below": f"identity: {{{CANARY}: 1}}\n",
    "a code": f"identity: {{sex: {CANARY}}}\n",
    "a day": f"admission: {{rules: {{signed_on: {CANARY}}}}}\n",
    "an entry": f"iom: {{instructions: [{{id: {CANARY}}}]}}\n",
    "twice": f"{CANARY}: 1\n{CANARY}: 2\n",
    "a list": f"- {CANARY}\n",
    "an anchor": f"notes: &{CANARY} x\n",
    "a tag": f"notes: !{CANARY} x\n",
    "a comment": f"notes: x # {CANARY}\n",
    "a quote": f'notes: "{CANARY}\n',
    "marks": f"<<<<<<< {CANARY}\n",
    "an agreement": f"date: 2026-11-25\n{CANARY}: 1\n",
    "a line": f"date: 2026-11-25\nlines: {{{CANARY}: {CANARY}, 7a: {{{CANARY}: 1}}, 2: {{document: {CANARY}}}}}\n",
}


@pytest.mark.parametrize("given", FILES.values(), ids=FILES)
def test_no_refusal_of_a_file_repeats_it(given: str, admitted: "Desk") -> None:
    before = admitted.digest()
    for words in (f"admit {admitted.her}", f"agreement {admitted.her} --form blue"):
        answer = admitted.ask(words, given)
        assert answer.code != 0
        assert CANARY not in str(answer.page["findings"]) + str(answer.page["error"])
        assert words.startswith("agreement") or CANARY not in answer.out
    assert admitted.digest() == before


WORDS = [
    "{}", "--{}", "show {}", "admit {}", "admit --{}", "admit --from {}.yaml", "admit {{her}} --done {}", "schema {}",
    "admit {{her}} --complete --on {}", "agreement --form {}", "agreement {{her}} --form blue --number {}", "check {}",
    "monitor {}", "monitor due --within {}", "monitor due --as-of {}", "monitor attempt {{her}} --how {}", "explain {}",
    "list --store {}", "list --lang {}", "list --passphrase-fd {}", "list --identity {}", "ngo add {}", "staff add {}",
    "staff add s-x --role {}", "facility add osh --kind {}", "void {{her}} {} --reason-code other", "list {}",
    "find {}", "find --from {}.yaml", "house --facility {}", "house --others {}", "void {{her}} {}", "show {{her}} {}",
    "void {{her}} AAAAAA --reason-code {}", "init {}/house --shelter {}", "check {}.yaml",
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_no_refusal_of_a_word_repeats_it(words: str, admitted: "Desk") -> None:
    before = admitted.digest()
    typed = words.format(CANARY, CANARY).format(her=admitted.her)
    answer = admitted.run(typed, today=None)
    assert answer.code != 0
    assert CANARY not in answer.out + answer.err
    assert admitted.digest() == before


def test_the_canary_is_where_it_was_put(tmp_path: Path) -> None:
    """The search finds what is there: else the silence above would prove nothing."""
    (tmp_path / "leak").write_text(canary())
    assert any(CANARY.encode() in path.read_bytes() for path in tmp_path.iterdir())
