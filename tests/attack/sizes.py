"""What somebody learns who sees the folder at every save: sizes, and journals that lie open."""

import json

from attack.lab import Lab
from shelterctl import limits

GREASE = 300
"""How many bytes age writes at random into the header of a file, at most."""

REPORT = {"on": "2026-11-24", "report": "отрицательный"}
SAVES = (
    ("add {her} health", {"kind": "checkup", "on": "2026-11-24"}),
    ("add {her} hiv", REPORT),
    ("admit {her}", {"notes": "a few words"}),
    ("add {her} hiv", {**REPORT, "report": "положительный, направлена к врачу"}),
    ("add {her} need", {"need": "обувь", "class": "primary", "on": "2026-11-24"}),
)
OWN = ("seq", "prev", "base", "now", "sig", "at")
"""What is another one in every line of a journal."""


def sizes_watched(lab: Lab) -> None:
    """Watches her file and the journal over five saves, of which two write the HIV part: nothing tells which."""
    lines = []
    for words, given in SAVES:
        grown = _grown(lab, words, given)
        steps = round(grown / limits.PADDING_STEP_BYTES)
        assert abs(grown - steps * limits.PADDING_STEP_BYTES) <= GREASE
        lines.append(json.loads(lab.journal().read_bytes().splitlines()[-1]))
    seen = [{name: said for name, said in line.items() if name not in OWN} for line in lines]
    assert all(line == {**seen[0], "did": line["did"]} for line in seen)
    assert [line["did"] for line in seen] == ["add", "add", "admit", "add", "add"]


def a_long_text_seen_by_its_size(lab: Lab) -> None:
    """Sees by the steps that a text of some pages was written, which a report of HIV never is."""
    assert _grown(lab, "admit {her}", {"notes": "words " * 2000}) >= 2 * limits.PADDING_STEP_BYTES - GREASE


def _grown(lab: Lab, words: str, given: object) -> int:
    before = lab.record.stat().st_size
    lab.desk().do(words.format(her=lab.her), given)
    return lab.record.stat().st_size - before
