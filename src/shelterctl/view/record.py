"""A client's file in words, with the labels of the manual: the whole file, her entries of one track, and the name, day
and author of one entry, by which a person recognises it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shelterctl.act import redaction
from shelterctl.act.monitor import MONITORING_REPORT
from shelterctl.core.manual.answer_words import show_answer
from shelterctl.core.manual.field import Field
from shelterctl.core.manual.track import MONITORING, Track
from shelterctl.core.money.agreement import printed_line_text
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import entry_moment, entry_title, field_at_path, is_of_track, read_entry
from shelterctl.core.record.file_tree import SEALED_LIST, STAYS_KEY, UNFINISHED_KEY
from shelterctl.core.record.keyed_groups import is_list_of_groups, list_groups
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY, entry_changes
from shelterctl.core.values.days import local_day, read_day
from shelterctl.core.values.facts import Facts
from shelterctl.core.values.written_days import format_as_typed
from shelterctl.immutable import immutable
from shelterctl.language import Sentence, Text, format_fact, format_sentence, lower_capitals
from shelterctl.rulebook.rulebook import Rulebook, place_of_fields
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.client import unfinished_paper_name

PRINTED_SHEET_TITLE = N_("a printed sheet: {title}, {code}")
CORRECTIONS_LIST, CORRECTED_DAY_TITLE = "corrections", N_("a corrected day of signing")
TITLE_WITH_KIND = N_("{what}: {kind}")
TITLE_FIELDS, KIND_FIELD = ("form", "item"), "kind"
"""The fields whose code names an entry better than its track does, and the field of its kind, which is added to the
name.
"""

STAY_TITLE = N_("stay")
MONITORING_REPORT_TITLE = N_("a monitoring report")
"""The name of a report inside a sentence; its track has only the title that is printed."""


def _form_title(rulebook: Rulebook, form: str) -> Text:
    """Return the name of a form inside a sentence; some titles are printed in capitals."""
    annexes = {name: annex.title for name, annex in rulebook.annexes.items()}
    known: dict[str, Text] = {name: one.text for name, one in rulebook.forms.items()} | annexes
    if report := rulebook.tracks.serving(MONITORING):
        known[MONITORING_REPORT] = report.sheet.texts["title"]
    title = known.get(form) or _sheet_title(rulebook, form)
    return {language: lower_capitals(text) for language, text in title.items()}


def _sheet_title(rulebook: Rulebook, form: str) -> Text:
    """Return the title of a sheet: of a track, of a further paper of a track, or of the report."""
    if owner := rulebook.papers.get(form):
        return rulebook.tracks[owner].papers[form].title
    return rulebook.tracks[form].title if form in rulebook.tracks else rulebook.report.sheet.texts["title"]


def describe_entry(rulebook: Rulebook, where: str, facts: Facts) -> dict[str, object]:
    """Return the name of an entry, its day, its author and its id; no words that somebody typed are included."""
    kind, listed = where.split("/")[-2], _list_at(rulebook, where)
    what: Any = CORRECTED_DAY_TITLE if kind == CORRECTIONS_LIST else listed.text if listed else kind
    track = track_of_entry(rulebook, where, facts) if listed is None or listed.of else None
    if kind == "printed":
        sheet = {"title": _form_title(rulebook, facts["form"]), "code": facts["code"]}
        what = {each: format_sentence(PRINTED_SHEET_TITLE, sheet, each) for each in SCREEN_LANGUAGES}
    elif track:
        what = MONITORING_REPORT_TITLE if track.act == "report" else entry_title(track, facts)
        for name in TITLE_FIELDS:
            what = track.fields[name].codes.get(facts[name], what) if name in track.fields and name in facts else what
        if code := _kind_code(track, facts):
            of_a_kind = {"what": what, "kind": _kind_codes(track)[code]}
            what = {each: format_sentence(TITLE_WITH_KIND, of_a_kind, each) for each in SCREEN_LANGUAGES}
        if by := _distinguishing_names(track, facts):
            kinds = {each: _distinguishing_answers(track, by, facts, each) for each in SCREEN_LANGUAGES}
            what = {each: format_sentence(TITLE_WITH_KIND, {"what": what, "kind": kinds[each]}, each) for each in kinds}
    on, by = _entry_day(track, facts) or "", facts.get("recorded_by", "")
    return {"what": what, "on": on, "by": by, "entry": facts["id"]}


def locate_in_rulebook(rulebook: Rulebook, record: Facts, where: str) -> str:
    """Return the pointer to an entry under the name that the rulebook uses: a sealed entry is found under its track."""
    above, _, below = where.removeprefix(f"/{SEALED_PART}/").partition("/")
    if not where.startswith(f"/{SEALED_PART}/") or (above == SEALED_ENTRIES and below.isdigit()):
        return where
    if above != SEALED_ENTRIES:
        own = (name for name in rulebook.blocks if rulebook.tracks[name].at == f"{SEALED_PART}.{above}")
        return f"/{next(own)}/{below}"
    number, _, inside = below.partition("/")
    return f"/{record[SEALED_PART][SEALED_ENTRIES][int(number)]['track']}/{inside}"


def _list_at(rulebook: Rulebook, where: str) -> Field | None:
    """Return the list to which the entry at a pointer belongs, also a list inside an entry, or None; the list of a
    track has ``of``.
    """
    steps = _steps_to_list(where)
    record, sealed = rulebook.record.fields, rulebook.tracks.get(steps[0]) if steps else None
    lists = [(fields, steps) for fields in (record, record[STAYS_KEY].fields)]
    lists += [(sealed.fields, steps[1:])] if sealed else []
    found = (field_at_path(fields, ".".join(way)) for fields, way in lists)
    return next((one for one in found if one and is_list_of_groups(one)), None)


def _steps_to_list(where: str) -> list[str]:
    """Return the keys above an entry on the way of its pointer, without those of its stay."""
    return [step for step in where.split("/")[:-1] if step and not step.isdigit() and step != STAYS_KEY]


def _distinguishing_names(track: Track, facts: Facts) -> list[str]:
    """Return the answered fields that distinguish entries of one track, except its day and its kind."""
    days = (track.day,) if isinstance(track.day, str) else track.day or ()
    day = next((name for name in days if facts.get(name) is not None), "")
    said = {day} if day in track.fields and track.fields[day].kind == "day" else set()
    said |= {KIND_FIELD} if _kind_code(track, facts) else set()
    return [name for name in track.identifying_fields if name not in said and facts.get(name) is not None]


def _distinguishing_answers(track: Track, names: Sequence[str], facts: Facts, language: str) -> str:
    """Return the answers that distinguish entries of one track, as text joined by commas."""
    return ", ".join(show_answer(track.fields[name], facts[name], language) for name in names)


def _kind_code(track: Track, facts: Facts) -> str | None:
    """Return the code of the kind of an entry in a list, if the rulebook has words for it."""
    code = facts.get(KIND_FIELD)
    return code if track.many and isinstance(code, str) and code in _kind_codes(track) else None


def kind_text(track: Track, facts: Facts) -> Text:
    """Return the words for the kind of an entry, such as a shift among shifts and leaves, else its title."""
    code = _kind_code(track, facts)
    return _kind_codes(track)[code] if code else entry_title(track, facts)


def _kind_codes(track: Track) -> Mapping[str, Text]:
    return track.fields[KIND_FIELD].codes if KIND_FIELD in track.fields else {}


def _entry_day(track: Track | None, facts: Facts) -> date | None:
    """Return the day of an entry by its track, in a register with the hour, else any other day in it, else the day on
    which it was recorded.
    """
    own = entry_moment(track, read_entry(track, facts)) if track else None
    on = facts.get("on") or facts.get("date") or value_at(facts, "referral.received_at") or facts.get("recorded_at")
    return own or local_day(on)


def track_of_entry(rulebook: Rulebook, where: str, facts: Facts) -> Track | None:
    """Return the track of one entry: a sealed entry names it, any other has the track of its place."""
    name = facts.get("track")
    if isinstance(name, str) and name in rulebook.tracks:
        return rulebook.tracks[name]
    return track_of_place(rulebook, where)


def track_of_place(rulebook: Rulebook, where: str) -> Track | None:
    """Return the track whose list a pointer leads to; the beginning of the pointer may be missing."""
    place = ".".join(name for name in where.split("/")[:-1] if name and not name.isdigit())
    written = ((name, rulebook.file_of("track", name).value.get("at")) for name in rulebook.track_names)
    near = [rulebook.tracks[name] for name, at in written if at and (place == at or place.endswith(f".{at}"))]
    fitting = [track for track in near if track.many and not (track.family or track.seal)]
    return max(fitting, key=lambda track: len(track.at), default=None)


FILE_OPENED_ON = N_("File {id}, opened on {on} by {by}")
ENTRY_HEADING = N_("{what}, {on}, recorded by {by} ({entry})")
ENTRY_WITHOUT_DAY = N_("{what} ({entry})")
STRUCK_THROUGH = N_("STRUCK THROUGH: {what}")
CHANGED_BEFORE_IT_SAID = N_("Changed on {at} by {by}. Before:")
ANSWERS_NOT_SAVED = N_("answers not saved yet: {paper}")
ENTRY_SEALED = N_("Sealed: {part}. For: {roles}, and the author. Everyone who uses this computer can read it.")
ENTRY_SEALED_BY_ROLE = N_("Sealed: {part}. Only these roles can read it, and the author: {roles}.")
SEALED_ENTRIES_NOT_SHOWN = N_("Sealed entries, not shown here: {count}.")
SIGNATURE_OF_FORM = N_("signature: {form}")

RECORD_PART_HEADINGS: Mapping[str, Sentence] = {
    "identity": N_("who {she|he} is"),
    "trafficking": N_("what happened to {her|him}"),
    "iom": N_("what {issuer} reported"),
    "referral": N_("referral"),
    "received": N_("arrival"),
    "admission": N_("admission"),
    "discharge": N_("discharge"),
    "monitoring": N_("monitoring"),
    "agreement.corrections": N_("corrected days of signing"),
}
"""The headings of parts of a file whose label says too little."""

ENTRY_PLACE_PREFIXES = {"stays": "", "agreements": "agreement"}
"""The beginning of the places of an entry in the rulebook, by its list, where it is not the name of the list.

