"""The walk-through of an entry of any track: its fields as they are asked beside each other, then what it comes to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.act.add import TRACK_HAS_NO_SUCH_ENTRY, MergedEntry, add_entry, own_command
from shelterctl.act.client_file import open_to_write, stay_context
from shelterctl.act.input import Input, entry_shape
from shelterctl.core.finding import FilledSentence, FilledSentences, Outcome
from shelterctl.core.manual.field import Field, Fields
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment import STAY_KEY, Placement, place_entry
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import entry_title, read_entry
from shelterctl.core.record.file_tree import HOME_PATHS
from shelterctl.core.record.keyed_groups import is_list_of_groups, key_groups, list_groups
from shelterctl.core.rules.context import entries_of_client
from shelterctl.errors import NotFound
from shelterctl.language import Text
from shelterctl.prompts.client_file import ClientFile, PendingAnswers
from shelterctl.prompts.fields import askable_fields, entry_steps, expand_lists_of_groups, fields_asked_beside
from shelterctl.prompts.fill_in import WRITE_DOWN, JudgedAnswers, PaperToFill
from shelterctl.prompts.steps import QuestionStep, waiting_notice
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.terminal.questions import choose_option
from shelterctl.terminal.screen import print_sentence
from shelterctl.ui_language import N_

ADD_TITLE = N_("File {id}: {what}")
ADD_IS_SEALED = N_("What you write here is sealed, but everyone who uses this computer can read it.")
ADD_TO_PAST_STAY = N_("It belongs to the stay that she left on {left}.")
ADD_NOTHING_ANSWERED = N_("Nothing is answered yet.")
ADD_EXISTS_ALREADY = N_("Just this stands in her file already.")
ADD_ONCE_MORE = N_("it happened once more: write it down again")
ADD_WHICH_STAY = N_("To which of her stays does it belong? Enter goes back.")
ADD_STAY_ROW = N_("the stay from {begun} to {left}")
ADD_ANSWERS_WAIT_NOWHERE = N_("Nothing is written down. Answers to this are kept nowhere until they are.")
ADD_LEAVE_UNKEPT = N_("leave it; these answers are not kept")
ADD_ANSWERS_KEPT = N_("The answers are kept; nothing is written down.")


def addable_tracks(rulebook: Rulebook, her: Client) -> Iterator[Track]:
    """The tracks of which an entry may be added to her file as it stands now, and of which a terminal asks anything."""
    for name in rulebook.track_names:
        track = rulebook.tracks[name]
        hers = HOME_PATHS.keys() & {*track.home} and not own_command(track) and any(askable_fields(track.fields))
        if hers and not place_entry(track, her, rulebook.tracks, {}).findings:
            yield track


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
) -> Outcome:
    """Ask for an entry at the terminal, or for what is to be changed of one, show what it says, and write it down.

    Of an entry that stands what is missing is asked, and with *over* what is answered too; or *only* these questions,
    and the rest stands on the page of answers; with *page* that comes first. What is *given* needs no question.
    """
    form = EntryToFill(ClientFile(session, id_), track, entry, stay, given)
    if form.placement.findings:
        return Outcome(data={"id": form.file.id, "track": track.name}, findings=form.placement.findings)
    over = over or (bool(form.before) and not form.answers.are_waiting and entry is None)
    return form.fill_in(over=over, only=only, page=page)


class EntryToFill(PaperToFill):
    """An entry of a track that is asked for; *before* is what stands there, where it is one that is changed."""

    def __init__(
        self,
        file: ClientFile,
        track: Track,
        entry: str | None,
        stay: str | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.file, self.track, self.entry, self.session, self.stay = file, track, entry, file.session, stay
        self.before = self._existing_facts()
        super().__init__(file, PendingAnswers(file, self.pending_name, self.before, given), self.command_that_goes_on)
        self.notes_of = track.fields
        left = self.placement.stay.discharged_on if self.placement.stay and "left" in track.home else None
        sealed: FilledSentences = ((ADD_IS_SEALED, {}),) if track.seal else ()
        past: FilledSentences = ((ADD_TO_PAST_STAY, {"left": left}),) if left else ()
        self.opening = ((ADD_TITLE, {"id": file.id, "what": self.heading}), *sealed, *past)
        self.kept = (waiting_notice(ADD_ANSWERS_KEPT, self.command),)
        if self.hidden:
            self.later = ADD_LEAVE_UNKEPT
            self.kept = self.untouched = ((ADD_ANSWERS_WAIT_NOWHERE, {}),)

    @property
    def command_that_goes_on(self) -> str:
        """The command that goes on with it."""
        return f"add {self.file.id} {self.pending_name}"

    @property
    def pending_name(self) -> str:
        """What is being asked for, as it is typed: the track, and the entry that is changed."""
        return f"{self.track.name} {self.entry}" if self.entry else self.track.name

    @property
    def hidden(self) -> bool:
        """Whether every file has a block of it, so that its answers wait in no file."""
        return self.track.name in self.session.rulebook.blocks

    @property
    def heading(self) -> Text:
        """What it is called: by what stands there, else as its kind is chosen."""
        return entry_title(self.track, self.before) if self.before else self.track.offered

    @property
    def placement(self) -> Placement:
        """Where it belongs in her file by what is answered so far; while nothing decides, where she lives now."""
        if self.entry:
            return self._place({"id": self.entry})
        found = self._place(self.answers.facts) if self.track.many else None
        return self._place({}) if found is None or found.findings else found

    def _place(self, facts: Mapping[str, Any]) -> Placement:
        return place_entry(self.track, self.file.client, self.session.rulebook.tracks, facts, self.stay)

    def draw_steps(self) -> Sequence[QuestionStep]:
        """A question for each field that is asked beside what is answered."""
        return [*entry_steps(self.file, self.track, self.answers, self.save_answer, stay=self.placement.stay)]

    def judge(self) -> JudgedAnswers:
        """What would be written, and what stays open with it; an entry that stands there already is one more."""
        facts = self.facts()
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
        """That nothing is answered yet, or is written already, and what is found of it."""
        if not self.facts():
            print_sentence(ADD_NOTHING_ANSWERED)
        if self._again:
            print_sentence(ADD_EXISTS_ALREADY)
        super().print_page(judged)

    def write(self) -> Outcome:
        """Write the entry down."""
        given = Input({**self.as_input(self.facts()), **({STAY_KEY: self.stay} if self.stay else {})}, (), None)
        return add_entry(self.session, str(self.file.id), self.track, given, again=self._again)

    def _undecided(self, facts: Mapping[str, Any]) -> Sequence[str]:
        """The ids of the stays of which one is to be chosen, in their order; none where it is clear."""
        found = next((one for one in self._place(facts).findings if one.code == "fragment/which-stay"), None)
        return [*map(str, found.facts["stays"])] if found else ()  # type: ignore[call-overload]

    def _existing_facts(self) -> dict[str, Any]:
        found: Any = None
        if self.entry:
            held = open_to_write(self.session, self.file.held, self.track, self.entry)
            live = (one.written for one in entries_of_client(self.track, Client(held.value)))
            found = next((one for one in live if one.get("id") == self.entry), None)
            if found is None:
                raise NotFound("entry/unknown", TRACK_HAS_NO_SUCH_ENTRY, id=self.file.id, track=self.track.name)
        elif not self.track.many and not self.placement.findings:
            held = open_to_write(self.session, self.file.held, self.track)
            found = self.placement.facts_of(self.track, Client(held.value))
        known = {name: found[name] for name in self.track.fields if name in found} if found else {}
        return key_groups(self.track.fields, known)

    def _asked_fields(self) -> Iterator[tuple[str, Field]]:
        facts = self.entry_so_far()
        entry = read_entry(self.track, list_groups(self.track.fields, facts))
        around = stay_context(self.session, self.file.client, self.placement.stay, self.session.today)
        asked = fields_asked_beside(self.track.fields, entry, around)
        return ((each.name, each.field) for each in expand_lists_of_groups(asked, entry, facts, around))

    def entry_so_far(self) -> dict[str, Any]:
        """The entry as it is answered so far, each list of groups as a mapping by key."""
        return self.answers.facts

    def facts(self) -> dict[str, Any]:
        """The answers to what is asked, and what stood there before."""
        facts, asked = self.entry_so_far(), {name for name, _ in self._asked_fields()}
        for name in _names_of_answers(self.track.fields, facts):
            if name not in asked and not _has_value_at(self.before, name):
                facts = _remove_value(facts, name.split("."))
        return {name: value for name, value in facts.items() if value not in ({}, None)}

    def as_input(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The entry as a file would give it: what was taken away of what stood there is null."""
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
    """The dotted names of all that a terminal asks for, and of each group of a list what it asks there."""
    for name, one in askable_fields(fields):
        groups = (value_at(facts, name) or {}) if is_list_of_groups(one) else {}
        yield from (f"{name}.{key}.{each}" for key in groups for each in _names_of_answers(one.fields, groups[key]))
        if not is_list_of_groups(one):
            yield name


def _is_lacking(name: str, facts: Mapping[str, Any]) -> bool:
    """Whether an answer that must be there is not; what lies inside a group, only where the group is there."""
    inside, _, _ = name.rpartition(".")
    return not _has_value_at(facts, name) and (not inside or _has_value_at(facts, inside))


def _has_value_at(facts: Mapping[str, Any], name: str) -> bool:
    found: Any = facts
    for key in name.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found is not None


def _remove_value(facts: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """The same facts without what stands at that place."""
    first, *rest = keys
    if first not in facts:
        return dict(facts)
    if not rest or not isinstance(facts[first], Mapping):
        return {name: value for name, value in facts.items() if name != first}
    return {**facts, first: _remove_value(facts[first], rest)}


def _add_removals(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What is written now, with null in the place of what was taken away, and an empty list for a list."""
    gone: dict[str, Any] = {}
    for name, value in before.items():
        if isinstance(value, Mapping):
            inside = now.get(name)
            gone[name] = _add_removals(value, inside if isinstance(inside, Mapping) else {})
        elif name not in now:
            gone[name] = [] if isinstance(value, list) else None
    return {**now, **gone}
