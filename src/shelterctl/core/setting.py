"""What an agreement is judged by besides its form: the client, her other agreements, the NGO, the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shelterctl.core.asked import Agreement
from shelterctl.core.days import Span
from shelterctl.core.record import Client, Facts, Stay
from shelterctl.language import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that stands around one agreement; a bare file has no client, and no other agreements.

    *others* are her live agreements besides this one; *ngos* is the register of NGOs by code; *taken* says whether
    another agreement of the form in the store has the number; *signing* whether it is being signed, or is signed.
    """

    agreement: Agreement
    form_title: Text
    advice: Text
    today: date | None = None
    client: Client | None = None
    stay: Stay | None = None
    others: tuple[Agreement, ...] = ()
    ngos: Mapping[str, Facts] = field(default_factory=dict)
    taken: bool = False
    signing: bool = False

    @property
    def form(self) -> str:
        """The name of the form."""
        return self.agreement.form

    @property
    def day(self) -> date:
        """The agreement's own date: it decides which rules are in force."""
        return self.agreement.day

    @property
    def period(self) -> Span | None:
        """From when to when the agreement runs."""
        return self.agreement.period