Those of a report begin with the name of its track.
"""

REPORTS_LIST = "monitoring.reports"

UNFINISHED_PLACE_PREFIXES = {
    "monitoring-attempt": "monitoring.attempts",
    "monitoring-closed": "monitoring.closed",
    "monitoring-scheduled": "monitoring.scheduled",
}
"""The beginning of the places of unsaved answers in the rulebook, by the name of their paper."""

SEALED_PART, SEALED_ENTRIES = SEALED_LIST.split(".")
"""The part of a file that holds everything sealed, and the list of entries in it."""

RECORD_KEYS_NOT_SHOWN = (
    "schema", "edition", "id", "recorded_at", "recorded_by", "void", CHANGES_KEY, UNFINISHED_KEY, "printed",
    "part", "track", "age",
)  # fmt: skip
"""The keys of a record that are shown elsewhere or mean nothing to a person."""


def record_lines(
    record: Facts, rulebook: Rulebook, language: str, readers: Callable[[str], Sequence[str]] | None = None
) -> list[str]:
    """Return the whole file as lines, in the order in which it is stored, with the answers that are not saved yet.

    *readers* returns the roles that open a sealed part; None with one key for all.
    """
    return [line.rstrip() for line in _RecordInWords(rulebook, language, readers).whole_record(record)]


def track_entry_lines(track: Track, facts: Facts, rulebook: Rulebook, language: str) -> list[str]:
    """Return one entry of a track as lines, field by field."""
    own = {name: facts[name] for name in track.fields if name in facts}
    whole = _RecordInWords(rulebook, language)
    prefix = place_prefix(track)
    return [line.rstrip() for line in (*whole.part(prefix, own), *whole.changes(prefix, facts, ""))]


def entry_lines_at(rulebook: Rulebook, where: str, facts: Facts, language: str) -> list[str]:
    """Return what an entry, or a group of a list inside one, says now, as lines; *where* comes from
    locate_in_rulebook.
    """
    now = {name: value for name, value in facts.items() if name != CHANGES_KEY}
    if (listed := _list_at(rulebook, where)) and not (listed.of or listed.by_file):
        own = {name: now[name] for name in listed.fields if name in now}
        return [line.rstrip() for line in _RecordInWords(rulebook, language).part(".".join(_steps_to_list(where)), own)]
    track = track_of_entry(rulebook, where, now)
    return track_entry_lines(track, now, rulebook, language) if track else []


def place_prefix(track: Track) -> str:
    """Return the beginning of the places of a track in the rulebook."""
    return ENTRY_PLACE_PREFIXES.get(track.at) or place_of_fields(track)


def _report_prefix(rulebook: Rulebook) -> str:
    """Return the beginning of the places of a monitoring report; that of its list in a rulebook without one."""
    report = rulebook.tracks.serving(MONITORING)
    return report.name if report else REPORTS_LIST


@immutable(slots=False)
class _RecordInWords:
    rulebook: Rulebook
    language: str
    readers: Callable[[str], Sequence[str]] | None = None

    def whole_record(self, record: Facts) -> Iterator[str]:
        on = format_as_typed(record.get("recorded_at", ""), self.language)
        yield self._say(FILE_OPENED_ON, id=record["id"], on=on, by=record.get("recorded_by", ""))
        yield from self.part("", record)
        for name, facts in (record.get(UNFINISHED_KEY) or {}).items():
            form = name.removesuffix("-signature")
            paper: Any = unfinished_paper_name(self.rulebook, name)
            track = self.rulebook.tracks.get(name.partition(" ")[0])
            prefix = UNFINISHED_PLACE_PREFIXES.get(name) or (track.at if track else name)
            prefix = _report_prefix(self.rulebook) if name == MONITORING_REPORT else prefix
            if form in self.rulebook.forms:
                title, prefix = self.rulebook.form(form).text, "agreement"
                paper = title if form == name else self._say(SIGNATURE_OF_FORM, form=title)
                prefix = prefix if form == name else "agreement.signed"
            yield from ("", self._capitalized(ANSWERS_NOT_SAVED, paper=paper))
            if track and track.seal:
                continue
            facts = list_groups(track.fields, facts) if track else facts  # noqa: PLW2901 - grouped as in a saved entry
            yield from self.part(prefix, {**facts, "form": form} if prefix == "agreement" else facts, "  ")

    def part(self, prefix: str, facts: Facts, indent: str = "") -> Iterator[str]:
        """Yield the lines of one mapping; *prefix* is the beginning of its places in the rulebook."""
        for name, value in facts.items():
            path = f"{prefix}.{name}" if prefix else name
            if path == SEALED_PART:
                yield from self._sealed(value, indent)
            elif name in RECORD_KEYS_NOT_SHOWN or path == "agreement.form":  # the heading of the entry names the form
                continue
            elif path == "agreement.lines":
                yield from self._lines(facts, indent)
            else:
                yield from self._place(path, value, indent)

    def _sealed(self, sealed: Facts, indent: str) -> Iterator[str]:
        """Yield the sealed entries, and the sealed blocks that every file has, if they could be opened; else the number
        of entries.

        Nothing shows whether a block is closed or empty.
        """
        listed = sealed.get(SEALED_ENTRIES) or ()
        if isinstance(listed, int):  # a file without names has only their number
            yield from ("", indent + self._say(SEALED_ENTRIES_NOT_SHOWN, count=listed))
            return
        for entry in listed:
            yield from self._entry(SEALED_LIST, entry["track"], entry, indent)
        for track in (self.rulebook.tracks[name] for name in self.rulebook.blocks):
            block = sealed.get(track.at.rpartition(".")[2])
            if isinstance(block, Mapping) and block:
                yield from ("", indent + self._capitalized(track.text))
                yield from self.part(place_prefix(track), block, indent + "  ")

    def _place(self, path: str, value: Any, indent: str) -> Iterator[str]:
        """Yield the lines of one place: a value with its label, a part or a list under its heading."""
        place, heading = self.rulebook.places.get(path), RECORD_PART_HEADINGS.get(path)
        head = ["", indent + self._capitalized(heading)] if heading else []
        within = indent + "  " if heading else indent
        if place and isinstance(value, Mapping):
            yield f"{indent}{self._capitalized(place.text)}"
            yield from self._inside(place, value, indent + "  ")
        elif isinstance(value, Mapping):
            yield from (*head, *self.part(path, value, within))
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield from head
            for entry in value:
                prefix = ENTRY_PLACE_PREFIXES.get(path, path)
                prefix = _report_prefix(self.rulebook) if path == REPORTS_LIST else prefix
                yield from self.part(path, entry, within) if heading else self._entry(path, prefix, entry, indent)
        else:
            part, _, name = path.partition(".")
            report = self.rulebook.tracks.serving(MONITORING)
            question = report.fields.get(name) if report and part == report.name else None
            yield self._value_line(path, place or question, value, indent)

    def _entry(self, path: str, prefix: str, entry: Facts, indent: str) -> Iterator[str]:
        """Yield an entry of a list under a heading with its name, day, author and id; an unsaved entry has no id
        yet.
        """
        if "id" not in entry:
            listed = _list_at(self.rulebook, f"/{path.replace('.', '/')}/0")
            yield indent + self._capitalized(listed.text if listed else path)
            yield from self.part(prefix, entry, indent + "  ")
            return
        said = describe_entry(self.rulebook, f"/{path.replace('.', '/')}/0", entry)
        heading = (
            ENTRY_HEADING if said["on"] or said["by"] else ENTRY_WITHOUT_DAY
        )  # an entry that is being changed has neither
        head = self._capitalized(heading, **{**said, **({"what": STAY_TITLE} if path == "stays" else {})})
        yield from ("", indent + (self._say(STRUCK_THROUGH, what=head) if "void" in entry else head))
        yield from self.part("void", entry.get("void") or {}, indent + "  ")
        yield from self.part(prefix, entry, indent + "  ")
        yield from self.changes(prefix, entry, indent + "  ")
        track = self.rulebook.tracks.get(entry["track"]) if path == SEALED_LIST and "age" in entry else None
        if track and track.seal:
            opening = self.readers(track.seal.part) if self.readers else track.seal.readers
            roles = [self.rulebook.lists["roles"][role] for role in opening]
            part = self.rulebook.lists["parts"][track.seal.part]
            sentence = ENTRY_SEALED_BY_ROLE if self.readers else ENTRY_SEALED
            yield f"{indent}  {self._say(sentence, part=part, roles=roles)}"

    def changes(self, prefix: str, entry: Facts, indent: str) -> Iterator[str]:
        """Yield what an entry said before each change, with who changed it and when; the last change first."""
        for change in reversed(entry_changes(entry)):
            at = format_as_typed(change["at"], self.language)
            yield indent + self._say(CHANGED_BEFORE_IT_SAID, at=at, by=change["by"])
            yield from self.part(prefix, change[BEFORE_KEY], indent + "  ")

    def _lines(self, agreement: Facts, indent: str) -> Iterator[str]:
        """Yield the lines of an agreement, each under the text that the form prints on the agreement's day."""
        form, day = self.rulebook.forms.get(str(agreement.get("form"))), read_day(agreement.get("date")) or date.max
        order = {number: place for place, number in enumerate(form.parts if form else ())}
        for number, facts in sorted(agreement["lines"].items(), key=lambda one: order.get(one[0], len(order))):
            line = form.parts.get(number) if form else None
            yield f"{indent}{number}  {format_fact(printed_line_text(line, day), self.language) if line else ''}"
            for name, value in (facts or {}).items():
                key = line.fields.get(name) if line else None
                if key and isinstance(value, Mapping):
                    yield f"{indent}  {self._capitalized(key.text)}"
                    yield from self._inside(key, value, indent + "    ")
                else:
                    yield self._value_line(name, key, value, indent + "  ")

    def _inside(self, field: Field, value: Facts, indent: str) -> Iterator[str]:
        """Yield the values inside a group or period, with their own labels where they have some."""
        known = self.rulebook.fields_inside(field)
        for name, each in value.items():
            yield self._value_line(name, known.get(name), each, indent)

    def _value_line(self, key: str, one: Field | None, value: object, indent: str) -> str:
        """Return a value after its label, or after *key* where there is no such field."""
        head = self._capitalized(one.text if one else key)
        return f"{indent}{head}{'' if head.endswith('?') else ':'} {show_answer(one, value, self.language)}"

    def _capitalized(self, sentence: Sentence, **facts: object) -> str:
        said = self._say(sentence, **facts)
        return said[:1].upper() + said[1:]

    def _say(self, sentence: Sentence, **facts: object) -> str:
        return format_sentence(sentence, facts, self.language)


