"""All published schemas by name, and what is derived from them: the places of codes in a file, and those without names.

The schema of secrets is written by hand; all others are generated.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

from shelterctl.core.manual.track import MONITORING, MONTH_REPORT, REGISTER_HOMES, Track
from shelterctl.core.merge.fragment_keys import FragmentKeys
from shelterctl.core.record.file_tree import ADDITIONS_KEY, STAMP_FIELDS, STAYS_KEY
from shelterctl.core.record.sameness import CHANGES_KEY
from shelterctl.core.record.walk import Place
from shelterctl.errors import NotFound
from shelterctl.language import Text
from shelterctl.rulebook.files import read_schema_file
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.schemas.fields import Schema, capitalize_first
from shelterctl.schemas.input import (
    PURPOSE_OF_DUTY,
    SCHEMAS_OF_DUTY,
    agreement_schema,
    at_once_schema,
    discharge_schema,
    duty_schema,
    entry_schema,
    given_up_schema,
    make_fragment_schema,
    register_input_schema,
    report_schema,
    search_schema,
    termination_schema,
    tracks_at_once,
    tracks_with_entries,
)
from shelterctl.schemas.stored import (
    directory_schema,
    make_resident_schema,
    register_file_schema,
    register_record_schema,
    register_tracks,
    rulebook_comment,
    shelter_schema,
    staff_schema,
)
from shelterctl.ui_language import N_
from shelterctl.validation import schema_keys

HANDWRITTEN_SCHEMAS = ("secrets", "roster")
"""Schemas that do not depend on the rulebook."""

SCHEMA_UNKNOWN = N_("There is no such schema. The schemas are {names}.")


@cache
def resident_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of a client's file: the published one if it was made from these very fields, else a new one."""
    return _read_or_make(rulebook, "resident", make_resident_schema)


@cache
def fragment_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``admit --from`` takes: the published one if it fits the rulebook, else a new one."""
    return _read_or_make(rulebook, "fragment", make_fragment_schema)


@cache
def stored_register_schema(rulebook: Rulebook, home: str) -> Schema:
    """Return the schema of a file of a register: the published one if it fits the rulebook, else a new one."""
    return _read_or_make(rulebook, f"register-{home}", partial(register_file_schema, home=home))


@cache
def joined_record_schema(rulebook: Rulebook, home: str) -> Schema:
    """Return the schema of a joined record of a register, made from that of its files."""
    return register_record_schema(stored_register_schema(rulebook, home), home)


def _read_or_make(rulebook: Rulebook, name: str, make: Callable[[Rulebook], Schema]) -> Schema:
    published = _read_published(name)
    return published if published.items() >= rulebook_comment(rulebook).items() else make(rulebook)


@cache
def record_places(rulebook: Rulebook) -> Place:
    """Return the places of a client's file, each read when it is first reached."""
    schema = resident_schema(rulebook)
    return Place(schema, schema)


@cache
def register_places(rulebook: Rulebook, home: str) -> Place:
    """Return the places of a joined record of a register, each read when it is first reached."""
    schema = joined_record_schema(rulebook, home)
    return Place(schema, schema)


def places_of(rulebook: Rulebook, home: str | None) -> Place:
    """Return the places of a client's file, or of a record of a *home*."""
    return record_places(rulebook) if home is None else register_places(rulebook, home)


@cache
def register_keys(rulebook: Rulebook, home: str) -> FragmentKeys:
    """Return the lists of tracks in a record of a register; nothing in it belongs to a stay."""
    lists = {
        place: name for place, name in _lists_of_entries(register_places(rulebook, home)) if place != ADDITIONS_KEY
    }
    return FragmentKeys((), (), lists, rulebook.tracks)


@cache
def stay_keys(rulebook: Rulebook) -> FragmentKeys:
    """Return the keys of a stay (input has them at the top), those that clients share, and the lists of tracks."""
    hers = record_places(rulebook)
    stay = hers[STAYS_KEY].entries
    own = [name for name in stay.known if name not in (*STAMP_FIELDS, "void", CHANGES_KEY)]
    both, lists = [name for name in own if name in hers.known], dict(_lists_of_entries(hers))
    return FragmentKeys(own, both, lists, rulebook.tracks, rulebook.moved_places)


