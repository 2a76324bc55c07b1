"""Ids, times and authors of invented entries; a few are struck through, changed, written twice or late."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shelterctl.act.invented.frequency import read_data
from shelterctl.core.manual.field import Fields
from shelterctl.core.manual.track import Track
from shelterctl.core.record.sameness import BEFORE_KEY, CHANGES_KEY
from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.core.values.facts import Facts

CLIENT_ENTRY_LETTERS, REGISTER_ENTRY_LETTERS = 6, 8


class InventedStamps:
    """Stamps entries by lot: the same for the same seed. *authors* are staff codes, *now* is the last moment."""

    def __init__(self, lot: Random, authors: Sequence[str], reasons: Sequence[str], offset: str, now: datetime) -> None:
        self._lot, self._authors, self._reasons = lot, authors, reasons
        self._offset, self._now = offset, now
        self._odd = read_data("house")["odd"]

    def client_id(self) -> str:
        """Return an id for a client."""
        return f"{self._letters(4)}-{self._letters(4)}"

    def entry_id(self, letters: int) -> str:
        """Return an id for an entry; it begins with a letter."""
        return self._lot.choice(ID_ALPHABET[10:]) + self._letters(letters - 1)

    def _letters(self, count: int) -> str:
        return "".join(self._lot.choices(ID_ALPHABET, k=count))

    def stamp(self, moment: datetime) -> dict[str, str]:
        """Return when an entry of *moment* was recorded, and by whom; a few are recorded days later."""
        late = self._happens("late") and timedelta(days=self._lot.randint(2, 6))
        at = moment + (late or timedelta(minutes=self._lot.randrange(5, 55)))
        return {"recorded_at": self._time(at), "recorded_by": self._lot.choice(self._authors)}

    def entries(self, track: Track, written: Facts, moment: datetime, letters: int) -> Iterator[dict[str, Any]]:
        """Yield an entry with its stamp, as it was left; a few are followed by a twin."""
        entry = {"id": self.entry_id(letters), **self._with_group_ids(track.fields, written), **self.stamp(moment)}
        if track.act is None:
            if self._happens("changed"):
                entry |= self._change(track, entry, moment)
            if self._happens("struck"):
                entry |= {"void": self._void(moment)}
        yield entry
        if track.act is None and self._happens("twins"):
            yield {**entry, "id": self.entry_id(letters)}

    def _happens(self, what: str) -> bool:
        return self._lot.randrange(100) < int(self._odd[what])

    def _with_group_ids(self, fields: Fields, written: Facts) -> dict[str, Any]:
        """Return an entry in which every group of a list has an id."""
        found = dict(written)
        for name, one in fields.items():
            if one.kind == "group" and one.several and name in found:
                found[name] = [{"id": self.entry_id(CLIENT_ENTRY_LETTERS), **each} for each in found[name]]
        return found

    def _change(self, track: Track, entry: Facts, moment: datetime) -> dict[str, Any]:
        """Return an earlier value of one of the entry's texts, with the time of the change."""
        texts = [name for name, one in track.fields.items() if one.kind == "text" and isinstance(entry.get(name), str)]
        if not texts or track.identifying_fields:
            return {}
        before = {self._lot.choice(texts): self._lot.choice(read_data("house")["texts"])}
        return {CHANGES_KEY: [{**self._by_whom(moment), BEFORE_KEY: before}]}

    def _by_whom(self, moment: datetime) -> dict[str, str]:
        at = moment + timedelta(hours=self._lot.randint(2, 30))
        return {"at": self._time(at), "by": self._lot.choice(self._authors)}

    def _void(self, moment: datetime) -> dict[str, str]:
        said = self._by_whom(moment)
        return {"on": said["at"][: len("2026-12-01")], "by": said["by"], "reason": self._lot.choice(self._reasons)}

    def _time(self, at: datetime) -> str:
        return f"{min(at, self._now):%Y-%m-%dT%H:%M}{self._offset}"