ENTRY_COLUMNS = ("entry", "stay", "on", "recorded_at", "recorded_by", "void", "fields", "was")
STAY_BEGAN_ON = N_("Stay that began on {on} ({entry})")
REST_IS_SEALED = N_("The rest is sealed and does not open with this key.")
STRUCK_THROUGH_BY = N_("struck through on {on} by {by}: {reason}")


def entry_rows(rulebook: Rulebook, her: Client, track: Track, *, names: bool) -> Iterator[dict[str, Any]]:
    """Yield a row for each entry of a track: id, stay, day, author, reason for striking, fields, and earlier values."""
    for where, stay, facts in _track_entries(her, track):
        on = read_entry(track, facts).day
        seen = _redacted_fields(rulebook, track, where, facts, names=names)
        fields, was = {name: value for name, value in seen.items() if name != CHANGES_KEY}, seen.get(CHANGES_KEY, [])
        stamp = {name: facts.get(name) for name in ("recorded_at", "recorded_by")} if track.many else {}
        void = (facts.get("void") or {}).get("reason")
        entry = facts.get("id") if track.many else None
        about = {"entry": entry, "stay": stay, "on": on, "recorded_at": None, "recorded_by": None, **stamp}
        yield {**about, "void": void, "fields": fields, "was": was}