def _lists_of_entries(place: Place, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted place of each list in a file or a stay, with the name of the kind of its entries."""
    for name in place.known:
        entry = place[name].entries
        if "$ref" in entry.notes:
            yield f"{above}{name}", entry.notes["$ref"].rpartition("/")[2]
        yield from _lists_of_entries(entry) if name == STAYS_KEY else _lists_of_entries(place[name], f"{above}{name}.")


def all_known_keys() -> frozenset[str]:
    """Return every key that a record, a part of one or a file of the house may have, as the schemas are published."""
    return frozenset().union(
        *(schema_keys(read_schema_file(name)) for name in ("resident", "fragment", "directory", "shelter"))
    )


def outcome_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of the page that every command prints with --json."""
    from shelterctl.schemas import page  # noqa: PLC0415 - read only where schemas are shown

    return page.make_outcome_schema(rulebook)


MAKERS_OF_STORED: Mapping[str, Callable[[Rulebook], Schema]] = {
    "outcome": outcome_schema,
    "directory": directory_schema,
    "staff": staff_schema,
    "shelter": shelter_schema,
    "resident": make_resident_schema,
    **{f"register-{home}": partial(register_file_schema, home=home) for home in REGISTER_HOMES},
}
"""Functions that make the schemas of what is printed and of what a store keeps."""


def _words_of_report_schema(rulebook: Rulebook) -> Schema:
    """Return the schema of what ``report --from`` takes: what is typed into a report of a month."""
    made = entry_schema(rulebook, rulebook.track_for(MONTH_REPORT).name, whole=False)
    return {**made, "$id": "urn:shelterctl:schema:report-words:1", "description": "What report --from takes."}


MAKERS_OF_INPUT: Mapping[str, Callable[[Rulebook], Schema]] = {
    "fragment": make_fragment_schema,
    "monitoring-report": report_schema,
    "report-words": _words_of_report_schema,
    "discharge": discharge_schema,
    "find": search_schema,
    "given-up": given_up_schema,
    "termination": termination_schema,
}
"""Functions that make the schemas of input; each form, register and track of a client has one besides."""

PURPOSES_OF_INPUT = {"monitoring-report": MONITORING, "report-words": MONTH_REPORT}
"""The schemas of input that a rulebook has only with a track for this purpose."""


def schema_makers(rulebook: Rulebook) -> dict[str, Callable[[], Schema]]:
    """Return for each schema, by name, the function that reads or makes it."""
    read = {name: partial(_read_published, name) for name in HANDWRITTEN_SCHEMAS}
    made = {name: partial(make, rulebook) for name, make in MAKERS_OF_STORED.items()}
    return {**read, **made, **_input_makers(rulebook)}


def _duties_recorded(rulebook: Rulebook) -> Iterator[tuple[str, Track]]:
    """Yield what is recorded of the duty to ask how she is, each with its track, if the rulebook has one."""
    for what, purpose in PURPOSE_OF_DUTY.items():
        if track := rulebook.tracks.serving(purpose):
            yield what, track


def _input_makers(rulebook: Rulebook) -> dict[str, Callable[[], Schema]]:
    """Return for each schema of input, by name, the function that makes it."""
    lacking = {name for name, purpose in PURPOSES_OF_INPUT.items() if rulebook.tracks.serving(purpose) is None}
    made = {name: partial(make, rulebook) for name, make in MAKERS_OF_INPUT.items() if name not in lacking}
    forms = {f"agreement-{name}": partial(agreement_schema, rulebook, name) for name in rulebook.forms}
    duties = {SCHEMAS_OF_DUTY[what]: partial(duty_schema, rulebook, what) for what, _ in _duties_recorded(rulebook)}
    coded = {
        f"{name}-entry": partial(register_input_schema, rulebook, register)
        for register, name in register_tracks(rulebook).items()
    }
    tracks = {f"track-{name}": partial(entry_schema, rulebook, name) for name in tracks_with_entries(rulebook)}
    at_once = {f"all-{name}": partial(at_once_schema, rulebook, name) for name in tracks_at_once(rulebook)}
    return {**made, **forms, **duties, **coded, **tracks, **at_once}


def _read_published(name: str) -> Schema:
    return dict(read_schema_file(name))


def input_schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """Return the schemas of everything that a command reads, by name."""
    makers = _input_makers(rulebook)
    return {name: fragment_schema(rulebook) if name == "fragment" else make() for name, make in makers.items()}


def schema_of_stored_file(rulebook: Rulebook, name: str) -> Schema | None:
    """Return the schema of a file that a store keeps; None if it keeps no such file."""
    if name == "resident":
        return resident_schema(rulebook)
    return (
        schema_by_name(rulebook, name)
        if name in (*HANDWRITTEN_SCHEMAS, *MAKERS_OF_STORED) and name != "outcome"
        else None
    )


def schema_titles(rulebook: Rulebook) -> dict[str, str | Text]:
    """Return the title of each schema by name; that of an entry is its track's text, in every language."""
    own = {f"track-{name}": name for name in tracks_with_entries(rulebook)}
    if track := rulebook.tracks.serving(MONTH_REPORT):
        own["report-words"] = track.name
    own |= {SCHEMAS_OF_DUTY[what]: track.name for what, track in _duties_recorded(rulebook)}
    own |= {f"{name}-entry": name for name in register_tracks(rulebook).values()}
    return {
        name: {language: capitalize_first(words) for language, words in rulebook.tracks[own[name]].text.items()}
        if name in own
        else str(make()["title"])
        for name, make in schema_makers(rulebook).items()
    }


def schema_by_name(rulebook: Rulebook, name: str) -> Schema:
    """Return one published schema; raise NotFound if there is none of that name."""
    makers = schema_makers(rulebook)
    if name not in makers:
        raise NotFound("schema/unknown", SCHEMA_UNKNOWN, names=sorted(makers))
    return makers[name]()
