"""The questions about an entry of any track: each field that the other answers call for, then the page of answers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from shelterctl.act.add import TRACK_HAS_NO_SUCH_ENTRY, MergedEntry, add_entry
from shelterctl.act.client_file import open_to_write
from shelterctl.act.input import Input, entry_shape
from shelterctl.act.permission import is_by_role, refuse_early
from shelterctl.act.register_months import find_entry_months, track_months
from shelterctl.act.stay_context import stay_context
from shelterctl.act.typed_track import own_command
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment import Placement, place_entry
from shelterctl.core.record.client import Client, read_subject, value_at
from shelterctl.core.record.entries import entry_title, read_entry
from shelterctl.core.record.file_tree import HOME_PATHS, STAY_KEY
from shelterctl.core.record.keyed_groups import is_list_of_groups, key_groups, list_groups
from shelterctl.core.rules.context import entries_of_client
from shelterctl.errors import NotFound
from shelterctl.language import LabelledCode, Text
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import askable_fields, entry_steps, expand_lists_of_groups, fields_asked_beside
from shelterctl.prompts.fill_in import LINES_OF_AN_ANSWER, WRITE_DOWN, JudgedAnswers, PaperToFill
from shelterctl.prompts.steps import QuestionStep, waiting_notice
from shelterctl.prompts.unfinished import (
    GOING_ON,
    answers_in_words,
    begun_entry_names,
    choose_begun,
    name_without_number,
    new_entry_name,
)
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import print_sentence, screen_size
from shelterctl.ui_language import N_

ADD_TITLE = N_("{File |File |}{id}: {what}")
ADD_IS_SEALED = N_("This is sealed, but everyone who uses this computer can read it.")
ADD_IS_SEALED_BY_ROLE = N_("This is sealed. These roles read it, and the author: {roles}.")
ADD_TO_PAST_STAY = N_("It belongs to the stay that ended on {left}.")
ADD_NOTHING_ANSWERED = N_("Nothing is answered yet.")
ADD_EXISTS_ALREADY = N_("{Her file|His file|The register} already has exactly this entry.")
ADD_ONCE_MORE = N_("it happened again: write down another entry")
ADD_WHICH_STAY = N_("Which of {her|his} stays is this about? Enter goes back.")
ADD_STAY_ROW = N_("the stay from {begun} to {left}")
ADD_ANSWERS_WAIT_NOWHERE = N_("Nothing is written down. Unfinished answers to these questions are not kept.")
ADD_LEAVE_UNKEPT = N_("stop without writing it down; these answers are lost")
ADD_ANSWERS_KEPT = N_("The answers are kept, but not written down yet.")


def addable_tracks(rulebook: Rulebook, her: Client) -> Iterator[Track]:
    """Yield the tracks of which her file, or the registers of her home, can take an entry now and of which a terminal
    asks at least one field.
    """
    for track in _tracks_of_home(rulebook, her.home):
        asked = not own_command(track) and any(askable_fields(track.fields))
        if asked and not place_entry(track, her, rulebook.tracks, {}).findings:
            yield track


def _tracks_of_home(rulebook: Rulebook, home: str | None) -> Iterator[Track]:
    """Yield the tracks of clients' files, or those of the registers of a home."""
    if home is not None:
        yield from rulebook.tracks_of_homes[home]
        return
    tracks = (rulebook.tracks[name] for name in rulebook.track_names)
    yield from (track for track in tracks if HOME_PATHS.keys() & {*track.home})


