"""A request for a paper, and the paper that comes of it before it goes to the press."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from difflib import get_close_matches
from typing import Any, NamedTuple

from shelterctl.act.add import own_command
from shelterctl.core.finding import Finding
from shelterctl.core.manual.track import HIV_PART, Track
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, Text, codes_with_texts, current_language
from shelterctl.press.sheet import PAPER_A4, Sheet
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.ui_language import N_

PAPER_FORM_UNKNOWN = N_("There is no such form. The forms are {forms}; all sheets are named by: shelterctl form list")
PAPER_FORM_UNKNOWN_BUT_NEAR = N_("There is no such form. Did you mean {near}? All are named by: shelterctl form list")
SEALED_IS_NEVER_PRINTED = N_(
    "What is sealed is never printed. The sheet can be printed blank: shelterctl form {form} --blank"
)
NO_SHEET_FOR_SEALED = N_("What is kept there is never printed, and there is no sheet for it.")

REPORT_FORM, PACK_FORM = "monitoring-report", "pack"


class PaperRequest(NamedTuple):
    """A form as somebody asks for it; *language* None is --lang's or the form's own, *without_tint* prints on white.

    *names* fills in what tells who she is, where the form asks for it; *nameless* leaves every name and text blank.
    *size* is that of the paper in the printer.
    """

    form: str
    language: str | None = None
    names: bool = False
    without_tint: bool = False
    nameless: bool = False
    size: str = PAPER_A4


@immutable
class PreparedPaper:
    """A form with everything in place: its sheets, what was found on the way, and what its code is bound to.

    *facts* is what was filled in, by the place that it comes from; *record* whose it is, a client's id or a code of
    staff; *entry* the one that it prints, where it is one. A blank form has neither. Where names were *left_blank*
    it has no code; nor has one of what is *registered* under that code, which is noted nowhere.
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
        """Whether it says something of somebody or something."""
        return self.record is not None or self.registered is not None


def form_titles(rulebook: Rulebook) -> dict[str, Text]:
    """Every form that can be printed, by the name that a user types, in the order of the manual's work."""
    financial = {name: form.text for name, form in sorted(rulebook.forms.items(), reverse=True)}
    annexes = {name: annex.title for name, annex in rulebook.annexes.items()}
    return {**financial, **annexes, REPORT_FORM: rulebook.report.sheet.texts["title"]}


def printable_names(rulebook: Rulebook) -> list[str]:
    """The names of all forms and sheets that can be printed, whose words need not be read for that."""
    return [*rulebook.forms, *rulebook.annex_names, REPORT_FORM, *(track.name for track in printable_tracks(rulebook))]


def printable_tracks(rulebook: Rulebook) -> Iterator[Track]:
    """The tracks whose entries are printed without a form of their own, in the order of her way."""
    tracks = (find_sheet_track(rulebook, name) for name in rulebook.track_names)
    return (track for track in tracks if track and not _is_never_printed(track))


def find_sheet_track(rulebook: Rulebook, name: str) -> Track | None:
    """The track of that name, if its entries are printed so: it says how, or ``add`` writes them; of no form is it."""
    if name not in rulebook.tracks or name in rulebook.forms:
        return None
    track = rulebook.tracks[name]
    if not HOME_PATHS.keys() & {*track.home}:
        return track if track.sheet.kind else None
    return track if track.sheet.kind or own_command(track) is None else None


def form_title(rulebook: Rulebook, form: str) -> Text | str:
    """What a form or sheet is called; one that the manual has no longer, by its name."""
    return form_titles(rulebook).get(form) or (rulebook.tracks[form].title if form in rulebook.tracks else form)


def refuse_sealed(track: Track, *, filled: bool) -> None:
    """UsageError where nothing of a track may be printed: of what is sealed a blank may, of a report of HIV nothing."""
    never = _is_never_printed(track)
    if track.seal and (filled or never):
        raise UsageError("usage/sealed", NO_SHEET_FOR_SEALED if never else SEALED_IS_NEVER_PRINTED, form=track.name)


def _is_never_printed(track: Track) -> bool:
    return track.seal is not None and track.seal.part == HIV_PART


def check_form_name(rulebook: Rulebook, form: str) -> str:
    """The name of a form, once it is known to be one; NotFound if there is none of that name."""
    if form in (REPORT_FORM, *rulebook.annex_names, *rulebook.forms) or find_sheet_track(rulebook, form):
        return form
    near = get_close_matches(form, printable_names(rulebook), 1)
    message = PAPER_FORM_UNKNOWN_BUT_NEAR if near else PAPER_FORM_UNKNOWN
    raise NotFound("form/unknown", message, near=near, forms=codes_with_texts(form_titles(rulebook)))


def choose_paper_language(session: Session, own: str | None = None) -> str:
    """The language of the paper: the one that is asked for with --lang, else the form's *own*, else the screen's."""
    asked = session.options.lang if "lang" in session.options.typed or own is None else None
    return str(asked or own or current_language()).lower()


def language_name(rulebook: Rulebook, place: str, written: str) -> Text | str:
    """A language by its name, as it is written at a place; one that is in no list as it stands."""
    return rulebook.places[place].codes.get(written, written)


def is_draft_language(rulebook: Rulebook, language: str) -> bool:
    """Whether paper in that language is a draft: neither the manual's own words nor signed off by IOM."""
    about: Facts = rulebook.languages.get(language) or {}
    return not about.get("original") and "reviewed" not in about


def common_facts(rulebook: Rulebook, language: str, record: str | None, code: str | None, **own: Any) -> dict[str, Any]:
    """The facts around a sheet, which every template shows alike: its code and its marks, such as that of a draft.

    *own* are those of this sheet, such as ``issued``, the day of a blank, whose limits and words are those of that day;
    ``signed_on`` makes it a copy, and ``signed_in``, the language in which it was signed where that is another one, a
    translation of it.
    """
    marks: dict[str, Any] = {"copies": 1, "copy": 1, "reading_copy": False, "not_for_signature": False}
    marks |= {"issued": None, "edition": rulebook.edition, "of_staff": False, "registered": None}
    marks |= {"signed_on": None, "signed_in": None, "terminated_on": None, "kept": True}
    return {**marks, "draft": is_draft_language(rulebook, language), "record": record, "code": code, **own}
