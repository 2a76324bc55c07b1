"""The page of anything that has a name in the manual or the program, for ``explain`` and for the ``?`` of a
question.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from shelterctl.core.finding import Outcome
from shelterctl.core.values.homoglyphs import latin_capitals
from shelterctl.errors import NotFound
from shelterctl.explain import codes, coverage, deadline, manual, report, topic, track
from shelterctl.rulebook.files import read_glossary
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.ui_language import N_
from shelterctl.view.overlay import limit_sentences

NAME_UNKNOWN = N_("The manual and the program have nothing with that name.")
LIMITS_OF_HOUSE = N_("Stricter in this house, by its own decision")
NEAR_NAMES = N_("Did you mean {near}?")
HOW_NAMES_LOOK = N_(
    "Type a clause, such as {clause}, or the code in brackets after a finding, such as agreement/over-cap."
)
ALSO_A_TRACK = N_("See what can be recorded there: explain {name}")
SEE_HELP_TOPIC = N_("Read the help on it: shelterctl help {topic}")

REVISER_CODE_PREFIXES = ("shelf/", "track/")
"""The beginnings of codes that only a reviser of the manual meets; they are not suggested to anybody else."""

SURE_SIMILARITY = 0.8
"""The similarity from which two names are taken for the same one, misspelt."""

NamesOfKind = Callable[[Rulebook], Iterable[str]]
ExplainFunction = Callable[[Rulebook, str, date], Outcome]

EXPLAINED_KINDS: tuple[tuple[NamesOfKind, ExplainFunction], ...] = (
    (lambda rulebook: rulebook.clauses, manual.explain_clause),
    (lambda rulebook: rulebook.readings, manual.explain_reading),
    (lambda rulebook: rulebook.states, manual.explain_state),
    (lambda rulebook: rulebook.duties, manual.explain_duty),
    (report.report_page_names, report.explain_report),
    (deadline.track_deadlines, deadline.explain_deadline),
    (codes.items_by_code, codes.explain_item),
    (codes.finding_codes, codes.explain_finding_code),
    (manual.form_lines, manual.explain_form_line),
    (lambda _: read_glossary(), codes.explain_word),
    (codes.stored_codes, codes.explain_stored_code),
    (track.track_page_names, track.explain_track),
    (coverage.rows_without_page, coverage.explain_row),
)
"""The kinds that can be explained: a function that returns the names of the kind, and one that returns a page."""


def explain_name(rulebook: Rulebook, what: str, day: date) -> Outcome:
    """Return the page of *what*; raises NotFound with the nearest names if nothing has that name."""
    asked = normalize_name(what)
    rows = {duty["row"]: name for name, duty in rulebook.duties.items()}
    known: dict[str, tuple[str, ExplainFunction]] = {}
    for names, explain in EXPLAINED_KINDS:
        for name in names(rulebook):
            known.setdefault(normalize_name(name), (name, explain))
    known |= {normalize_name(row): known[normalize_name(name)] for row, name in rows.items()}
    for other, name in codes.glossary_synonyms():
        known.setdefault(normalize_name(other), (name, codes.explain_word))
    for name in rulebook.track_names:
        known.setdefault(normalize_name(name), (track.TRACK_PAGE_NAME.format(name), track.explain_track))
        if rulebook.tracks[name].of_register:  # a register is asked for more often than a code of its name
            known[normalize_name(name)] = (track.TRACK_PAGE_NAME.format(name), track.explain_track)
    for name in rulebook.house_reports:
        known[normalize_name(name)] = (report.REPORT_PAGE_NAME.format(name), report.explain_report)
    if asked not in known:
        raise _name_unknown_error(rulebook, asked, {key: name for key, (name, _) in known.items()})
    name, explain = known[asked]
    page = _add_own_limits(rulebook, explain(rulebook, name, day), day)
    namesake = track.TRACK_PAGE_NAME.format(asked.replace(" ", "-"))
    if namesake == name or normalize_name(namesake) not in known or explain is track.explain_track:
        return page
    return replace(page, prose=(*page.prose, ("", {}), (ALSO_A_TRACK, {"name": namesake})))


def _add_own_limits(rulebook: Rulebook, page: Outcome, day: date) -> Outcome:
    """Return a page with the stricter limits that the house set itself; the page of a track has them as rules."""
    clause = None if "rules" in page.data else page.data.get("clause")
    limits = [one for one in rulebook.limits if one.clause == clause and one.is_open_on(day)]
    if "form" in page.data:
        limits = [one for one in limits if (one.of, one.part) == (page.data["form"], page.data["line"])]
    said = [sentence for one in limits for sentence in limit_sentences(rulebook, one, day)]
    return replace(page, prose=(*page.prose, ("", {}), (LIMITS_OF_HOUSE, {}), *said)) if said else page


def explainable_names(rulebook: Rulebook) -> list[str]:
    """Return everything that can be explained, by the names under which it is asked for."""
    names = (name for of_a_kind, _ in EXPLAINED_KINDS for name in of_a_kind(rulebook))
    return list(dict.fromkeys((*names, *rulebook.track_names)))


def find_word_page(rulebook: Rulebook, asked: str, day: date) -> Outcome | None:
    """Return the page of a word of the program by any of its names, or of a register; None if it is no such word."""
    called = {normalize_name(other): name for other, name in codes.glossary_synonyms()}
    called |= {normalize_name(name): name for name in read_glossary()}
    name = called.get(normalize_name(asked))
    if name is None and asked in rulebook.track_names and rulebook.tracks[asked].of_register:
        return track.explain_track(rulebook, asked, day)
    return codes.explain_word(rulebook, name, day) if name else None


@lru_cache(4096)  # the menu looks up among all names again and again
def normalize_name(name: str) -> str:
    """Return a name as it is looked up: without regard to case, spaces or underscores, and alphabet."""
    return " ".join(latin_capitals(name.replace("_", " ")).casefold().split())


def _name_unknown_error(rulebook: Rulebook, asked: str, known: dict[str, str]) -> NotFound:
    """Return the error with the nearest names: misspelt ones, then titles with the word, then similar ones."""
    if topics := get_close_matches(asked, topic.TOPICS, 1, SURE_SIMILARITY):
        return NotFound("explain/unknown", NAME_UNKNOWN, hint=SEE_HELP_TOPIC, topic=topics[0])
    reviser = asked.startswith(REVISER_CODE_PREFIXES)
    keys = [key for key in known if reviser or not key.startswith(REVISER_CODE_PREFIXES)]
    surely, alike = ([known[key] for key in get_close_matches(asked, keys, 3, much)] for much in (SURE_SIMILARITY, 0.6))
    near = list(dict.fromkeys((*surely, *_names_with_title(rulebook, asked), *alike)))[:3]
    hint, clause = NEAR_NAMES if near else HOW_NAMES_LOOK, next(iter(rulebook.acts.values())).clause
    return NotFound("explain/unknown", NAME_UNKNOWN, hint=hint, near=near, clause=clause)


def _names_with_title(rulebook: Rulebook, asked: str) -> list[str]:
    """Return the clauses and items whose title has a word of more than three letters."""
    titles = {name: it["heading"] for name, it in rulebook.clauses.items()}
    titles |= {name: it.item.text for name, it in codes.items_by_code(rulebook).items()}
    if len(asked) <= 3:
        return []
    return [name for name, title in titles.items() if asked in normalize_name(" ".join(title.values()))]
