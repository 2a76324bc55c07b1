"""A request for a paper, and the paper that comes of it before it goes to the press."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.act.addition import command_of
from shelterctl.core.finding import Finding
from shelterctl.core.record import Facts
from shelterctl.core.track import HIV, Track
from shelterctl.core.tree import HOMES
from shelterctl.desk import Desk
from shelterctl.errors import NotFound, Usage
from shelterctl.language import N_, Sentence, Text, current, with_codes
from shelterctl.library import Shelf
from shelterctl.press import PLAIN, Sheet

NO_FORM = N_("There is no such form. The forms are {forms}; all sheets are named by: shelterctl form list")
NEAR_FORM = N_("There is no such form. Did you mean {near}? All are named by: shelterctl form list")
SEALED = N_("What is sealed is never printed. The sheet can be printed blank: shelterctl form {form} --blank")
UNTOLD = N_("What is kept there is never printed, and there is no sheet for it.")

REPORT, PACK = "monitoring-report", "pack"


class Request(NamedTuple):
    """A form as somebody asks for it; *language* None is --lang's or the form's own, *white* leaves the tint away.

    *names* fills in what tells who she is, where the form asks for it; *bare* leaves every name and text blank.
    *size* is that of the paper in the printer.
    """

    form: str
    language: str | None = None
    names: bool = False
    white: bool = False
    bare: bool = False
    size: str = PLAIN


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A form with everything in place: its sheets, what was found on the way, and what its code is bound to.

    *facts* is what was filled in, by the place that it comes from; *record* whose it is, a client's id or a code of
    staff; *of* the entry that it prints, where it is one. A blank form has neither. Where names were *left* blank
    it has no code.
    """

    form: str
    title: Text | Sentence
    language: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    record: str | None = None
    of: str | None = None
    code: str | None = None
    left: bool = False


def titles(shelf: Shelf) -> dict[str, Text]:
    """Every form that can be printed, by the name that a user types, in the order of the manual's work."""
    financial = {name: form.text for name, form in sorted(shelf.forms.items(), reverse=True)}
    return (
        financial
        | {name: annex.title for name, annex in shelf.annexes.items()}
        | {REPORT: shelf.report.sheet.texts["title"]}
    )


def names(shelf: Shelf) -> list[str]:
    """The names of all forms and sheets that can be printed, whose words need not be read for that."""
    return [*shelf.forms, *shelf.annex_names, REPORT, *(track.name for track in sheets(shelf))]


def sheets(shelf: Shelf) -> Iterator[Track]:
    """The tracks whose entries are printed without a form of their own, in the order of her way."""
    return (track for name in shelf.track_names if (track := sheet_of(shelf, name)) and not _untold(track))


def sheet_of(shelf: Shelf, name: str) -> Track | None:
    """The track of that name, if its entries are printed so: it says how, or ``add`` writes them; of no form is it."""
    if name not in shelf.tracks or name in shelf.forms or not HOMES.keys() & {*shelf.tracks[name].home}:
        return None
    track = shelf.tracks[name]
    return track if track.sheet.kind or command_of(track) is None else None


def titled(shelf: Shelf, form: str) -> Text | str:
    """What a form or sheet is called; one that the manual has no longer, by its name."""
    return titles(shelf).get(form) or (shelf.tracks[form].title if form in shelf.tracks else form)


def not_sealed(track: Track, *, filled: bool) -> None:
    """Usage where nothing of a track may be printed: of what is sealed a blank can be, of a report of HIV nothing."""
    if track.seal and (filled or _untold(track)):
        raise Usage("usage/sealed", UNTOLD if _untold(track) else SEALED, form=track.name)


def _untold(track: Track) -> bool:
    return track.seal is not None and track.seal.part == HIV


def known(shelf: Shelf, form: str) -> str:
    """The name of a form, once it is known to be one; NotFound if there is none of that name."""
    if form not in shelf.annex_names and form != REPORT and form not in shelf.forms and not sheet_of(shelf, form):
        near = get_close_matches(form, names(shelf), 1)
        raise NotFound("form/unknown", NEAR_FORM if near else NO_FORM, near=near, forms=with_codes(titles(shelf)))
    return form


def language_of(here: Desk, own: str | None = None) -> str:
    """The language of the paper: the one that is asked for with --lang, else the form's *own*, else the screen's."""
    asked = here.option("lang") if here.option("typed.lang") or own is None else None
    return str(asked or own or current()).lower()


def said_in(shelf: Shelf, place: str, written: str) -> Text | str:
    """A language by its name, as it is written at a place; one that is in no list as it stands."""
    return shelf.places[place].codes.get(written, written)


def unreviewed(shelf: Shelf, language: str) -> bool:
    """Whether paper in that language is a draft: neither the manual's own words nor signed off by IOM."""
    about: Facts = shelf.languages.get(language) or {}
    return not about.get("original") and "reviewed" not in about


def around(shelf: Shelf, language: str, record: str | None, code: str | None, **own: Any) -> dict[str, Any]:
    """The facts around a sheet, which every template shows alike: its code and its marks, such as that of a draft.

    *issued* is the day of a blank, whose limits and words are those of that day; *signed_on* makes it a copy, and
    *signed_in*, the language in which it was signed where that is another one, a translation of it.
    """
    marks: dict[str, Any] = {"copies": 1, "copy": 1, "reading_copy": False, "not_for_signature": False}
    marks |= {"issued": None, "edition": shelf.edition, "of_staff": False}
    marks |= {"signed_on": None, "signed_in": None, "terminated_on": None, "kept": True}
    return {**marks, "draft": unreviewed(shelf, language), "record": record, "code": code, **own}
