"""A request for a paper, and the prepared paper before it is rendered."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.act.typed_track import own_command
from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import MONITORING, MONTH_REPORT, Track
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, Text, codes_with_texts, current_language
from shelterctl.press.sheet import PAPER_A4, Sheet
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.ui_language import N_

PAPER_FORM_UNKNOWN = N_("There is no such form. The forms are: {forms}. See all sheets with: shelterctl form list")
PAPER_FORM_UNKNOWN_BUT_NEAR = N_("There is no such form. Did you mean {near}? See all forms with: shelterctl form list")
SEALED_IS_NEVER_PRINTED = N_(
    "Sealed entries are never printed. Print the sheet blank with: shelterctl form {form} --blank"
)
NO_SHEET_FOR_SEALED = N_("These sealed entries are never printed, so there is no sheet for them.")

REPORT_FORM, PACK_FORM = "monitoring-report", "pack"


class PaperRequest(NamedTuple):
    """A form as somebody asks for it; *language* None means --lang or the form's own, *without_tint* a white
    background.

    *names* fills in what identifies her, where the form has room for it; *nameless* leaves every name and text blank.
    *size* is the size of the paper in the printer. Of a register only the entries of a *month* are printed, of a sheet
    for everybody in a house those of a day (*on*).
    """

    form: str
    language: str | None = None
    names: bool = False
    without_tint: bool = False
    nameless: bool = False
    size: str = PAPER_A4
    month: str | None = None
    on: date | None = None


@immutable
class PreparedPaper:
    """A finished paper: its sheets, the findings made on the way, and the facts from which its code is made.

    *facts* are the filled-in facts by place, *record* is a client's id or a code of staff, *entry* the entry that it
    prints, if it prints one. A blank has neither. A paper has no code if names were *left_blank*, or if it shows what
    is *registered* under a code, which is noted nowhere.
    """

    form: str
    title: Text | Sentence
    language: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    record: str | None = None
    entry: str | None = None
    code: str | None = None
    left_blank: bool = False
    registered: str | None = None

    @property
    def is_filled(self) -> bool:
        """Whether the paper is about somebody or something."""
        return self.record is not None or self.registered is not None


def form_titles(rulebook: Rulebook) -> dict[str, Text]:
    """Return every form that can be printed, by the name that a user types, in the order of the manual's work."""
    financial = {name: form.text for name, form in sorted(rulebook.forms.items(), reverse=True)}
    annexes = {name: annex.title for name, annex in rulebook.annexes.items()}
    report = rulebook.tracks.serving(MONITORING)
    return {**financial, **annexes, **({REPORT_FORM: report.sheet.texts["title"]} if report else {})}


def printable_names(rulebook: Rulebook) -> list[str]:
    """Return the names of all printable forms and sheets, without reading their texts."""
    report = [REPORT_FORM] if rulebook.tracks.serving(MONITORING) else []
    return [*rulebook.forms, *rulebook.annex_names, *report, *(track.form for track in printable_tracks(rulebook))]


def printable_tracks(rulebook: Rulebook) -> Iterator[Track]:
    """Return the tracks whose entries are printed without a form of their own, in the order of the rulebook, each
    followed by its further papers.
    """
    for name in rulebook.track_names:
        track = find_sheet_track(rulebook, name)
        if track and not _is_never_printed(rulebook, track):
            yield track
        yield from (rulebook.tracks[name].as_paper(paper) for paper in rulebook.tracks[name].papers)


def find_sheet_track(rulebook: Rulebook, name: str) -> Track | None:
    """Return the track of that name if its entries have a sheet: the rulebook describes one, or ``add`` writes the
    entries. Of a further paper, return its track as that paper prints it.

    None for a financial form, and for the report of a month, which ``report`` prints.
    """
    if name not in rulebook.tracks:
        owner = rulebook.papers.get(name)
        return rulebook.tracks[owner].as_paper(name) if owner else None
    if name in rulebook.forms or rulebook.tracks.serves(name, MONTH_REPORT):
        return None
    track = rulebook.tracks[name]
    if not HOME_PATHS.keys() & {*track.home}:
        return track if track.sheet.kind else None
    return track if track.sheet.kind or own_command(track) is None else None


def form_title(rulebook: Rulebook, form: str) -> Text | str:
    """Return the title of a form or sheet; a form that the manual no longer has is its own title."""
    if form not in rulebook.tracks and (paper := find_sheet_track(rulebook, form)):
        return paper.title
    return form_titles(rulebook).get(form) or (rulebook.tracks[form].title if form in rulebook.tracks else form)


def refuse_sealed(rulebook: Rulebook, track: Track, *, filled: bool) -> None:
    """Raise UsageError if the sheet of a track may not be printed: sealed answers of clients never, and HIV reports not
    even blank.
    """
    never = _is_never_printed(rulebook, track)
    if track.seal and ((filled and track.prints_sealed_answers) or never):
        raise UsageError("usage/sealed", NO_SHEET_FOR_SEALED if never else SEALED_IS_NEVER_PRINTED, form=track.form)


def _is_never_printed(rulebook: Rulebook, track: Track) -> bool:
    """Whether not even a blank sheet may be printed, as it would tell of an entry that every file seems to have."""
    return track.name in rulebook.blocks


def check_form_name(rulebook: Rulebook, form: str) -> str:
    """Return the name of a form if there is one with that name; raises NotFound otherwise."""
    if form in (REPORT_FORM, *rulebook.annex_names, *rulebook.forms) or find_sheet_track(rulebook, form):
        return form
    near = get_close_matches(form, printable_names(rulebook), 1)
    message = PAPER_FORM_UNKNOWN_BUT_NEAR if near else PAPER_FORM_UNKNOWN
    raise NotFound("form/unknown", message, near=near, forms=codes_with_texts(form_titles(rulebook)))


def choose_paper_language(session: Session, own: str | None = None) -> str:
    """Return the language of a paper: the one asked for with --lang, else the form's *own*, else that of the screen."""
    asked = session.options.lang if "lang" in session.options.typed or own is None else None
    return str(asked or own or current_language()).lower()


def language_name(rulebook: Rulebook, place: str, written: str) -> Text | str:
    """Return the name of a language that is recorded at a place; one that is not in the list is returned as it is."""
    return rulebook.places[place].codes.get(written, written)


def is_draft_language(rulebook: Rulebook, language: str) -> bool:
    """Whether paper in that language is a draft: neither the manual's original nor reviewed by IOM."""
    about: Facts = rulebook.languages.get(language) or {}
    return not about.get("original") and "reviewed" not in about


def common_facts(rulebook: Rulebook, language: str, record: str | None, code: str | None, **own: Any) -> dict[str, Any]:
    """Return the facts that every template shows around a sheet: its code and its marks, such as that of a draft.

    *own* are those of this sheet, such as ``issued``, the day of a blank, on which its limits and texts hold.
    ``signed_on`` makes the sheet a copy, and ``signed_in``, the language of the signed sheet, a translation.
    """
    marks: dict[str, Any] = {"copies": 1, "copy": 1, "reading_copy": None, "not_for_signature": False}
    marks |= {"issued": None, "edition": rulebook.edition, "of_staff": False, "registered": None, "outside": False}
    marks |= {
        "month": None,
        "given_on": None,
        "signed_on": None,
        "signed_in": None,
        "terminated_on": None,
        "kept": True,
    }
    return {**marks, "draft": is_draft_language(rulebook, language), "record": record, "code": code, **own}
