"""What the manual prints: the words of a form around its lines, and the annexes that are signed as they stand."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import As, Closed, Key, Label, ListedRulings, NoTerms
from shelterctl.core.manual.rule import History, ruling_in_force
from shelterctl.immutable import immutable
from shelterctl.language import Text


class NumberedSentence(NamedTuple):
    """A sentence of a form under its number, with the *mark* printed before it; its braces are filled in."""

    mark: str
    clause: str
    text: Label


class SignedStatement(NamedTuple):
    """What whoever signs a sheet says by it, where an entry gives all these answers; the *name* is filled in."""

    text: Label
    when: Answers = MappingProxyType({})


CARD_SHEET, LOG_SHEET, LEDGER_SHEET, LETTER_SHEET = SHEET_FORMATS = ("card", "log", "ledger", "letter")
"""How entries of a track are printed: each by itself, as rows, as rows that are signed one by one, or as a letter."""

CLIENT_SIGNER = "client"
SHEET_SIGNERS = (CLIENT_SIGNER, "staff", "manager", "social_worker", "psychologist", "physician", "coordinator")
"""Who may have to sign a sheet."""

SHEET_TINTS = ("white", "pink", "blue")


@immutable
class PrintedForm:
    """The words of a form as they are printed, by name, and the *tint* of its paper: white, pink or blue.

    *general* maps the data of a person that the form asks for to places of her file; those of *names* tell who she is.
    Entries that have no form of their own are printed by *kind*, under a *title*, with *columns* where they are rows,
    for those to sign who are named in *signed_by*. What is written at one of *signed* ends the waiting for hers. Of the
    columns those of *signs* are for her to sign in, where a row is signed more than once. A row has below it whatever
    else is answered, but for what the sheet *leaves_out*, each with the reason. Above the answers stands the first of
    the *statements* that fits them.
    """

    tint: Annotated[str, Closed(SHEET_TINTS)] = "white"
    texts: Mapping[str, Label] = field(default_factory=dict)
    sentences: tuple[NumberedSentence, ...] = ()
    general: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    kind: Annotated[str, Closed(SHEET_FORMATS)] | None = None
    title: Label = field(default_factory=dict)
    signed_by: tuple[Annotated[str, Closed(SHEET_SIGNERS)], ...] = ()
    signed: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    leaves_out: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[SignedStatement, ...] = ()

    def has_her_signature(self, values: Mapping[str, Any]) -> bool:
        """Whether an entry with these values says that she signed, so that its sheet is a copy."""
        return any(values.get(name) is True for name in self.signed)

    def awaits_her_signature(self, values: Mapping[str, Any]) -> bool:
        """Whether she is still to sign for it."""
        return bool(self.signed) and all(values.get(name) in (None, False) for name in self.signed)


class AnnexEntry(NamedTuple):
    """A rule, right or statement of an annex, by the days on which it stands there."""

    standing: Annotated[History[NoTerms], ListedRulings(NoTerms)]
    text: Label


class AnnexFoot(NamedTuple):
    """What is filled in by hand under an annex: its *kind* is ``signature`` or ``day``."""

    kind: Annotated[str, Key("is"), Closed(("signature", "day"))]
    clause: str
    text: Label


class ClosingParagraph(TypedDict):
    """The paragraph after the entries of an annex, as it is written."""

    clause: str
    text: Label


@immutable
class Annex:
    """An annex that is read and signed as it stands, such as the rules of the shelter.

    *by_staff* says who signs it, *recorded_in* where in a stay that is recorded, if it is; *listed* tells a list from
    paragraphs, and *closing* is the paragraph after the entries.
    """

    name: Annotated[str, Key("annex")]
    number: str
    clause: str
    title: Label
    by_staff: Annotated[bool, Key("signed_by"), As(Annotated[str, Closed(("resident", "staff"))])]
    listed: Annotated[bool, Key("layout"), As(Annotated[str, Closed(("list", "paragraphs"))])]
    entries: Mapping[str, AnnexEntry]
    foot: tuple[AnnexFoot, ...]
    opening: Label | None = None
    recorded_in: str | None = None
    closing: Annotated[Text | None, As(ClosingParagraph)] = None

    def standing(self, day: date) -> Iterator[Text]:
        """The entries that stand in it on *day*, in their order."""
        return (entry.text for entry in self.entries.values() if ruling_in_force(entry.standing, day))
