"""The examples: the accepted ones pass, and each refused one yields exactly the finding that it is named for."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gate import given

from shelterctl.core.manual.act import SOFTENED_REASON
from shelterctl.core.rules.messages import PUBLISHED_MESSAGES
from shelterctl.rulebook.rulebook import open_rulebook

if TYPE_CHECKING:
    from conftest import Desk


EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCE = Path(__file__).parents[1] / "src" / "shelterctl"
REFUSED = sorted((EXAMPLES / "refused").iterdir())
LATER = "2027-06-01"


def code_of(example: Path) -> str:
    """``agreement-over-cap.yaml`` is named for the finding ``agreement/over-cap``."""
    return example.stem.replace("-", "/", 1)


def is_pink(example: Path) -> bool:
    return b"contract_date" in example.read_bytes()


@pytest.mark.parametrize("example", REFUSED, ids=code_of)
def test_a_refused_example_yields_exactly_the_finding_it_is_named_for(
    example: Path, desk: "Desk", request: pytest.FixtureRequest
) -> None:
    kind, _, name = code_of(example).partition("/")
    if kind == "agreement":
        session: Desk = request.getfixturevalue("admitted")
        answer = session.refused(f"agreement {session.her} --form {'pink' if is_pink(example) else 'blue'}", example)
    elif kind == "discharge":
        session = request.getfixturevalue("admitted")
        answer = session.refused(f"discharge {session.her} --on 2026-11-25", example)
    elif kind == "monitoring":
        session = request.getfixturevalue("discharged")
        answer = session.refused(f"monitor record {session.her}", example, today=LATER)
    elif kind == "document" or (kind == "fragment" and name in ("unknown-entry", "cannot-remove")):
        session = request.getfixturevalue("admitted")
        answer = session.refused(f"admit {session.her}", example)
    elif kind == "admission" and name == "same-person":
        session = request.getfixturevalue("admitted")
        answer = session.refused("admit", example)
    elif kind == "admission" and name != "unknown-house":
        her = desk.do("admit", given(example)).data["id"]
        answer = desk.refused(f"admit {her} --complete --on 2026-11-22")
    else:
        answer = desk.refused("admit", example)
    assert answer.refusals == [code_of(example)]
    assert answer.code == 1


def test_the_accepted_examples_are_the_main_job(desk: "Desk") -> None:
    accepted = EXAMPLES / "accepted"
    her = desk.do("admit", accepted / "referral.yaml").data["id"]
    desk.do(f"admit {her}", {"identification_number": "KG-2026-118"})
    assert desk.do(f"admit {her} --complete --on 2026-11-22").data["state"] == "admitted"
    assert desk.do(f"agreement {her} --form blue", accepted / "blue.yaml").data["total"] == "8800.00"
    assert desk.do(f"agreement {her} --form pink", accepted / "pink.yaml").data["total"] == "9450.50"
    assert desk.do(f"discharge {her} --on 2026-11-25", accepted / "discharge.yaml").data["state"] == "discharged"
    monitored = desk.do(f"monitor record {her}", accepted / "monitoring-report.yaml", today=LATER)
    assert monitored.data["monitored"] is True


def test_no_example_has_a_part_that_only_an_invented_person_could_not_have() -> None:
    told = [path for path in (EXAMPLES / "accepted").iterdir() if "nvented" not in path.read_text("utf-8")]
    assert told == []


LITERAL = re.compile(r'"((?:admission|agreement|discharge|monitoring|fragment|facility|store)/[a-z-]+)"')
BUILT = {
    "core/money/agreement.py": ("agreement", r'say\("([a-z-]+)"'),
    "core/rules/monitoring.py": ("monitoring", r'_make_monitoring_finding\(\s*"([a-z-]+)"'),
    "cli/monitor.py": ("monitoring", r'_monitoring_refusal\("([a-z-]+)"'),
    "document/subset.py": ("document", r'^    "([a-z-]+)": N_\('),
    "validation.py": ("shape", r'SchemaFault\([^"\n]*"([a-z-]+)"'),
}
"""Where the second half of a code stands alone, and what comes before it."""

ELSEWHERE = {"fragment/cannot-remove", "shape/key", "shape/other", "shape/unexpected", "admission/record-opened"}
"""Nothing that a command reads provokes these: a schema speaks first, or none of ours uses the word."""


def codes_in_the_source() -> set[str]:
    """Every code of a finding: written out, put together from two halves, or named for a word of the shelf."""
    texts = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    codes = {found for text in texts.values() for found in LITERAL.findall(text)}
    for place, (kind, halves) in BUILT.items():
        found = re.findall(halves, texts[place], re.MULTILINE)
        assert found, place
        codes |= {f"{kind}/{half}" for half in found}
    codes |= set(PUBLISHED_MESSAGES)
    for name in ("admission", "discharge"):
        codes |= {
            f"{name}/{reason}"
            for item in open_rulebook().acts[name].items
            for reason in item.says
            if reason != SOFTENED_REASON
        }
    return codes


def test_every_code_of_a_finding_has_an_example_or_is_named_in_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    provoked = {code_of(example) for example in REFUSED} | ELSEWHERE
    for table in Path(__file__).parent.glob("attacks.yaml"):  # says of each attack which code answers it
        provoked |= set(re.findall(r"\b[a-z]+/[a-z-]+", table.read_text("utf-8")))
    assert {code for code in codes_in_the_source() if code not in provoked and f'"{code}"' not in tests} == set()
