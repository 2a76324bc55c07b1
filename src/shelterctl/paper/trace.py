"""Filled sheets noted in the record that they show: their codes, and a short trace of every fact on them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from shelterctl.act.file import save
from shelterctl.core.record import Facts, live
from shelterctl.desk import Desk
from shelterctl.errors import Disk
from shelterctl.paper.code import shortened
from shelterctl.paper.request import Paper
from shelterctl.store import DIRECTORY
from shelterctl.vault import FORBIDDEN


def note(here: Desk, papers: Sequence[Paper]) -> bool:
    """Note each sheet once where its record lies; false where this store can only be read."""
    if here.store.identity.device is None or here.store.vault.closed:
        return False
    try:
        return _all(here, papers)
    except Disk as trouble:  # it lies where this computer may not write: on a disk that is only read, say
        if trouble.code != FORBIDDEN:
            raise
        return False


def _all(here: Desk, papers: Sequence[Paper]) -> bool:
    for record, its in groupby(papers, key=lambda paper: paper.record):
        if record and not (_in_directory if record in here.store.staff_in() else _in_file)(here, record, list(its)):
            return False
    return True


def _in_file(here: Desk, record: str, papers: Sequence[Paper]) -> bool:
    held = here.store.read(record)
    fresh = _fresh(here, held.value, papers)
    if fresh:
        save(here, {**held.value, "printed": [*(held.value.get("printed") or ()), *fresh]}, held.version, "print")
    return True


def _in_directory(here: Desk, record: str, papers: Sequence[Paper]) -> bool:
    held = here.store.directory
    staff = held.value.get("staff") or {}
    mine = staff.get(record) or {}
    fresh = _fresh(here, mine, papers)
    if fresh:
        changed = {**staff, record: {**mine, "printed": [*(mine.get("printed") or ()), *fresh]}}
        here.write([(DIRECTORY, {**held.value, "staff": changed}, held.version)], "print")
    return True


def _fresh(here: Desk, holder: Facts, papers: Sequence[Paper]) -> list[dict[str, Any]]:
    """The sheets that are not noted yet; the same facts printed again have the same code."""
    known = {entry["code"] for entry in live(holder.get("printed"))}
    return [_entry(here, paper) for paper in papers if paper.code not in known]


def _entry(here: Desk, paper: Paper) -> dict[str, Any]:
    own = {"code": paper.code, "key": here.store.sheet_key.id, "form": paper.form, "language": paper.language}
    own |= {"of": paper.of} if paper.of else {}
    return here.stamp.entry({**own, "facts": shortened(str(paper.record), paper.facts)})
