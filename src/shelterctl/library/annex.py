"""An annex taken down from the shelf, and what a form prints around its lines."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shelterctl.core.sheet import Annex, Entry, Foot, Numbered, Printed
from shelterctl.language import N_
from shelterctl.library.file import broken, history, take

OTHER_NAME = N_("the annex must be named like its file")


def annex(folder: Path, name: str) -> Annex:
    """The annex of that name."""
    file = f"annexes/{name}.yaml"
    written = take(folder, file, "annex")
    if written["annex"] != name:
        raise broken("name", file, "/annex", OTHER_NAME)
    return Annex(
        name=name,
        number=written["number"],
        clause=written["clause"],
        title=written["title"],
        opening=written.get("opening"),
        by_staff=written["signed_by"] == "staff",
        recorded_in=written.get("recorded_in"),
        listed=written["layout"] == "list",
        entries={
            number: Entry(history(folder, file, f"/entries/{number}/standing", entry["standing"]), entry["text"])
            for number, entry in written["entries"].items()
        },
        closing=written["closing"]["text"] if "closing" in written else None,
        foot=tuple(Foot(foot["is"], foot["clause"], foot["text"]) for foot in written["foot"]),
    )


def printed(written: Mapping[str, Any]) -> Printed:
    """The words of a form as it is printed."""
    sentences = (Numbered(each["mark"], each["clause"], each["text"]) for each in written.get("sentences") or ())
    return Printed(
        written.get("tint", "white"),
        written.get("texts") or {},
        tuple(sentences),
        written.get("general") or {},
        tuple(written.get("names") or ()),
        kind=written.get("kind"),
        title=written.get("title") or {},
        signed_by=tuple(written.get("signed_by") or ()),
        signed=tuple(written.get("signed") or ()),
        columns=tuple(written.get("columns") or ()),
        signs=tuple(written.get("signs") or ()),
        leaves_out=written.get("leaves_out") or {},
    )
