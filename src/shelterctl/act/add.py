"""The command add: put an entry of any track in its place in a client's file and judge it by the track's rules."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from shelterctl.act.change import (
    FRAGMENT_ALREADY_THERE,
    Change,
    drop_unfinished,
    left_out_sentences,
    merge_into_file,
    opening_sentences,
    replaced_sentence,
    write_change,
)
from shelterctl.act.client_file import find_clients_named_in, find_spilled_words, needs_all_clients, open_to_write
from shelterctl.act.input import Input
from shelterctl.act.permission import opens_client_files, refuse_tasks
from shelterctl.act.register_months import judge_month, track_months
from shelterctl.act.stay_context import stay_context
from shelterctl.act.typed_track import require_home
from shelterctl.act.worded_findings import word_findings
from shelterctl.core.finding import FilledSentences, Finding, Outcome, has_refusal, soften_findings
from shelterctl.core.manual.role import Task
from shelterctl.core.manual.rule import Rule, Ruling, Verb, Violation
from shelterctl.core.manual.track import Track
from shelterctl.core.merge.fragment import Placement, place_entry
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import Entry, entry_title, list_entries
from shelterctl.core.record.file_tree import STAY_KEY
from shelterctl.core.record.register import empty_entries
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.judgement import find_refusing_rules, judge_new_codes, judge_stored_entry
from shelterctl.core.values.facts import Facts
from shelterctl.errors import Conflict
from shelterctl.language import LabelledCode, Text
from shelterctl.session import Session
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_

ADD_ATTEMPTS = 4
"""The number of times that add tries again when another command changed the file meanwhile."""

ENTRY_ADDED = N_("Saved: {what}.")
ENTRY_CHANGED = N_("Changed: {what}.")
TRACK_HAS_NO_SUCH_ENTRY = N_("{Her file|His file|The register} has no such entry. See: shelterctl show {id} {track}")


def add_entry(
    session: Session,
    client: str,
    track: Track,
    given: Input,
    check: bool = False,
    *,
    again: bool = False,
    finished: str | None = None,
) -> Outcome:
    """Write an entry into a client's file. Broken rules of its track are reported as open and do not refuse it, because
    what it records has happened.

    An entry identical to one in the file is left out, unless *again*. If another command changes the file meanwhile,
    the entry is added to the new version, so nothing of either is lost. *finished* is the name under which the answers
    that it was made of are kept.
    """
    if refused := refuse_tasks(session, [Task(track.name, False)]):
        kind = LabelledCode(track.name, track.text)
        data = {"id": session.store.subject(client)[0].id, "track": kind, "entry": None, "stay": None}
        return Outcome(data=data, findings=refused)
    attempt = partial(_try_add_entry, session, client, track, given, check, again=again, finished=finished)
    for _ in range(ADD_ATTEMPTS):
        try:
            return attempt()
        except Conflict as error:
            if error.code != "vault/changed":
                raise
    return attempt()


def _try_add_entry(
    session: Session, client: str, track: Track, given: Input, check: bool, *, again: bool, finished: str | None
) -> Outcome:
    # Gather.
    her, shut = session.store.subject_to_change(client, track_months(session, track, given.value))
    require_home(track, her)
    held = open_to_write(session, shut, track, given.value.get("id"), given.value)
    home = place_entry(track, her, session.rulebook.tracks, drop_stay_key(given.value), given.value.get(STAY_KEY))
    stay = home.stay.id if home.stay else None
    kind = LabelledCode(track.name, track.text)
    data: dict[str, Any] = {"id": her.id, "track": kind, "entry": given.value.get("id"), "stay": stay}

    # Decide.
    moved = judge_month(track, her, given.value)
    if has_refusal((*home.findings, *moved)):
        return Outcome(data=data, findings=given.located((*home.findings, *moved)))
    added = MergedEntry(session, held, track, home, given, again=again)
    hidden = (
        track.name in session.rulebook.blocks
    )  # neither the answer nor the file may show whether there was one before
    record = drop_unfinished(added.merged.record, *_answers_done_with(her, track, given.value.get("id"), finished))
    new, over = added.is_changed or hidden, [] if hidden else added.merged.merge.replaced
    sentence = FRAGMENT_ALREADY_THERE if not new else ENTRY_CHANGED if over else ENTRY_ADDED
    if (
        out := added.merged.merge.left_out
    ):  # an entry that is there already may be in another stay than that of its date
        there = her.stay_at(out[0])
        data |= {"left_out": out, "stay": there.id if there else None}
    said: FilledSentences = (
        (sentence, {"what": added.title} if new else {}),
        *left_out_sentences(added.merged.merge),
        *replaced_sentence(over),
        *opening_sentences(session, added.findings, her.id),
    )
    change = Change(
        held=held,
        record=record,
        did="add",
        data=lambda saved: {**data, "entry": added.entry} if saved or not added.is_new else data,
        findings=added.findings,
        changed=new or record != held.value,  # saving also drops the unfinished answers for it
        unchanged=said,
        written=said,
    )

    # Act.
    return write_change(session, change, check=check)


def _answers_done_with(her: Client, track: Track, entry: str | None, finished: str | None) -> tuple[str, ...]:
    """Return the names of the unfinished answers that are dropped once an entry is written.

    In a register only those that it was made of: others may be about another visitor.
    """
    changed = f"{track.name} {entry}"
    return (track.name, changed) if her.home is None else (finished or changed,)


class MergedEntry:
    """An entry of a track merged into a client's file in memory, with its findings; nothing is written yet.

    *acts* are acts judged together with the entry: their rules, and those of the entry, can then refuse it. With None
    broken rules are only reported as open.
    """

    def __init__(
        self,
        session: Session,
        file: StoredFile,
        track: Track,
        home: Placement,
        given: Input,
        acts: frozenset[str] | None = None,
        *,
        again: bool = False,
    ) -> None:
        self.session, self.track, self.placement, self.given, self.acts = session, track, home, given, acts
        self.before = read_subject(file.value)
        whole = Input(self._fragment(given.value), (), None)
        self.merged = merge_into_file(session, file.value, whole, without_stay=home.stay is None, again=again)
        self.after = read_subject(self.merged.record)

    @property
    def is_changed(self) -> bool:
        """Whether the merge changes the file."""
        return self.merged.merge.changed

    @cached_property
    def entry(self) -> str | None:
        """The id of the entry; None for a track with a single entry."""
        made = self.merged.merge.entries if self.track.many else ()
        return str(self.given.value.get("id") or made[0]) if made else None

    @cached_property
    def is_new(self) -> bool:
        """Whether the list of entries did not have this one before; False for a track with a single entry."""
        listed = self.placement.facts_of(self.track, self.before) if self.track.many else None
        return self.track.many and not any(one.get("id") == self.entry for one in listed or ())

    @cached_property
    def title(self) -> Text:
        """The name of the entry: that of its track, or of the decision it records, such as a refusal."""
        return entry_title(self.track, self._stored.written if self._stored else {})

    @cached_property
    def pointer(self) -> str:
        """The JSON pointer to the entry in her file."""
        place = self.placement.pointer_of(self.track)
        listed = self.placement.facts_of(self.track, self.after) if self.track.many else ()
        numbers = [number for number, one in enumerate(listed or ()) if one.get("id") == self.entry]
        return f"{place}/{numbers[0] if numbers else len(listed or ())}" if self.track.many else place

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that refuse the entry, else those by its track's rules, each with its place in the input."""
        refused = has_refusal(self.merged.findings)
        return self.given.located(map(self._strip_place, self.merged.findings if refused else self._judge()))

    def _fragment(self, entry: Facts) -> dict[str, Any]:
        """Return the fragment that puts the entry in the place of its track in her file."""
        track, stay, last = self.track, self.placement.stay, self.before.stay
        whole = track.name in self.session.rulebook.blocks  # the answers replace the whole block
        given = {**(dict.fromkeys(track.fields) if whole else {}), **drop_stay_key(entry)}
        below: Any = [{**track.discriminator, **entry}] if track.many else given
        for name in reversed(track.at.split(".") if track.at else ()):
            below = {name: below}
        if track.many or stay is None or (last is not None and stay.index == last.index):
            return below  # type: ignore[no-any-return]
        return {"stays": [{"id": stay.id, **below}]}

    def broken_rules(self) -> Iterator[tuple[Rule, Ruling[Verb], Violation]]:
        """Yield the rules of its track that refuse the acts, each with its ruling and the way it is broken."""
        return find_refusing_rules(self._stored, self._around) if self._stored else iter(())

    @cached_property
    def _around(self) -> Context:
        """The context in which the entry is judged, with all files if a rule about a changed field needs them."""
        her, stay = self.after, self.placement.stay
        now = next((each for each in her.stays if stay and each.index == stay.index), None)
        going = self.merged.merge
        far = needs_all_clients(self.track, (*going.added, *going.replaced))
        others = {"all_clients": self.session.store.all_clients} if far else {}
        return stay_context(self.session, her, now, self.session.today, acts=self.acts or frozenset(), **others)

    @cached_property
    def _stored(self) -> Entry | None:
        """The entry as the merged file has it."""
        listed = list_entries(self.track, *self._around.locate(self.track))
        return next((one for one in listed if one.where == self.pointer), None)

    def _judge(self) -> tuple[Finding, ...]:
        around, going = self._around, self.merged.merge
        found = list(judge_stored_entry(self._stored, around)) if self._stored else []
        if not self.track.many:
            known, now_ = (self.placement.facts_of(self.track, client) or {} for client in (self.before, self.after))
            found += judge_new_codes(self.track, known, now_, self.pointer, around)
        changed = (*going.added, *going.replaced)
        near = empty_entries(self.after.facts, changed) if self.track.of_register else self.after.facts
        spilt = find_spilled_words(self.session, near, changed)
        found = found if self.acts is not None else list(soften_findings(found))
        return (*word_findings(self.session.rulebook, found), *spilt, *self._find_clients_named())

    def _find_clients_named(self) -> Iterator[Finding]:
        """Yield a warning for each text of a register's entry that has a client's name, if this key opens her file."""
        if self._stored and self.track.of_register and opens_client_files(self.session):
            yield from find_clients_named_in(self.session, self.track, self._stored.written, self.pointer)

    def _strip_place(self, one: Finding) -> Finding:
        """Return a finding with its place in the input, where the fields of the entry are at the top."""
        if one.code == "fragment/unknown-entry":
            return replace(one, where="/id", at=None)
        where = one.at or one.where
        below = f"{where}/".startswith(f"{self.pointer}/")
        return replace(one, at=where.removeprefix(self.pointer)) if below else one


def drop_stay_key(given: Facts) -> dict[str, Any]:
    """Return an entry without the key that names its stay."""
    return {name: value for name, value in given.items() if name != STAY_KEY}