def entry_lines(rulebook: Rulebook, her: Client, track: Track, language: str, *, names: bool) -> list[str]:
    """Return the entries of a track as lines for a person, each under its name, day, author and id."""
    written: list[str] = []
    several = len({stay for _, stay, _ in _track_entries(her, track)}) > 1
    for where, stay, facts in _track_entries(her, track):
        head = _entry_heading(rulebook, her, track, (where, stay, facts), language, several)
        fields = _redacted_fields(rulebook, track, where, facts, names=names)
        body = track_entry_lines(track, fields, rulebook, language)
        body += [format_sentence(REST_IS_SEALED, {}, language)] if "age" in facts else []
        written += [*([""] if written else []), *head, *(f"  {line}" for line in body)]
    return written


def _entry_heading(
    rulebook: Rulebook, her: Client, track: Track, entry: tuple[str, str | None, Facts], language: str, several: bool
) -> list[str]:
    where, stay, facts = entry
    head = format_fact(entry_title(track, facts), language)
    if track.many:
        head = format_sentence(ENTRY_HEADING, describe_entry(rulebook, where, facts), language)
    head = head[:1].upper() + head[1:]
    void: Mapping[str, Any] | None = facts.get("void")
    said = [format_sentence(STRUCK_THROUGH, {"what": head}, language) if void else head]
    if several and (begun := next((each for each in her.stays if each.id == stay), None)):
        began = begun.arrived_on or begun.day("referral.received_at") or "?"
        said.append("  " + format_sentence(STAY_BEGAN_ON, {"on": began, "entry": stay}, language))
    if void:
        reason = rulebook.places["void.reason"].codes.get(void["reason"], void["reason"])
        on = format_as_typed(void["on"], language)
        said.append("  " + format_sentence(STRUCK_THROUGH_BY, {"on": on, "by": void["by"], "reason": reason}, language))
    return said


