"""The draft of an agreement while it is asked for: its answers so far, and how each new one is judged."""

from collections.abc import Mapping
from typing import Any

from shelterctl import screen
from shelterctl.act.perform import agreement_in, content, standing, stay_id
from shelterctl.core.agreement import judge
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.record import Facts
from shelterctl.core.signature import draft
from shelterctl.core.track import Track
from shelterctl.walk.remark import remark
from shelterctl.walk.table import Table
from shelterctl.walk.unfinished import Unfinished

OVER = ("agreement/over-cap", "agreement/over-cap-together")
UNREADY = ("missing-key", "no-amount")
"""What is wrong with a line only because not everything of it has been asked yet."""


class Draft:
    """An agreement that is being asked for: its answers, and what the form and the manual say to them."""

    def __init__(self, table: Table, form: Track, number: str | None) -> None:
        self.table, self.form, self.here = table, form, table.here
        drafts = [facts for facts in table.client.agreements if facts["form"] == form.name and "signed" not in facts]
        named = [facts for facts in drafts if number is None or facts.get("number") == number]
        begin = content(named[0]) if len(named) == 1 else {}
        self.answers = Unfinished(table, form.name, begin, {"number": number} if number else {})

    @property
    def before(self) -> Facts | None:
        """The draft in whose place it will stand."""
        client = self.table.client
        name, number, stay = self.form.name, self.answers.facts.get("number"), stay_id(client, self.answers.facts)
        return draft(client, name, number, stay) or draft(client, name, None, stay)

    def judged(self, facts: Mapping[str, Any]) -> tuple[Finding, ...]:
        """The findings of the form and the manual about these answers; none while the date is missing."""
        if read_day(facts.get("date")) is None:
            return ()
        whole = standing(self.table.client, self.form, facts, self.before)
        return judge(agreement_in(self.here, self.table.client, self.form, whole, False))

    def put(self, path: tuple[str, ...], value: Any) -> tuple[Finding, ...]:
        """Keep one answer, unless it brings a refusal that was not there before."""
        facts = self.answers.with_(path, value)
        place = "/" + "/".join(path[:2] if path[0] == "lines" else path[:1])
        before = self.answers.facts
        known = {(one.code, one.where) for one in self.judged(before) if not self._unready(one, before, path)}
        new = [
            one
            for one in self.judged(facts)
            if one.severity is Severity.REFUSE
            and one.where.startswith(place)
            and ((one.code, one.where) not in known or one.where == "/" + "/".join(path))
            and not self._unready(one, facts, path)
        ]
        if not new or value is None:
            self.answers.keep(facts)
            warned = [
                one for one in self.judged(facts) if one.severity is Severity.WARN and one.where == "/" + "/".join(path)
            ]
            screen.write([remark(self.here, one) for one in warned], indent="  ! ")
            return ()
        return tuple(new)

    def tried(self, line: Mapping[str, Any], path: tuple[str, ...]) -> tuple[Finding, ...]:
        """The findings about a cap, if the line had these answers; nothing is kept."""
        place, found = f"/lines/{path[1]}/", self.judged(self.answers.with_(path, dict(line)))
        return tuple(one for one in found if one.where.startswith(place) and one.code in OVER)

    def _unready(self, finding: Finding, facts: Mapping[str, Any], path: tuple[str, ...]) -> bool:
        """Whether a finding only says that the rest has not been asked yet."""
        if path[0] != "lines":
            return len(path) > 1 and not {"from", "to"} <= set(facts.get(path[0]) or ())
        if finding.code.partition("/")[2] in UNREADY:
            return True
        line = (facts.get("lines") or {}).get(path[1]) or {}
        halves = [value for value in line.values() if isinstance(value, Mapping)]
        return finding.code == "agreement/bad-value" and any(not {"from", "to"} <= set(half) for half in halves)
