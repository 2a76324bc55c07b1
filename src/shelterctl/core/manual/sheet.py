"""Printed forms of the manual: the words around a form's lines, and the annexes that are signed unchanged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypedDict

from shelterctl.core.manual.field import Answers
from shelterctl.core.manual.notation import ONE_OR_MANY, As, Closed, Fits, Key, Label, ListedRulings, NoTerms
from shelterctl.core.manual.rule import History, ruling_in_force
from shelterctl.immutable import immutable
from shelterctl.language import Text
from shelterctl.ui_language import N_


class NumberedSentence(NamedTuple):
    """A numbered sentence of a form, with the *mark* printed before it; its placeholders are filled in."""

    mark: str
    clause: str
    text: Label


class SignedStatement(NamedTuple):
    """The statement that a signature confirms where an entry gives all these answers; the *name* is filled in."""

    text: Label
    when: Answers = MappingProxyType({})


CARD_SHEET, LOG_SHEET, LEDGER_SHEET, LETTER_SHEET, CONTENTS_SHEET, CHECKLIST_SHEET, NOTICE_SHEET = SHEET_FORMATS = (
    "card", "log", "ledger", "letter", "contents", "checklist", "notice",
)  # fmt: skip
"""The layouts in which entries of a track are printed: one card each, rows, rows signed one by one, a letter, a table
of contents that lists on which days a file has entries of other tracks, or the checklist of the act that writes the
track's day. A notice is for a wall: it prints words in large letters and no entry.
"""

CLIENT_SIGNER = "client"
SHEET_SIGNERS = (CLIENT_SIGNER, "staff", "manager", "social_worker", "psychologist", "physician", "coordinator", "ngo")
"""The people who may have to sign a sheet."""

WHITE_PAPER = "white"
"""The tint of a sheet without a colour."""

LIGHT_COLOUR_WANTED = N_('write white, or a light colour in quotes, such as "#ffdce8"')
_TINT_PATTERN = re.compile(f"{WHITE_PAPER}|#(?:[89a-f][0-9a-f]){{3}}", re.ASCII)
"""White, or a colour of which red, green and blue are each at least half: print on it is legible."""


@immutable
class ContentsRow:
    """One row of a table of contents: the entries of a *track* with the answers of *where*, and the days of them.

    Without a track the row is filled in by hand; a row of a notice is a paragraph, in which ``{line}`` is to be filled
    in. *under* is a heading above the row, *clause* what asks for the paper,
    and *shows* are answers of each entry that are printed below the row.
    """

    text: Label
    track: str | None = None
    where: Answers = field(default_factory=dict)
    under: Label | None = None
    clause: str | None = None
    shows: tuple[str, ...] = ()


ANSWERS_OF_ANY_CODE = ("there", "absent", "unknown", "part")
"""Answers in ``when`` that do not say what a field holds."""


@immutable
class PrintedForm:
    """The printed words of a form, by name, and the *tint* of its paper, a colour such as #ffdce8.

    *general* maps the form's questions about a person to places in her file; *names* are those of them that identify
    her. Entries without a form of their own are printed by *kind* under a *title*, with *columns* where they are rows,
    for the people in *signed_by* to sign. An answer at one of the fields *signed* means that her signature is no longer
    awaited. *signs* are the columns in which she signs, where a row is signed more than once. Below a row are all
    further answers except those that the sheet *leaves_out*, each with its reason. Above the answers stands the first
    of the *statements* that fits them. A further paper of a track prints the entries that give the answers of *when*,
    for a *clause* of its own. With *shows* it prints these fields of an entry and no others. One for people *outside*
    does not say that a shelter or IOM has a file. *addressee* and *dated* are the fields with the recipient and the day
    of a letter. A table of contents, or a notice, has *rows* by name; the table has a last column that is filled in by
    hand under the heading *by_hand*.
    """

    tint: Annotated[str, Fits(_TINT_PATTERN.fullmatch, LIGHT_COLOUR_WANTED)] = WHITE_PAPER
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
    when: Answers = field(default_factory=dict)
    shows: tuple[str, ...] = ()
    clause: str | None = None
    outside: bool = False
    addressee: Annotated[str, Key("to")] = "recipient"
    dated: str | None = None
    rows: Mapping[str, ContentsRow] = field(default_factory=dict)
    by_hand: Label | None = None

    @property
    def given(self) -> Mapping[str, object]:
        """The answers that every entry on this paper gives, by field; they are not printed."""
        single = {name: answers[0] for name, answers in self.when.items() if len(answers) == 1}
        yes_or_no = {"yes": True, "no": False}
        return {name: yes_or_no.get(each, each) for name, each in single.items() if each not in ANSWERS_OF_ANY_CODE}

    def has_her_signature(self, values: Mapping[str, Any]) -> bool:
        """Return whether an entry with these values records her signature, so that its sheet is a copy."""
        return any(values.get(name) is True for name in self.signed)

    def awaits_her_signature(self, values: Mapping[str, Any]) -> bool:
        """Return whether her signature is still awaited for an entry with these values."""
        return bool(self.signed) and all(values.get(name) in (None, False) for name in self.signed)


CLIENT_SIGNS, STAFF_SIGNS, NGO_SIGNS = ANNEX_SIGNERS = ("resident", "staff", "ngo")
"""The people who may sign an annex: a client, a member of staff, or an NGO by its representative."""

SECTIONS_LAYOUT = "sections"
ANNEX_LAYOUTS = ("list", "paragraphs", SECTIONS_LAYOUT)


class AnnexEntry(NamedTuple):
    """A rule, right, statement or section of an annex, with the days on which it belongs to the annex.

    A section has a *title*.
    """

    standing: Annotated[History[NoTerms], ListedRulings(NoTerms)]
    text: Label
    title: Label | None = None


class AnnexFoot(NamedTuple):
    """A line to fill in by hand under an annex, by all who sign it or only by *who* is named; its *kind* is
    ``signature`` or ``day``.
    """

    kind: Annotated[str, Key("is"), Closed(("signature", "day"))]
    clause: str
    text: Label
    who: Annotated[str, Closed(ANNEX_SIGNERS)] | None = None


class ClosingParagraph(TypedDict):
    """The paragraph after the entries of an annex."""

    clause: str
    text: Label


@immutable
class Annex:
    """An annex that is read and signed unchanged, such as the rules of the shelter.

    *signers* says who signs it; *recorded_in* is the place in a stay where a client's signature is recorded, if any.
    *layout* is a list, paragraphs, or sections under their titles, which an NGO completes by hand on as many empty
    lines as *room* says; *closing* is the paragraph after the entries.
    """

    name: Annotated[str, Key("annex")]
    number: str
    clause: str
    title: Label
    signers: Annotated[tuple[Annotated[str, Closed(ANNEX_SIGNERS)], ...], Key("signed_by"), ONE_OR_MANY]
    layout: Annotated[str, Closed(ANNEX_LAYOUTS)]
    entries: Mapping[str, AnnexEntry]
    foot: tuple[AnnexFoot, ...]
    opening: Label | None = None
    recorded_in: str | None = None
    closing: Annotated[Text | None, As(ClosingParagraph)] = None
    room: int = 0

    @property
    def by_client(self) -> bool:
        """Whether clients sign it; else it is filled for a code of the registers."""
        return CLIENT_SIGNS in self.signers

    def standing(self, day: date) -> Iterator[AnnexEntry]:
        """Return the entries that belong to the annex on *day*, in order."""
        return (entry for entry in self.entries.values() if ruling_in_force(entry.standing, day))
