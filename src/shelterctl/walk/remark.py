"""What is the matter with a paper, as it is said where questions are answered: in words, without the keys of a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from shelterctl import screen
from shelterctl.core.entry import field_at
from shelterctl.core.field import Fields
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.line import AMOUNT
from shelterctl.desk import Desk
from shelterctl.language import N_, Plural

OPEN = Plural(N_("One thing stays open:"), N_("{count} things stay open:"), "count")


NOTED = Plural(N_("One thing to look at once more:"), N_("{count} things to look at once more:"), "count")

WRONG = Plural(N_("One thing stops it from being saved:"), N_("{count} things stop it from being saved:"), "count")


def wrong(here: Desk, findings: Sequence[Finding], title: Plural = WRONG) -> None:
    """Say what of these stops it from being saved, if anything does, below a *title*."""
    found = [one for one in findings if one.severity is Severity.REFUSE]
    if found:
        screen.tell(title, {"count": len(found)}, bold=True)
    for finding in found:
        screen.write([remark(here, finding)], indent="  - ")


def stays_open(findings: Sequence[Finding]) -> bool:
    """Whether any of these stays open."""
    return any(one.severity is Severity.OPEN for one in findings)


def opened(here: Desk, findings: Sequence[Finding]) -> None:
    """Say what of these stays open, if anything does."""
    found = [one for one in findings if one.severity is Severity.OPEN]
    if found:
        screen.tell(OPEN, {"count": len(found)}, bold=True)
    for finding in found:
        screen.write([remark(here, finding)], indent="  - ")


def noted(here: Desk, findings: Sequence[Finding], fields: Fields) -> None:
    """Say what of these nothing rests on and is still worth a look, with the label of the field in which it stands."""
    found = [one for one in findings if one.severity not in (Severity.REFUSE, Severity.OPEN)]
    if found:
        screen.tell(NOTED, {"count": len(found)}, bold=True)
    for finding in found:
        one = field_at(fields, (finding.at or finding.where).strip("/").replace("/", "."))
        label = f"{screen.said(one.text)}: " if one and one.text else ""
        screen.write([label + remark(here, finding)], indent="  - ")


def remark(here: Desk, finding: Finding) -> str:
    """One finding, its keys and codes in words; how it is written into a file is left out."""
    return screen.said(finding.message, {name: _called(here, finding, value) for name, value in finding.facts.items()})


def _called(here: Desk, finding: Finding, value: object) -> Any:
    """A key or a code as a person calls it, where the shelf has words for it."""
    if isinstance(value, list | tuple):
        return [_called(here, finding, each) for each in value]
    names = _keys(here, finding) | dict(here.shelf.places["iom.documents.kind"].codes)
    return names.get(value, value) if isinstance(value, str) else value


def _keys(here: Desk, finding: Finding) -> dict[str, Any]:
    """The keys of the line that the finding is about, and the general data of the report, by their texts."""
    _, _, place = finding.where.partition("/lines/")
    number = place.partition("/")[0]
    lines = [form.parts[number] for form in here.shelf.forms.values() if number in form.parts]
    fields = {name: one for line in lines for name, one in line.fields.items() if name != AMOUNT}
    if (key := finding.facts.get("key")) and (below := field_at(fields, f"{finding.facts.get('inside')}.{key}")):
        fields |= {str(key): below}
    keys = {name: _small(one.text) for name, one in fields.items()}
    report, places = here.shelf.report, here.shelf.places
    general = {name: report.fields.get(path) or places[path] for name, path in report.sheet.general.items()}
    return keys | {name: _small(one.text) for name, one in general.items()}


def _small(text: Mapping[str, str]) -> dict[str, str]:
    """A text as it stands inside a sentence."""
    return {spoken: words[:1].lower() + words[1:] for spoken, words in text.items()}
