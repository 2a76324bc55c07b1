"""The facts that are filled in on a sheet: each as the fonts can show it, and kept by its place in the record."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shelterctl.act.discretion import Hides
from shelterctl.core.days import read_day
from shelterctl.core.finding import Finding, Severity
from shelterctl.core.money import write_som
from shelterctl.core.person import names_her
from shelterctl.core.record import Facts
from shelterctl.language import N_
from shelterctl.press import legible

NO_GLYPH = N_(
    "At {place} stands a character that the fonts of paper have not got. "
    "It is printed as its number in brackets, such as [U+4E2D]. Write it in Cyrillic or Latin letters."
)


NAMED = N_(
    "At {place} stands a word like her name, and it is printed. Whoever sees the sheet would know who she is: "
    "write it in her file without names, or print with --names for the safe alone."
)
SURE = 5
"""A word of so many letters that is nearly her name is taken for it; a shorter one must be it."""


@dataclass(slots=True, repr=False)
class SheetFacts:
    """The facts of one sheet by their place in the record, and what was found while they were filled in.

    On a sheet that must name nobody, *hides* says which places are left blank; *left* says that one of them was.
    """

    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    hides: Hides | None = None
    left: bool = False

    def name(self, place: str, written: object) -> str | None:
        """The name that stands behind a code."""
        if written and self.hides:
            self.left = True
            return None
        return self.text(place, written)

    def aside(self, written: str | None) -> str | None:
        """A note in words beside an answer that is no text; left blank where nobody may be named."""
        if written and self.hides:
            self.left = True
            return None
        return written

    def text(self, place: str, written: object) -> str | None:
        """A text as paper shows it; nothing stays nothing, and is a blank to write on."""
        if written is None or written == "":
            return None
        if self.hides and self.hides(place):
            self.left = True
            return None
        shown, missing = legible(str(written))
        self.facts[place] = str(written)
        if missing:
            facts = {"place": place}  # of a name in another script, the characters would be the name
            self.findings.append(
                Finding(code="paper/no-glyph", severity=Severity.WARN, message=NO_GLYPH, where=place, facts=facts)
            )
        return shown

    def answer(self, place: str, written: object, her: Facts | None) -> str | None:
        """An answer in her own words; that it has her name in it is found, and warned of."""
        if her and written and names_her(str(written), her, letters=SURE):
            facts = {"place": place}
            self.findings.append(
                Finding(code="paper/names-her", severity=Severity.WARN, message=NAMED, where=place, facts=facts)
            )
        return self.text(place, written)

    def paragraphs(self, place: str, written: object, her: Facts | None) -> list[str]:
        """The same, each paragraph by itself; none where it is left blank."""
        if self.answer(place, written, her) is None:
            return []
        return [legible(each)[0] for each in str(written).splitlines() if each.strip()]

    def day(self, place: str, written: object) -> date | None:
        """A day, as the record has it."""
        if written is not None:
            self.facts[place] = str(written)
        return read_day(written)

    def som(self, place: str, amount: Decimal | None) -> Decimal | None:
        """An amount in som, as it was judged."""
        if amount is not None:
            self.facts[place] = write_som(amount)
        return amount

    def of(self, record: str) -> tuple[Finding, ...]:
        """What was found, as findings about that record."""
        return tuple(replace(one, record=record) for one in self.findings)