def _redacted_fields(rulebook: Rulebook, track: Track, where: str, facts: Facts, *, names: bool) -> Any:
    """Return what may be shown of an entry: in a register by the fields of its track, else by its place in her file."""
    seen = _visible_fields(track, facts, names=names)
    if track.of_register:
        return redaction.redact_entry(rulebook, track, seen, names=names)
    return redaction.redact_fields(rulebook, where, seen, names=names)


def _own_fields(track: Track, facts: Facts, *, names: bool) -> dict[str, Any]:
    """Return the fields of an entry; of a sealed track only its markers unless *names* are allowed."""
    seen = track.fields if names or track.seal is None else track.seal.marker
    return {name: facts[name] for name in seen if name in facts}


def _visible_fields(track: Track, facts: Facts, *, names: bool) -> dict[str, Any]:
    """Return the fields of an entry, and its earlier values unless they are sealed and *names* are not allowed."""
    told = names or track.seal is None
    return {
        **_own_fields(track, facts, names=names),
        **({CHANGES_KEY: facts[CHANGES_KEY]} if told and CHANGES_KEY in facts else {}),
    }


def _track_entries(her: Client, track: Track) -> Iterator[tuple[str, str | None, Facts]]:
    """Yield every entry of a track with its pointer and the id of its stay; an empty place has no entry."""
    homes = [(f"/stays/{stay.index}", stay.id, stay.facts) for stay in her.stays] if track.of_a_stay else []
    alone = "client" in track.home or track.of_register is not None
    for root, stay, home in [*homes, *([("", None, her.facts)] if alone else [])]:
        found: Any = value_at(home, track.at) if track.at else home
        place = f"{root}/{track.at.replace('.', '/')}" if track.at else root
        if isinstance(found, list):
            listed = (
                (number, one) for number, one in enumerate(found) if not track.discriminator or is_of_track(track, one)
            )
            placed = ((f"{place}/{number}", stay, one) for number, one in listed)
            yield from sorted(placed, key=lambda one: _moment_key(track, one[2])) if track.of_register else placed
        elif isinstance(found, Mapping) and _own_fields(track, found, names=True):
            yield place, stay, found


def _moment_key(track: Track, facts: Facts) -> tuple[str, str]:
    """Return the sort key of an entry of a register, which several devices write: when it was, then when recorded."""
    return str(entry_moment(track, read_entry(track, facts)) or ""), str(facts.get("recorded_at"))
