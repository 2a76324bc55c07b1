"""The preparation of a paper: it is begun with its language, its day and room for facts, and finished with its code and
sheets.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shelterctl.act.redaction import HidesPlace
from shelterctl.core.finding import Finding
from shelterctl.core.record.client import Client
from shelterctl.country import current_country
from shelterctl.immutable import immutable
from shelterctl.language import Text, format_fact
from shelterctl.paper.code import make_sheet_code
from shelterctl.paper.facts import SheetFacts
from shelterctl.paper.request import PaperRequest, PreparedPaper, choose_paper_language, common_facts
from shelterctl.press.sheet import make_sheet
from shelterctl.session import Session

SheetLayouts = Mapping[str, Mapping[str, Any]]
"""The templates of a paper in order, each with the layout options of ``make_sheet``."""


@immutable
class BegunPaper:
    """A paper whose facts are still to be filled in; without a *record* and a *registered* code it is blank."""

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
        """Whether the paper is about nobody and nothing."""
        return self.record is None and self.registered is None

    def finish(
        self, title: Text, sheets: SheetLayouts, facts: Mapping[str, Any], *, heading: Text | None = None,
        tint: str = "white", findings: tuple[Finding, ...] = (),
    ) -> PreparedPaper:  # fmt: skip
        """Return the finished paper, in as many copies as its *facts* say.

        *facts* are the facts of its templates, including the marks of ``common_facts``. *heading* is printed instead of
        *title*; *findings* are added to those made while filling it in.
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
        """Return the code of the filled-in facts; None for a blank, and if names were left blank."""
        if self.record is None or self.filled.left_blank:
            return None
        key = self.session.store.sheet_key.secret
        return make_sheet_code(key, self.record, self.form, self.language, self.entry, self.filled.facts)


def begin_paper(
    session: Session, wanted: PaperRequest, whose: Client | str | None = None, *, entry: str | None = None,
    registered: str | None = None, day: date | None = None, own_language: str | None = None,
    hides: HidesPlace | None = None,
) -> BegunPaper:  # fmt: skip
    """Return the *wanted* paper, in the language asked for or else its own, of its own *day* or today's.

    *whose* is a client or a code of staff; *hides* says which places stay blank.
    """
    record = whose.id if isinstance(whose, Client) else whose
    language = wanted.language or choose_paper_language(session, own_language)
    current_country().fell_back.discard(language)
    if day is None:
        day = session.today if record or registered else session.computer_day
    return BegunPaper(session, wanted.form, language, day, SheetFacts(hides=hides), record, entry, registered)
