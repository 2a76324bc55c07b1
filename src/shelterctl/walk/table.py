"""One client's file on the table: what stands at a place, and an answer saved there as soon as it is given."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from shelterctl import contract, store
from shelterctl.act.file import around, merged, save, told_of
from shelterctl.act.input import Input, shape_of_fragment
from shelterctl.core.around import Around
from shelterctl.core.finding import Finding, refused
from shelterctl.core.merging import Keys
from shelterctl.core.question import Question
from shelterctl.core.record import Client, Stay, at
from shelterctl.core.track import Track
from shelterctl.core.tree import STAYS, VERSIONS
from shelterctl.desk import Desk
from shelterctl.questionnaire import Questionnaire
from shelterctl.walk.offers import offers_of

LACKING = ("track/needs",)
"""What is said of an answer that was not given: whoever is asked one after the other comes to it."""


FIRST = "sex"
"""The first answer of all: a file begins with the one that comes behind it."""


def _is_one_answer(record: Mapping[str, Any]) -> bool:
    """Whether a file would hold nothing but the first answer."""
    return record["identity"].keys() == {FIRST} and not (record.get("stays") or record.get("referral"))


def _lies(place: str, track: Track) -> bool:
    """Whether a place of her file, in a stay or beside it, is one of a track."""
    steps = [step for step in place.split("/")[1:] if not step.isdigit()]
    way = steps[1:] if steps[:1] == [STAYS] else steps
    at = track.at.split(".") if track.at else []
    return way[: len(at)] == at


class Table:
    """A file that is being asked for; nothing is held back: what is answered is in the store.

    *house* is where a stay begins with the first answer that belongs to one; None for a client without a stay.
    """

    def __init__(self, here: Desk, id_: str | None = None) -> None:
        here.store.vault.writable()
        self.here = here
        self.id = id_
        self.record: Mapping[str, Any] = {}
        self.version: str | None = None
        self.house: str | None = None
        self.seen: set[str] = set()
        self.noted: list[Finding] = []
        self._asked: dict[str, Question] = {}
        self._client: Client | None = None
        self._held: Around | None = None
        if id_ is not None:
            self.refresh()

    def refresh(self) -> None:
        """Read the file again: someone else may have written to it."""
        if self.id is not None:
            _, held = self.here.store.to_change(self.id)
            self.record, self.version = held.value, held.version

    @property
    def client(self) -> Client:
        """The client as her file stands now; what is read off it is read once until it changes."""
        if self._client is None or self._client.facts is not self.record:
            self._client, self._held = Client(self.record), None
        return self._client

    @property
    def held(self) -> Around:
        """What stands around her today; nobody else's file is opened for it."""
        client = self.client
        if self._held is None:
            self._held = around(self.here, client, self.here.today, count=False)
        return self._held

    @property
    def stay(self) -> Stay | None:
        """Her open stay, else her last."""
        return self.client.stay if self.record else None

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questions, with what the house knows already."""
        return Questionnaire(self.here.shelf, offers_of(self.here), self.here.today)

    @property
    def keys(self) -> Keys:
        """The keys of a stay."""
        return contract.keys_of_stay(self.here.shelf)

    def question(self, path: str, **more: Any) -> Question:
        """The question for a place of her file, made once: after every answer the way is drawn anew."""
        if more:
            return self.questionnaire.of(path, **more)
        if path not in self._asked:
            self._asked[path] = self.questionnaire.of(path)
        return self._asked[path]

    def at(self, path: str) -> Any:
        """What stands at a place, in her stay if it is one of a stay."""
        inside = self.stay if path.partition(".")[0] in self.keys.stay else None
        return at(inside.facts if inside else self.record, path)

    def put(self, path: str, value: Any, *, again: bool = False) -> tuple[Finding, ...]:
        """Save one answer, None to take it away; what refuses it is returned, and then nothing is saved."""
        below = value
        for name in reversed(path.split(".")):
            below = {name: below}
        return self.merge(below, again=again)

    def merge(self, fragment: Mapping[str, Any], *, again: bool = False) -> tuple[Finding, ...]:
        """Save a fragment. The keys of a stay go into the stay on the table, or begin one in the *house*, if any.

        What is written *again* is one more entry, whatever stands there already.
        """
        own = {name: value for name, value in fragment.items() if name not in self.keys.stay}
        hers = {name: value for name, value in fragment.items() if name in self.keys.stay}
        if hers and (self.stay or self.house):
            head = {"id": self.stay.id} if self.stay else {"facility": self.house}
            own["stays"], hers = [{**head, **hers}], {}
        timed = shape_of_fragment(self.here.shelf).with_offset({**own, **hers}, self.here.store.offset)
        given = Input(timed, (), None)
        found = merged(self.here, self.record or self._blank(), given, without_stay=bool(hers), again=again)
        if refused(found.findings):
            return found.findings
        if found.merge.changed and self.id is None and _is_one_answer(found.record):
            self.record = found.record  # one key too many is no client yet: it is saved with the next answer
        elif found.merge.changed:
            save(self.here, found.record, self.version, "admit")
            self.id = str(found.record["id"])
            self.refresh()
            self._note([*found.merge.added, *found.merge.replaced])
        return ()

    def remarks(self) -> Sequence[Finding]:
        """What the last answer breaks of the rules of its own track, each told once."""
        told, self.noted = self.noted, []
        return told

    def _note(self, places: Sequence[str]) -> None:
        """Judge the tracks in which something was written just now; what is only lacking yet is no remark."""
        names = [one.name for one in self.here.shelf.ruled if any(_lies(place, one) for place in places)]
        self.noted = [one for one in told_of(self.here, self.client, names, places) if one.code not in LACKING]

    def entry(
        self, path: str, number: int | None, facts: Mapping[str, Any], *, again: bool = False
    ) -> tuple[Finding, ...]:
        """Save an entry of a list: a new one, or changed answers of the one that stands there."""
        known: Sequence[Mapping[str, Any]] = self.at(path) or ()
        id_ = {} if number is None else {"id": known[number]["id"]}
        return self.put(path, [{**id_, **facts}], again=again)

    def _blank(self) -> dict[str, Any]:
        head = {"schema": VERSIONS[-1], "id": store.new_id(), "identity": {}, "stays": []}
        return {**head, "recorded_at": self.here.at, "recorded_by": self.here.by}
