"""The record of a house, a member of staff, an NGO or a provider: how many entries of each kind there are, and
what is due.
"""

from collections.abc import Iterator
from typing import Any

from shelterctl.act import redaction
from shelterctl.act.register import read_register
from shelterctl.act.register_record import open_register
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.core.manual.answer_words import show_answer
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, read_subject
from shelterctl.core.record.entries import list_entries
from shelterctl.language import LabelledCode, current_language, format_sentence
from shelterctl.session import Session, may_ask
from shelterctl.store.store import StoredFile
from shelterctl.ui_language import N_
from shelterctl.view import card, record
from shelterctl.view.on_duty import list_duties, on_duty_lines

ENTRIES_OF_TRACK = N_("{what}: {count}, the last of {on}")
NOTHING_RECORDED = N_("Nothing is recorded about {code} yet. Record something with: shelterctl add {code} TRACK")
SEE_ENTRIES = N_("See entries: shelterctl show {code} TRACK --month MONTH")


def show_register(session: Session, her: Client, held: StoredFile, *, whole: bool, names: bool) -> Outcome:
    """Return how many entries of each kind are recorded about a code, or with *whole* all of them."""
    seen = read_subject(open_register(session, held).value)
    tracks = session.rulebook.tracks_of_homes[str(her.home)]
    rows = list(_count_entries(seen, tracks))
    data: dict[str, Any] = {"id": her.id, "home": her.home, "registers": rows}
    open_ = redaction.may_show_names(session, names)
    said: FilledSentences = ((NOTHING_RECORDED, {"code": her.id}),) if not rows else ()
    if whole:
        lines = [
            line
            for track in tracks
            for line in record.entry_lines(session.rulebook, seen, track, current_language(), names=open_)
        ]
        prose: FilledSentences = tuple((card.LINE_AS_IT_IS, {"line": line}) for line in lines)
    else:
        language = current_language()
        duties = list_duties(session.rulebook, seen, session.moment) if her.home == "house" else ()
        duty = on_duty_lines([one for one in duties if not one.is_next], session.moment, language)
        told = [{"what": row["track"], "count": row["entries"], "on": row["last"] or ""} for row in rows]
        counts = (format_sentence(ENTRIES_OF_TRACK, facts, language) for facts in told)
        lines = [*_coded_lines(session, her, names=open_), *duty, *(line[:1].upper() + line[1:] for line in counts)]
        prose = tuple((card.LINE_AS_IT_IS, {"line": line}) for line in lines)
        prose = (*prose, (SEE_ENTRIES, {"code": her.id})) if rows else ()
    shown = () if session.json else (*prose, *said)
    note = redaction.names_note(session, names) if whole and rows else ()
    return Outcome(data=data, said=(*said, *note) if session.json else note, prose=shown, private=may_ask(session))


def _coded_lines(session: Session, her: Client, *, names: bool) -> Iterator[str]:
    """Yield what the register of codes says: names and other text only where they may be shown."""
    track = next(one for one in session.rulebook.registers if her.home in one.home)
    entry = read_register(session, track)[her.id]
    for name, one in track.whole.fields.items():
        if name in entry.written and one.text and (names or not redaction.may_hold_free_text(one)):
            yield f"{one.text[current_language()]}: {show_answer(one, entry.written[name], current_language())}"


def _count_entries(her: Client, tracks: tuple[Track, ...]) -> Iterator[dict[str, Any]]:
    for track in tracks:
        days = [entry.day for entry in list_entries(track, her.facts, "")]
        if days:
            last = max((day for day in days if day), default=None)
            yield {"track": LabelledCode(track.name, track.text), "entries": len(days), "last": last}