def ask_entry(
    session: Session,
    id_: str,
    track: Track,
    entry: str | None = None,
    *,
    over: bool = False,
    only: Collection[str] = (),
    page: bool = False,
    stay: str | None = None,
    given: Mapping[str, Any] | None = None,
    begin: Mapping[str, Any] | None = None,
) -> Outcome:
    """Ask about a new entry, or about the changes of one, show the page of answers, and write the entry.

    For an existing entry only missing answers are asked; with *over* every answer is. With *only*, just those questions
    are asked and the rest is left to the page of answers. With *page* that page comes first. Answers that are *given*
    are not asked. A new entry may *begin* with answers, which can be changed on the page.
    """
    if refused := refuse_early(session, id_, Task(track.name, False)):
        return refused
    months = find_entry_months(session, id_, track, entry) if entry else track_months(session, track, given or {})
    form = _entry_to_fill(ClientFile(session, id_, months), track, entry, stay, given, begin=begin, page=page)
    if isinstance(form, Outcome):
        return form
    if form.placement.findings:
        return Outcome(
            data={"id": form.file.id, "track": LabelledCode(track.name, track.text)}, findings=form.placement.findings
        )
    over = over or (bool(form.before) and not form.answers.are_waiting and entry is None)
    form.announce()
    return form.fill_in(over=over, only=only, page=page)


def _entry_to_fill(
    file: ClientFile,
    track: Track,
    entry: str | None,
    stay: str | None,
    given: Mapping[str, Any] | None,
    *,
    begin: Mapping[str, Any] | None,
    page: bool,
) -> "EntryToFill | Outcome":
    """Return the entry to ask about. Where new entries of a register were begun, it is chosen among them and another
    one; a single one is taken at once if its *page* is asked for. The outcome says that the person went back.
    """
    make = partial(EntryToFill, file, track, entry, stay, given, begin=begin or {})
    if entry is not None or file.client.home is None:
        return make()
    names = begun_entry_names(file, track)
    begun = [form for form in map(make, names) if not form.answers.are_closed]
    chosen = 0 if page and len(begun) == 1 else choose_begun(begun, track.offered) if begun else len(begun)
    if chosen is None:
        return Outcome(data={"id": file.id}, said=begun[0].kept)
    return begun[chosen] if chosen < len(begun) else make(new_entry_name(track, names))


