"""How a paper is prepared: begun with its language, its day and room for facts, finished with its code and sheets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shelterctl.act.redaction import HidesPlace
from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client
from shelterctl.immutable import immutable
from shelterctl.language import Text, format_fact
from shelterctl.paper.code import make_sheet_code
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import PaperRequest, PreparedPaper, choose_paper_language, common_facts
from shelterctl.press.sheet import make_sheet
from shelterctl.session import Session

SheetLayouts = Mapping[str, Mapping[str, Any]]
"""The templates of a paper in their order, each with how its sheet is laid out, as ``make_sheet`` takes it."""


@immutable
class BegunPaper:
    """A paper of which the facts are still to be filled in; without a *record*, and not *registered*, it is blank."""

    session: Session
    form: str
    language: str
    day: date
    filled: SheetFacts
    record: str | None
    entry: str | None
    registered: str | None

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing of anybody or anything."""
        return self.record is None and self.registered is None

    def finish(
        self, title: Text, sheets: SheetLayouts, facts: Mapping[str, Any], *, heading: Text | None = None,
        tint: str = "white", findings: tuple[Finding, ...] = (),
    ) -> PreparedPaper:  # fmt: skip
        """The paper with everything in place, in as many copies as its *facts* say.

        *facts* are what its templates show, the marks of ``common_facts`` among them. *heading* stands over it where
        that is not its *title*; *findings* are known besides those of what was filled in.
        """
        code = self._make_code()
        issued = self.day if self.is_blank else None
        shown = {**common_facts(self.session.rulebook, self.language, self.record, code, issued=issued), **facts}
        about: dict[str, Any] = {"title": format_fact(heading or title, self.language), "language": self.language}
        about |= {"tint": tint, "day": self.day}
        made = (
            make_sheet(template, {**shown, "copy": copy}, **about, **layout)
            for copy in range(1, shown["copies"] + 1)
            for template, layout in sheets.items()
        )
        found = (*self.filled.findings_about(self.record or ""), *findings)
        return PreparedPaper(
            self.form, title, self.language, tuple(made), found, self.filled.facts, self.record, self.entry, code,
            self.filled.left_blank, self.registered,
        )  # fmt: skip

    def _make_code(self) -> str | None:
        """The code of what is filled in; None for a blank, and where names were left blank."""
        if self.record is None or self.filled.left_blank:
            return None
        key = self.session.store.sheet_key.secret
        return make_sheet_code(key, self.record, self.form, self.language, self.entry, self.filled.facts)


def begin_paper(
    session: Session, wanted: PaperRequest, whose: Client | str | None = None, *, entry: str | None = None,
    registered: str | None = None, day: date | None = None, own_language: str | None = None,
    hides: HidesPlace | None = None,
) -> BegunPaper:  # fmt: skip
    """The paper that is *wanted*, in the language that is asked for, else its own, and of its own *day* or today's.

    It is of a client, or of the member of staff with a code; *hides* says which places stay blank.
    """
    record = whose.id if isinstance(whose, Client) else whose
    language = wanted.language or choose_paper_language(session, own_language)
    if day is None:
        day = session.today if record or registered else session.computer_day
    return BegunPaper(session, wanted.form, language, day, SheetFacts(hides=hides), record, entry, registered)
