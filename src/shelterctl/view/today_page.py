"""The page of today: rows for a program, and lines under headings for a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shelterctl.act.state_in_words import name_state
from shelterctl.core.finding import FilledSentence, FilledSentences
from shelterctl.core.manual.track import DANGER_GATE, DANGER_LATE, OUTING
from shelterctl.core.record.client import Absence, Client
from shelterctl.core.rules.obligation import Obligation
from shelterctl.core.values.days import read_time
from shelterctl.language import LabelledCode, Plural, Sentence, current_language, format_sentence, keep_form
from shelterctl.output.labels import format_moment
from shelterctl.session import Session
from shelterctl.ui_language import N_, SCREEN_LANGUAGES
from shelterctl.view.client import GRAVE_DANGERS, client_label, deadline_in_words
from shelterctl.view.due import due_rows
from shelterctl.view.handover import Handover, News
from shelterctl.view.medicine import Dose, list_medicine_tracks
from shelterctl.view.occupancy import OUT_STATE_BY_NUMBER
from shelterctl.view.on_duty import list_duty_tracks, on_duty_lines
from shelterctl.view.today import COMING, LEAVING, Today

HEADING_DANGER = N_("DANGER")
HEADING_SLEEPING = N_("SLEEP HERE TONIGHT")
HEADING_OUT = N_("OUT OF THE HOUSE")
HEADING_MEDICINE = N_("MEDICINE")
HEADING_DUE = N_("DUE")
HEADING_MOVES = N_("COMING AND LEAVING")
HEADING_ON_DUTY = N_("ON DUTY")
HEADING_HANDOVER = N_("HANDOVER")
HEADING_NEWS = N_("WRITTEN BY OTHERS")

NOTHING = N_("nothing")
NOBODY = N_("nobody")
HOUSE_SLEEPING = N_("{facility}: {sleeping} of {capacity}, places left: {free}.")
SLEEPER = N_("{who}")
SLEEPER_IN_ROOM = N_("{who}, room {room}")
CHILDREN_OF_SLEEPER = N_("{line}, children: {children}")
WHO_IS_OUT = N_("{who}: {state}, since {since}")
WHO_IS_OUT_UNTIL = N_("{who}: {state}, since {since}, expected at {until}")
DOSE_KNOWN = N_("{at}  {who}: {what}")
DOSE_SEALED = N_("{at}  {who}")
DOSES_SEALED = Plural(
    N_("Your key does not open what {count} of these medicines is; you see for whom and when."),
    N_("Your key does not open what {count} of these medicines are; you see for whom and when."),
    "count",
)
MISSING_AT_GATE = N_("missing before admission: {count}")
DUE_OF_ONE = N_("{who}: {what}")
DUE_OF_ONE_AND_MORE = N_("{who}: {what} (+{count})")
DUE_IS_NOT_ALL = N_(
    "Only the monitoring of those who left and the last months of the registers are here. Everything: shelterctl due"
)
COMES = N_("comes: {who}, known since {on}")
LEAVES = N_("leaves: {who}, planned on {on}")
NO_HANDOVER = N_("No handover has been written.")
HANDOVER_OF = N_("{house}, {on}, by {by} ({entry})")
HANDOVER_NOTE = N_("“{note}”")
HANDOVER_WAITS = N_("Not confirmed by you yet. Confirm it with: shelterctl confirm {house} {track} {entry}")
HANDOVER_EARLIER = N_("Earlier ones that you have not confirmed either: {count}.")
HANDOVER_READ_BY = N_("Confirmed by: {who}.")
HANDOVER_READ_BY_NOBODY = N_("Nobody has confirmed it yet.")
NEWS_SINCE = N_("Since the handover of {at}:")
NEWS_OF_A_DAY = N_("You have not confirmed a handover yet. In the last 24 hours:")
NEWS_WITHOUT_HANDOVER = N_("In the last 24 hours:")
NEWS_NEW = N_("{id}: {what}, new: {new}")
NEWS_CHANGED = N_("{id}: {what}, changed: {changed}")
NEWS_NEW_AND_CHANGED = N_("{id}: {what}, new: {new}, changed: {changed}")
ROLE_OPENS_NO_FILE_TODAY = N_(
    "Your role opens no client's file: dangers, medicines and what is due for clients are not shown here."
)
ROLE_OPENS_NO_CLIENT_FILE = N_(
    "Your role opens no client's file: dangers and what is due for clients are not shown here."
)
ROLE_OPENS_NO_REGISTER = N_("Your role opens no register of the house: who is on duty and the handover are not shown.")

MOST_NEWS = 12
"""The most lines of what others wrote that are shown to a person."""

MORE_NEWS = N_("and {count} more")


def today_data(seen: Today) -> dict[str, Any]:
    """Return the page as data: ids, codes, days and hours, never a name, a word that somebody typed or a medicine."""
    session, offset = seen.session, seen.session.store.offset
    dangers = [one for one in seen.due if one.danger in GRAVE_DANGERS or one.danger == DANGER_GATE]
    return {
        "day": session.today,
        "staff": session.staff,
        "rows": [dict(row) for row in seen.beds],
        "sleeping": [_sleeper_row(her, stay) for her, stay in seen.asleep],
        "out": [_out_row(session, her, out, by_number=seen.by_number) for her, _, out in seen.out],
        "danger": [*due_rows(session, dangers)],
        "due": [*due_rows(session, [one for one in (*seen.due, *seen.due_of_houses) if one not in dangers])],
        "medicine": [
            {"id": dose.id, "entry": dose.entry, "at": f"{dose.at:%Y-%m-%dT%H:%M}{offset}"}
            for dose in seen.doses(opens=False)
        ],
        "coming": [{"id": one.id, "facility": one.facility, "on": one.on} for one in seen.moves if one.state == COMING],
        "leaving": [
            {"id": one.id, "facility": one.facility, "on": one.on} for one in seen.moves if one.state == LEAVING
        ],
        "on_duty": [
            {
                "facility": one.house,
                "staff": [*one.staff],
                "from": f"{one.begins:%Y-%m-%dT%H:%M}{offset}",
                "until": f"{one.ends:%Y-%m-%dT%H:%M}{offset}" if one.ends else None,
                "now": not one.is_next,
            }
            for one in seen.duties
        ],
        "handovers": [_handover_row(one) for one in seen.handovers],
        "since": seen.news_since.isoformat(timespec="minutes"),
        "news": [
            {"id": one.id, "track": LabelledCode(one.track, one.text), "new": one.new, "changed": one.changed}
            for one in seen.news
        ],
        "by_number": seen.by_number,
        "registers": bool(seen.records),
        "unread": len(seen.errors),
    }


def _sleeper_row(her: Client, stay: Any) -> dict[str, Any]:
    return {
        "id": her.id,
        "facility": stay.facility,
        "room": stay.facts.get("room"),
        "children": len(her.children),
        "since": stay.arrived_on,
    }


def _out_row(session: Session, her: Client, out: Absence, *, by_number: bool) -> dict[str, Any]:
    state = None if by_number else LabelledCode(out.state, name_state(session, her, out.state))
    return {"id": her.id, "state": state, "since": out.since, "expected_back_at": out.expected}


def _handover_row(one: Handover) -> dict[str, Any]:
    return {
        "facility": one.house,
        "track": LabelledCode(one.kind.track.name, one.title),
        "entry": one.entry,
        "on": one.on,
        "recorded_at": one.recorded_at.isoformat(timespec="minutes"),
        "by": one.by,
        "confirmed": [*one.confirmed],
        "waits": one.waits,
        "earlier": one.earlier,
    }


def today_lines(seen: Today, *, named: bool) -> FilledSentences:
    """Return the page for a person. With *named* it has the names of clients, medicines and the words of the note, as
    on a screen that is cleared afterwards.
    """
    page = _Page(seen, named)
    return tuple(line for head, section in page.sections() for line in _under_heading(head, section))


def _under_heading(head: Sentence, lines: Sequence[FilledSentence]) -> Iterator[FilledSentence]:
    yield "", {}
    yield head, {}
    yield from (_indented(*line) for line in lines)


def _indented(sentence: Sentence, facts: Mapping[str, object]) -> FilledSentence:
    words = {each: f"  {format_sentence(sentence, facts, each)}" for each in SCREEN_LANGUAGES}
    return keep_form(facts, words), {}


class _Page:
    """The lines of each section of the page, for one person."""

    def __init__(self, seen: Today, named: bool) -> None:
        self.seen, self.named = seen, named
        self.called = {her.id: client_label(her) if named else her.id for her in seen.clients}

    def sections(self) -> Iterator[tuple[Sentence, Sequence[FilledSentence]]]:
        """Yield each heading with its lines, but what the rulebook has no track for; the page names once, in its place,
        what the role does not open.
        """
        seen, rulebook = self.seen, self.seen.session.rulebook
        has_medicine = any(list_medicine_tracks(rulebook))
        if seen.by_number:
            yield HEADING_DANGER, [(ROLE_OPENS_NO_FILE_TODAY if has_medicine else ROLE_OPENS_NO_CLIENT_FILE, {})]
        else:
            yield HEADING_DANGER, [*self._dangers()] or [(NOTHING, {})]
        yield HEADING_SLEEPING, [*self._sleepers()]
        if seen.out or rulebook.tracks.serving(OUTING):
            yield HEADING_OUT, [*self._out()] or [(NOBODY, {})]
        if not seen.by_number and has_medicine:
            yield HEADING_MEDICINE, [*self._medicine()] or [(NOTHING, {})]
        yield HEADING_DUE, [*self._due()] or [(NOTHING, {})]
        if not seen.by_number:
            yield HEADING_MOVES, [*self._moves()] or [(NOBODY, {})]
        yield from self._sections_of_shift()
        yield HEADING_NEWS, [*self._news()]

    def _sections_of_shift(self) -> Iterator[tuple[Sentence, Sequence[FilledSentence]]]:
        """Yield who is on duty and the handover, each if the rulebook has a track for it."""
        seen = self.seen
        has_duties = any(list_duty_tracks(seen.session.rulebook))
        if not seen.records:
            if has_duties or seen.note_kind:
                yield HEADING_ON_DUTY, [(ROLE_OPENS_NO_REGISTER, {})]
            return
        if has_duties:
            yield HEADING_ON_DUTY, [*self._on_duty()] or [(NOBODY, {})]
        if seen.note_kind:
            yield HEADING_HANDOVER, [*self._handovers()] or [(NO_HANDOVER, {})]

    def _dangers(self) -> Iterator[FilledSentence]:
        for one in self.seen.rows:
            grave = [owed for owed in one.dated if owed.danger in GRAVE_DANGERS]
            late = [owed for owed in grave if owed.danger == DANGER_LATE]
            for listed in (*([owed] for owed in late), grave[len(late) :]):
                yield from [self._first_of(listed)] if listed else ()
            if not one.admitted and (count := sum(owed.gate for owed in one.due)):
                what = _in_all_languages(MISSING_AT_GATE, {"count": count})
                yield DUE_OF_ONE, {"who": self.called[one.client.id], "what": what}

    def _first_of(self, listed: Sequence[Obligation]) -> FilledSentence:
        """Return the first of what is due for one client or house, and how many more there are."""
        first, more = listed[0], len(listed) - 1
        facts: dict[str, object] = {"who": self.called.get(first.id, first.id)}
        facts["what"] = deadline_in_words(self.seen.session, first)
        return (DUE_OF_ONE_AND_MORE, {**facts, "count": more}) if more else (DUE_OF_ONE, facts)

    def _sleepers(self) -> Iterator[FilledSentence]:
        for row in self.seen.beds:
            sleeping = row["residents"] + row["children"] + row["others"] + row.get("unread", 0)
            facts = {name: row[name] for name in ("facility", "capacity", "free")}
            yield HOUSE_SLEEPING, {**facts, "sleeping": sleeping}
        for her, stay in self.seen.asleep:
            yield sleeper_line(her, stay, self.called[her.id])

    def _out(self) -> Iterator[FilledSentence]:
        for her, _, out in self.seen.out:
            yield absence_line(self.seen.session, her, self.called[her.id], out, by_number=self.seen.by_number)

    def _medicine(self) -> Iterator[FilledSentence]:
        doses = self.seen.doses(opens=self.named)
        yield from (self._dose_line(dose) for dose in doses)
        if self.named and (sealed := len({dose.entry for dose in doses if dose.what is None})):
            yield DOSES_SEALED, {"count": sealed}

    def _dose_line(self, dose: Dose) -> FilledSentence:
        facts: dict[str, object] = {"at": format_moment(dose.at, self.seen.session.today), "who": self.called[dose.id]}
        return (DOSE_KNOWN, {**facts, "what": ", ".join(dose.what)}) if dose.what else (DOSE_SEALED, facts)

    def _due(self) -> Iterator[FilledSentence]:
        lines = [owed for owed in self.seen.due if owed.danger not in (*GRAVE_DANGERS, DANGER_GATE)]
        for listed in _by_subject((*lines, *self.seen.due_of_houses)):
            yield self._first_of(listed)
        if not self.seen.by_number:
            yield DUE_IS_NOT_ALL, {}

    def _moves(self) -> Iterator[FilledSentence]:
        for one in self.seen.moves:
            yield COMES if one.state == COMING else LEAVES, {"who": self.called[one.id], "on": one.on}

    def _on_duty(self) -> Iterator[FilledSentence]:
        seen = self.seen
        for line in on_duty_lines(seen.duties, seen.session.moment, current_language()):
            yield line, {}

    def _handovers(self) -> Iterator[FilledSentence]:
        for one in self.seen.handovers:
            yield from handover_lines(one, named=self.named)

    def _news(self) -> Iterator[FilledSentence]:
        seen = self.seen
        at, nothing_known = seen.known_until, NEWS_OF_A_DAY if seen.note_kind else NEWS_WITHOUT_HANDOVER
        yield (NEWS_SINCE, {"at": format_moment(at, seen.session.today)}) if at else (nothing_known, {})
        yield from [news_line(one, self.called) for one in seen.news[:MOST_NEWS]] or [(NOTHING, {})]
        if (more := len(seen.news) - MOST_NEWS) > 0:
            yield MORE_NEWS, {"count": more}


def sleeper_line(her: Client, stay: Any, who: str) -> FilledSentence:
    """Return who sleeps here: the room, and how many children are with her."""
    room, children = stay.facts.get("room"), len(her.children)
    line = _in_all_languages(SLEEPER_IN_ROOM if room else SLEEPER, {"who": who, "room": room})
    return (CHILDREN_OF_SLEEPER, {"line": line, "children": children}) if children else (line, {})


def absence_line(session: Session, her: Client, who: str, out: Absence, *, by_number: bool) -> FilledSentence:
    """Return who is out, since when and until when; by number it does not say why."""
    state = OUT_STATE_BY_NUMBER if by_number else name_state(session, her, out.state)
    since, until = (read_time(each) for each in (out.since, out.expected))
    facts: dict[str, object] = {"who": who, "state": state}
    facts["since"] = format_moment(since, session.today) if since else out.since
    return (WHO_IS_OUT_UNTIL, {**facts, "until": format_moment(until, session.today)}) if until else (WHO_IS_OUT, facts)


def handover_lines(one: Handover, *, named: bool) -> Iterator[FilledSentence]:
    """Yield a handover, how to confirm it if it waits, and who has confirmed it."""
    yield from handover_text(one, named=named)
    if one.waits:
        yield HANDOVER_WAITS, {"house": one.house, "track": one.kind.track.name, "entry": one.entry}


def handover_text(one: Handover, *, named: bool) -> Iterator[FilledSentence]:
    """Yield the day and the writer of a handover, its words if *named*, and who has confirmed it."""
    yield HANDOVER_OF, {"house": one.house, "on": one.on, "by": one.by, "entry": one.entry}
    if named and one.note:
        yield HANDOVER_NOTE, {"note": one.note}
    if one.earlier:
        yield HANDOVER_EARLIER, {"count": one.earlier}
    yield (HANDOVER_READ_BY, {"who": [*one.confirmed]}) if one.confirmed else (HANDOVER_READ_BY_NOBODY, {})


def news_line(one: News, called: Mapping[str, str]) -> FilledSentence:
    """Return how much others wrote of one kind about a client or a house."""
    sentence = NEWS_NEW_AND_CHANGED if one.new and one.changed else NEWS_NEW if one.new else NEWS_CHANGED
    return sentence, {"id": called.get(one.id, one.id), "what": one.text, "new": one.new, "changed": one.changed}


def _by_subject(rows: Iterable[Obligation]) -> list[list[Obligation]]:
    """Return the rows of each client or code, in the order of the first of them."""
    found: dict[str, list[Obligation]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return [*found.values()]


def _in_all_languages(sentence: Sentence, facts: Mapping[str, object]) -> dict[str, str]:
    return {each: format_sentence(sentence, facts, each) for each in SCREEN_LANGUAGES}