class EntryToFill(PaperToFill):
    """An entry of a track while it is filled in; *before* holds the facts of the entry that is changed, if any."""

    def __init__(
        self,
        file: ClientFile,
        track: Track,
        entry: str | None,
        stay: str | None = None,
        given: Mapping[str, Any] | None = None,
        kept_as: str | None = None,
        begin: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._kept_as = kept_as
        self.file, self.track, self.entry, self.session, self.stay = file, track, entry, file.session, stay
        self.before = self._existing_facts()
        super().__init__(
            file, PendingAnswers(file, self.pending_name, {**begin, **self.before}, given), self.command_that_goes_on
        )
        self.notes_of = track.fields
        left = self.placement.stay.discharged_on if self.placement.stay and "left" in track.home else None
        sealed: FilledSentences = (self._sealed_sentence,) if track.seal else ()
        past: FilledSentences = ((ADD_TO_PAST_STAY, {"left": left}),) if left else ()
        self.opening = ((ADD_TITLE, {"id": file.id, "what": self.heading}), *sealed, *past)
        self.kept = (waiting_notice(ADD_ANSWERS_KEPT, self.command),)
        if self.hidden:
            self.later = ADD_LEAVE_UNKEPT
            self.kept = self.untouched = ((ADD_ANSWERS_WAIT_NOWHERE, {}),)

    def announce(self) -> None:
        """Say above the first question what was answered before, if these answers were begun earlier."""
        said = (
            answers_in_words(self, self.before, LINES_OF_AN_ANSWER * screen_size()[0])
            if self.answers.are_waiting
            else ""
        )
        if said:
            title, *rest = self.opening
            self.opening = (title, (GOING_ON, {"answers": said}), *rest)

    @property
    def _sealed_sentence(self) -> FilledSentence:
        """The sentence on who reads what is sealed here: with one key for all, everybody at this computer."""
        if not is_by_role(self.session) or not self.track.seal:
            return ADD_IS_SEALED, {}
        readership, names = self.session.store.vault.journal.chain.readership, self.session.rulebook.lists["roles"]
        return ADD_IS_SEALED_BY_ROLE, {"roles": [names[role] for role in readership.roles_for(self.track.seal.part)]}

    @property
    def command_that_goes_on(self) -> str:
        """The command that goes on with these answers, without the program's name."""
        return f"add {self.file.id} {name_without_number(self.pending_name)}"

    @property
    def pending_name(self) -> str:
        """The name under which its answers are kept: the track, and the id of the entry if one is changed; else the
        name that was given.
        """
        return f"{self.track.name} {self.entry}" if self.entry else self._kept_as or self.track.name

    @property
    def hidden(self) -> bool:
        """Whether every file has a block of this track, so that its unfinished answers are kept in no file."""
        return self.track.name in self.session.rulebook.blocks

    @property
    def heading(self) -> Text:
        """The title of the entry: of an existing one by its facts, of a new one by its kind."""
        return entry_title(self.track, self.before) if self.before else self.track.offered

    @property
    def placement(self) -> Placement:
        """The place of the entry in her file by the answers so far; her present stay until they decide it."""
        if self.entry:
            return self._place({"id": self.entry})
        found = self._place(self.answers.facts) if self.track.many else None
        return self._place({}) if found is None or found.findings else found

    def _place(self, facts: Mapping[str, Any]) -> Placement:
        return place_entry(self.track, self.file.client, self.session.rulebook.tracks, facts, self.stay)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """Return a step for each field that the answers so far call for."""
        return [*entry_steps(self.file, self.track, self.answers, self.save_answer, stay=self.placement.stay)]

    def draw_first_steps(self) -> Sequence[QuestionStep]:
        """Return the steps without those of a new entry that are known only afterwards."""
        later = () if self.entry else {name for name, one in self._asked_fields() if one.afterwards}
        return [step for step in self.draw_steps() if step.name not in later]

    def judge(self) -> JudgedAnswers:
        """Return what would be written and what stays open with it; an entry like an existing one counts as another."""
        facts = self.facts()
        if not self.entry:
            self.file.read_months(track_months(self.session, self.track, facts))
        if facts and not self.entry and (ids := self._undecided(facts)):
            stays = [stay for stay in self.file.client.stays if stay.id in ids]
            lines = [(ADD_STAY_ROW, {"begun": stay.begun_on or "?", "left": stay.left_on or "…"}) for stay in stays]
            chosen = choose_option(ADD_WHICH_STAY, lines)
            self.stay = stays[chosen].id if chosen is not None else None
        needed = {name: one.text for name, one in self._asked_fields() if one.must and _is_lacking(name, facts)}
        added = self._merge(facts) if facts and not needed else None
        self._again = bool(added and added.merged.merge.left_out)
        act: FilledSentence = (ADD_ONCE_MORE if self._again else WRITE_DOWN, {})
        return JudgedAnswers(act, added.findings if added else (), needed, ready=added is not None)

    def print_page(self, judged: JudgedAnswers) -> None:
        """Print that nothing is answered or that such an entry exists already, then the findings."""
        if not self.facts():
            print_sentence(ADD_NOTHING_ANSWERED)
        if self._again:
            print_sentence(ADD_EXISTS_ALREADY)
        super().print_page(judged)

    def write(self) -> Outcome:
        """Write the entry."""
        given = Input({**self.as_input(self.facts()), **({STAY_KEY: self.stay} if self.stay else {})}, (), None)
        id_, kept_as = str(self.file.id), self.pending_name
        return add_entry(self.session, id_, self.track, given, again=self._again, finished=kept_as)

    def _undecided(self, facts: Mapping[str, Any]) -> Sequence[str]:
        """Return the ids of the stays among which a person has to choose, in order; none where the stay is clear."""
        found = next((one for one in self._place(facts).findings if one.code == "fragment/which-stay"), None)
        return [*map(str, found.facts["stays"])] if found else ()  # type: ignore[call-overload]

    def _existing_facts(self) -> dict[str, Any]:
        found: Any = None
        if self.entry:
            held = open_to_write(self.session, self.file.held, self.track, self.entry)
            live = (one.written for one in entries_of_client(self.track, read_subject(held.value)))
            found = next((one for one in live if one.get("id") == self.entry), None)
            if found is None:
                raise NotFound("entry/unknown", TRACK_HAS_NO_SUCH_ENTRY, id=self.file.id, track=self.track.name)
        elif not self.track.many and not self.placement.findings:
            held = open_to_write(self.session, self.file.held, self.track)
            found = self.placement.facts_of(self.track, read_subject(held.value))
        known = {name: found[name] for name in self.track.fields if name in found} if found else {}
        return key_groups(self.track.fields, known)

    def _asked_fields(self) -> Iterator[tuple[str, Field]]:
        facts = self.entry_so_far()
        entry = read_entry(self.track, list_groups(self.track.fields, facts))
        around = stay_context(self.session, self.file.client, self.placement.stay, self.session.today)
        asked = fields_asked_beside(self.track.fields, entry, around)
        return ((each.name, each.field) for each in expand_lists_of_groups(asked, entry, facts, around))

    def entry_so_far(self) -> dict[str, Any]:
        """Return the entry as answered so far, each list of groups as a mapping by key."""
        return self.answers.facts

    def facts(self) -> dict[str, Any]:
        """Return the answers to the questions that are asked, and the facts that the entry had before."""
        facts, asked = self.entry_so_far(), {name for name, _ in self._asked_fields()}
        for name in _names_of_answers(self.track.fields, facts):
            if name not in asked and not _has_value_at(self.before, name):
                facts = _remove_value(facts, name.split("."))
        return {name: value for name, value in facts.items() if value not in ({}, None)}

    def as_input(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry as a file would give it, with null for each fact that was removed."""
        changed = {
            name: said for name, said in _add_removals(self.before, facts).items() if said != self.before.get(name)
        }
        given = list_groups(self.track.fields, changed if self.entry else _add_removals(self.before, facts))
        timed = entry_shape(self.session.rulebook, self.track.name).with_offset(given, self.session.store.offset)
        return {**({"id": self.entry} if self.entry else {}), **timed}

    def _merge(self, facts: Mapping[str, Any]) -> MergedEntry:
        held = open_to_write(self.session, self.file.held, self.track)
        given = {**self.as_input(facts), **({STAY_KEY: self.stay} if self.stay else {})}
        return MergedEntry(self.session, held, self.track, self.placement, Input(given, (), None))


def _names_of_answers(fields: Fields, facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dotted names of all fields that a terminal asks for, those of each group of a list included."""
    for name, one in askable_fields(fields):
        groups = (value_at(facts, name) or {}) if is_list_of_groups(one) else {}
        yield from (f"{name}.{key}.{each}" for key in groups for each in _names_of_answers(one.fields, groups[key]))
        if not is_list_of_groups(one):
            yield name


def _is_lacking(name: str, facts: Mapping[str, Any]) -> bool:
    """Whether a required answer is missing; inside a group it is required only where the group has any answer."""
    inside, _, _ = name.rpartition(".")
    return not _has_value_at(facts, name) and (not inside or _has_value_at(facts, inside))


def _has_value_at(facts: Mapping[str, Any], name: str) -> bool:
    found: Any = facts
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found is not None


def _remove_value(facts: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """Return the facts without the value at that place."""
    first, *rest = keys
    if first not in facts:
        return dict(facts)
    if not rest or not isinstance(facts[first], Mapping):
        return {name: value for name, value in facts.items() if name != first}
    return {**facts, first: _remove_value(facts[first], rest)}


def _add_removals(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of *now*, with null for each one that only *before* has, and an empty list for a list."""
    gone: dict[str, Any] = {}
    for name, value in before.items():
        if isinstance(value, Mapping):
            inside = now.get(name)
            gone[name] = _add_removals(value, inside if isinstance(inside, Mapping) else {})
        elif name not in now:
            gone[name] = [] if isinstance(value, list) else None
    return {**now, **gone}
