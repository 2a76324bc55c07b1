"""A client's file, or the record of a house or another code, while questions about it are asked: each answer is
saved at once. Answers to an act that is not done yet are kept there until the act uses them.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Any

from shelterctl.act.change import blank_file, drop_unfinished, merge_into_file, save_client_file
from shelterctl.act.client_file import judge_tracks_at
from shelterctl.act.input import Input, fragment_shape
from shelterctl.act.stay_context import admission_context, stay_context
from shelterctl.core.finding import Finding, has_refusal
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment_keys import FragmentKeys
from shelterctl.core.record.client import Client, Stay, read_subject, value_at
from shelterctl.core.record.file_tree import STAYS_KEY, UNFINISHED_KEY
from shelterctl.core.record.register import HOME_KEY
from shelterctl.core.rules.context import Context
from shelterctl.language import NO_PERSON, speak_of
from shelterctl.questionnaire import Questionnaire, read_offers
from shelterctl.schemas import published
from shelterctl.session import Session
from shelterctl.store.registers import Months
from shelterctl.store.sealed_entries import SealedEntries
from shelterctl.store.store import StoredFile
from shelterctl.terminal.questions import choose_option
from shelterctl.typed.question import Question
from shelterctl.ui_language import N_

LACKING_CODES = ("track/needs", "track/order", "track/letters")
"""Codes of findings about a missing answer; they are not shown while the question is still to come."""


FIRST_ANSWER = "sex"
"""The field of the very first answer; the file is made with the answer after it."""


def _has_one_answer(record: Mapping[str, Any]) -> bool:
    """Whether a record holds only the first answer."""
    return record["identity"].keys() == {FIRST_ANSWER} and not (record.get("stays") or record.get("referral"))


def _is_place_of_track(place: str, track: Track) -> bool:
    """Whether a place of her file belongs to a track, in a stay or outside one."""
    steps = [step for step in place.split("/")[1:] if not step.isdigit()]
    way = steps[1:] if steps[:1] == [STAYS_KEY] else steps
    at = track.at.split(".") if track.at else []
    return way[: len(at)] == at


class ClientFile:
    """A client's file that is being filled in, or the record of a code in a register; every answer is in the store at
    once.

    *facility* is the house of the stay that the first answer about a stay begins; None for a client without a stay.
    Of a register only the entries of some *months* are read, or of all.
    """

    def __init__(self, session: Session, id_: str | None = None, months: Months | None = None) -> None:
        session.store.vault.require_writable()
        self.session = session
        self.id = id_
        self.months = months
        self.record: Mapping[str, Any] = {}
        self.version: str | None = None
        self.facility: str | None = None
        self.said_already: set[str] = set()
        self.unsaid_findings: list[Finding] = []
        self.said_of_last_answer: Sequence[Finding] = ()
        self._questions: dict[str, Question] = {}
        self._client: Client | None = None
        self._context: Context | None = None
        if id_ is not None:
            session.open_file = session.open_file if session.in_menu else id_
            self.refresh()

    def refresh(self) -> None:
        """Read the file again, since someone else may have written to it."""
        if self.id is not None:
            _, held = self.session.store.subject_to_change(self.id, self.months)
            self.record, self.version = held.value, held.version

    def read_months(self, months: Months | None) -> None:
        """Read other months of a register, if other ones are needed; a client's file is read whole."""
        if HOME_KEY in self.record and months != self.months:
            self.months = months
            self.refresh()

    @property
    def held(self) -> StoredFile:
        """The file as it was read last."""
        return StoredFile(dict(self.record), self.version)

    @property
    def client(self) -> Client:
        """The client as her file is now; derived facts are kept until the file changes."""
        if self._client is None or self._client.facts is not self.record:
            self._client, self._context = read_subject(self.record), None
            form = self.session.rulebook.form_for_sex
            speak_of(NO_PERSON if self._client.home else form(self._client.sex))
        return self._client

    @property
    def context(self) -> Context:
        """The client's context today; no other client's file is opened for it."""
        client = self.client
        if self._context is None:
            today = self.session.today
            self._context = (
                stay_context(self.session, client, None, today)
                if client.home
                else admission_context(self.session, client, today, count=False)
            )
        return self._context

    @property
    def stay(self) -> Stay | None:
        """Her open stay, else her last."""
        return self.client.stay if self.record else None

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questions, with the registers' codes and names as choices."""
        return Questionnaire(self.session.rulebook, read_offers(self.session), self.session.today)

    @property
    def keys(self) -> FragmentKeys:
        """The keys of a stay."""
        return published.stay_keys(self.session.rulebook)

    def question(self, path: str, **more: Any) -> Question:
        """Return the question for a place of her file; it is made once, since steps are drawn up after every answer."""
        if more:
            return self.questionnaire.for_place(path, **more)
        if path not in self._questions:
            self._questions[path] = self.questionnaire.for_place(path)
        return self._questions[path]

    def value_at(self, path: str) -> Any:
        """Return the value at a place of the file, or of her stay if the place belongs to a stay."""
        inside = self.stay if path.partition(".")[0] in self.keys.stay else None
        return value_at(inside.facts if inside else self.record, path)

    def save_answer(self, path: str, value: Any, *, again: bool = False) -> tuple[Finding, ...]:
        """Save one answer, or remove it where it is None.

        Returns the findings that refuse it; then nothing is saved.
        """
        below = value
        for name in reversed(path.split(".")):
            below = {name: below}
        return self.save_fragment(below, again=again)

    def save_fragment(self, fragment: Mapping[str, Any], *, again: bool = False) -> tuple[Finding, ...]:
        """Save a fragment; return the findings that refuse it.

        Keys of a stay go into the current stay, or begin one in *facility*, if any. With *again* the entry is a new
        one, even if the file has an equal one.
        """
        own = {name: value for name, value in fragment.items() if name not in self.keys.stay}
        hers = {name: value for name, value in fragment.items() if name in self.keys.stay}
        if hers and (self.stay or self.facility):
            head = {"id": self.stay.id} if self.stay else {"facility": self.facility}
            own["stays"], hers = [{**head, **hers}], {}
        timed = fragment_shape(self.session.rulebook).with_offset({**own, **hers}, self.session.store.offset)
        given = Input(timed, (), None)
        record = self.record or blank_file(self.session).value
        found = merge_into_file(self.session, record, given, without_stay=bool(hers), again=again)
        if has_refusal(found.findings):
            return found.findings
        if found.merge.changed and self.id is None and _has_one_answer(found.record):
            self.record = found.record  # one answer alone makes no file: a single key pressed by mistake is no client
        elif found.merge.changed:
            save_client_file(self.session, found.record, self.version, "admit")
            self.id = str(found.record["id"])
            self.refresh()
            self._note([*found.merge.added, *found.merge.replaced])
        return ()

    def take_unsaid_findings(self) -> Sequence[Finding]:
        """Return the rules of its own track that the last answer breaks; each is returned once."""
        self.said_of_last_answer, self.unsaid_findings = self.unsaid_findings, []
        return self.said_of_last_answer

    def _note(self, places: Sequence[str]) -> None:
        """Judge the tracks of the places written just now; findings about missing answers are left out."""
        ruled = self.session.rulebook.tracks_with_rules
        names = [one.name for one in ruled if any(_is_place_of_track(place, one) for place in places)]
        found = judge_tracks_at(self.session, self.client, names, places, is_shown=True)
        self.unsaid_findings = [one for one in found if one.code not in LACKING_CODES]

    def save_entry(
        self, path: str, number: int | None, facts: Mapping[str, Any], *, again: bool = False
    ) -> tuple[Finding, ...]:
        """Save a new entry of a list, or changed answers of the entry with that number."""
        known: Sequence[Mapping[str, Any]] = self.value_at(path) or ()
        id_ = {} if number is None else {"id": known[number]["id"]}
        return self.save_answer(path, [{**id_, **facts}], again=again)


FILE_WRITTEN_MEANWHILE = N_(
    "Someone else has written to {her file|his file|the register} in the meantime. "
    "Check the answers again; Enter goes on."
)


class PendingAnswers:
    """The answers given so far to one paper, kept under its name until it is done.

    *begin* holds the facts before the first answer, *given* those from the command itself. The answers are read from
    her file each time, since someone else may be answering the same paper. Answers to a block that every file has are
    kept in memory only, because in the file they would show that the block is being written; the file is saved all the
    same, as for any other paper.
    """

    def __init__(
        self, file: ClientFile, name: str, begin: Mapping[str, Any], given: Mapping[str, Any] | None = None
    ) -> None:
        self.file, self.name = file, name
        self._begin, self._given = begin, given or {}
        self._hidden = self._track in file.session.rulebook.blocks
        self._kept: dict[str, Any] | None = None

    @property
    def _sealed(self) -> bool:
        """Whether the answers are for a sealed entry, so that they are kept sealed as well."""
        rulebook = self.file.session.rulebook
        return self._track in rulebook.track_names and rulebook.tracks[self._track].seal is not None

    @property
    def _seals(self) -> SealedEntries:
        return self.file.session.store.seals_of(self.file.record)

    @property
    def _track(self) -> str:
        """The name of the track of the entry, if the answers are for an entry."""
        return self.name.partition(" ")[0]

    @property
    def facts(self) -> dict[str, Any]:
        """A copy of the answers so far."""
        kept = (self.file.record.get(UNFINISHED_KEY) or {}).get(self.name)
        if self._kept is not None:
            kept = self._kept
        elif kept is not None and self._sealed:
            kept = self._seals.open_draft(self.file.record, self._track, kept)
        return deepcopy({**(self._begin if kept is None else kept), **self._given})

    @property
    def are_closed(self) -> bool:
        """Whether answers are kept that this key does not open."""
        kept = (self.file.record.get(UNFINISHED_KEY) or {}).get(self.name)
        if kept is None or not self._sealed:
            return False
        return self._seals.open_draft(self.file.record, self._track, kept) is None

    @property
    def are_waiting(self) -> bool:
        """Whether any answers are kept for the act."""
        return bool(self._kept) or bool((self.file.record.get(UNFINISHED_KEY) or {}).get(self.name))

    def answer_at(self, *path: str) -> Any:
        """Return the answer at a place of the paper, or None."""
        found: Any = self.facts
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def with_answer(self, path: tuple[str, ...], value: Any) -> dict[str, Any]:
        """Return the answers with this one set, or removed where it is None; nothing is kept."""
        facts = self.facts
        below = facts
        for name in path[:-1]:
            below = below.setdefault(name, {})
        if value is None:
            below.pop(path[-1], None)
        else:
            below[path[-1]] = value
        return facts

    def save(self, facts: dict[str, Any]) -> None:
        """Keep these answers; where none are left, forget the paper."""
        if not facts and not self._begin and not self._hidden:
            self.discard()
            return
        record = dict(self.file.record)
        if self._hidden:
            self._kept = facts
            record = drop_unfinished(record, self.name)
        else:
            record[UNFINISHED_KEY] = {
                **(record.get(UNFINISHED_KEY) or {}),
                self.name: self._seals.draft(record, self._track, facts) if self._sealed else facts,
            }
        self._save(record)
        self._given = {}

    def discard(self) -> None:
        """Forget the answers, because the paper was given up."""
        record, thrown = drop_unfinished(self.file.record, self.name), self._kept is not None
        self._kept = None
        if thrown or record != self.file.record:
            self._save(record)

    def _save(self, record: dict[str, Any]) -> None:
        save_client_file(self.file.session, record, self.file.version, UNFINISHED_KEY)
        self.file.refresh()


class AnswersInMemory(PendingAnswers):
    """Answers that are kept in no file: those to a list that is written at once, or not at all."""

    def __init__(self, file: ClientFile, name: str, begin: Mapping[str, Any]) -> None:
        super().__init__(file, name, begin)
        self._kept = dict(begin)

    def save(self, facts: dict[str, Any]) -> None:
        """Keep these answers until the list is left."""
        self._kept = facts

    def discard(self) -> None:
        """Forget the answers."""
        self._kept = {}


def is_overtaken(file: ClientFile) -> bool:
    """Whether someone else has written to her file since it was read; if so, ask to check the answers again."""
    before = file.version
    file.refresh()
    if file.version == before:
        return False
    choose_option(FILE_WRITTEN_MEANWHILE, [])
    return True
