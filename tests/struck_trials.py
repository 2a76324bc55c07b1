"""Trials of commands: struck at a call, looked at from outside, and given again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from conftest import TODAY
from faults import Strike, kill
from passphrases import NEW, OLD
from struck import ACTS
from struck_here import ENDS, FULL, KILLED, KILLS, Here, Struck, fresh, left, state
from struck_works import WORKS, stages

from shelterctl.identity.key_file import load_identity

ADD: Final = "staff add s-nina --role psychologist"
"""What is written next, and can be written into any store."""


class Trials:
    """Runs of one work on copies of one store, and what was seen."""

    def __init__(self, folder: Path, title: str) -> None:
        self.title, self.kept, self.copy = title, folder / "kept", folder / "copy"
        self.bad: list[str] = []
        self.seen: Counter[str] = Counter()

    def run(self, at: int, strike: Strike, lasting: bool) -> Sequence[str]:
        """One run in which the *at*-th call goes wrong; the calls that it made, unless it was killed."""
        fresh(self.kept, self.copy)
        struck = self.struck(at, strike, lasting)
        how = "killed" if struck.code == KILLED else f"{struck.code} {struck.error}".strip()
        self.seen[how] += 1
        said = struck.out + struck.err
        complaints = [] if struck.code in ENDS else [f"ended with {struck.code}: {struck.err[-200:]}"]
        complaints += ["a traceback"] * ("Traceback" in said) + ["names a folder"] * (str(self.copy) in struck.err)
        try:
            complaints += self.aftermath(struck, lasting)
        except AssertionError as trouble:
            complaints.append(f"and then: {trouble}"[:300])
        how = f"{self.title} {getattr(strike, '__name__', 'full')}{' for good' * lasting} at {at} ({how})"
        self.bad += [f"{how}: {complaint}" for complaint in complaints]
        return struck.calls

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        """The command in a fork in which that call goes wrong."""
        raise NotImplementedError

    def aftermath(self, struck: Struck, lasting: bool) -> Iterable[str]:
        """What is wrong with what is there afterwards, and with what can be done next."""
        raise NotImplementedError

    def killed(self, seen: set[tuple[str, ...]], first: int, step: int) -> None:
        """Killed at every *step*-th call from the *first* on; half-way through writes too, if nothing was so far that
        makes the same calls."""
        calls = tuple(self.run(0, kill, False))
        for strike, lasting in KILLS[: None if step > 1 or calls not in seen else 1]:
            for at in range(first, 1 + len(calls), step):
                if strike is kill or calls[at - 1] == "write":
                    self.run(at, strike, lasting)
        seen.add(calls)

    def filled(self, seen: set[tuple[str, ...]], first: int, step: int) -> None:
        """No room at any call, each time in another way; where the same calls were made before, at some."""
        calls = tuple(self.run(0, *FULL[0]))
        step = step if step > 1 else 6 if calls in seen else 1
        for number, at in enumerate(range(1 + first % step, 1 + len(calls), step)):
            self.run(at, *FULL[(first + number) % len(FULL)])
        seen.add(calls)


class OfWork(Trials):
    """All of it has happened, or nothing; what was acknowledged has."""

    def __init__(self, folder: Path, title: str, begun: dict[str, Any]) -> None:
        super().__init__(folder, title)
        self.work = work = WORKS[title]
        fresh(begun[work.stage].folder, self.kept)
        desk = Here(self.kept, begun[work.stage].her)
        self.names = {"her": desk.her}
        for words, given in work.before:
            done = desk.do(words.format(**self.names), given).data
            self.names |= {"entry": str(done.get("entry")), "made": str(done.get("id"))}
        if work.made:
            work.made(desk)
        if "{number}" in work.words:
            self.names["number"] = str(desk.ask("check").data["sheet"]["number"])
        if "{words}" in work.words:
            self.names["words"] = desk.ask("trust").data["sheet"]["words"]
        if "{other}" in work.words:
            self.names["other"] = str(load_identity(desk.folder / "other", None).device)
        if "{own}" in work.words:
            self.names["own"] = str(load_identity(desk.key, None).device)
        if "{sum}" in work.words:
            (waiting,) = desk.do("repair journal --names").data["repaired"]["waiting"]
            self.names |= {"file": waiting["place"], "sum": waiting["sha256"]}
        self.words = work.words.format(**self.names)
        self.given = work.given
        if isinstance(self.given, dict):
            self.given = {key: said.format(**self.names) if said == "{entry}" else said for key, said in
                          self.given.items()}  # fmt: skip
        self.old = self._state(self.kept)
        fresh(self.kept, self.copy)
        self.desk = Here(self.copy, desk.her)
        struck = self.struck(0, kill, False)
        assert struck.code == 0, (title, struck.out, struck.err)
        self.new = self._state(self.copy)
        assert self.new != self.old, title

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        """The command, with its passphrases."""
        self.desk.secrets = self.work.secrets
        return self.desk.struck(self.words, self.given, at, strike, lasting, self.work.today)

    def _state(self, folder: Path) -> str:
        desk = Here(folder, self.names["her"])
        return f"{self.work.look(desk)}\n{state(desk)}"

    def aftermath(self, struck: Struck, lasting: bool) -> Iterator[str]:
        """As promised: old or new, whole; what was said to be done is; the next command works, and clears up."""
        desk, work = self.desk, self.work
        refused = struck.code not in (0, KILLED)
        if refused and not lasting:
            yield from (f"left by an error: {name}" for name in left(self.copy))
        if work.secrets:
            desk.secrets = {"--passphrase-fd": NEW if work.look(desk) == NEW else OLD}
        check = desk.ask("check", today=work.today)
        if check.code not in work.checks:
            yield f"check: {check.code} {check.error} {check.codes()}"
        there = self._state(self.copy)
        if there not in (self.old, self.new) and not work.finishes:
            yield f"neither the old nor the new: {_difference(there, self.old, self.new)}"
        if struck.code == 0 and there != self.new:
            yield "what was saved is lost"
        if refused and not lasting and there != self.old and not work.finishes:
            yield "refused, and yet there is something new"
        yield from self._next(there)
        yield from (f"left: {name}" for name in left(self.copy))

    def _next(self, there: str) -> Iterator[str]:
        """What is wrong with the next command, which is the same one if it did not happen; it clears up too."""
        desk, work = self.desk, self.work
        if there == self.new:
            written = desk.ask(ADD, today=TODAY)
        else:
            desk.secrets = work.secrets
            written = desk.ask(self.words, self.given, today=work.today)
            if written.code == 0 and self._state(self.copy) != self.new:
                yield "given again, it is not what it was to be"
        if work.accepts and written.error == "trust/new-device":
            desk.do("trust --accept")
            written = desk.ask(ADD, today=TODAY)
        if written.code:
            yield f"the next command: {written.code} {written.error}"
        if left(self.copy):  # what the computer remembers is written anew with the store, not with what changed nothing
            desk.secrets = {"--passphrase-fd": NEW} if work.secrets else {}
            desk.do(ADD)
            if work.finishes:
                desk.ask(self.words, self.given, today=work.today)


class OfAct(Trials):
    """Something between may be there; the same words finish it."""

    def __init__(self, folder: Path, title: str) -> None:
        super().__init__(folder, title)
        self.act = ACTS[title]
        self.her = self.act.before(self.kept).her
        self.words = self.act.words.format(her=self.her)

    @property
    def desk(self) -> Here:
        return Here(self.copy, self.her)

    def struck(self, at: int, strike: Strike, lasting: bool) -> Struck:
        return self.desk.struck(self.words, None, at, strike, lasting, TODAY)

    def aftermath(self, struck: Struck, lasting: bool) -> Iterator[str]:
        """As promised: the same words again, and it is as if nothing had been in the way."""
        second = self.desk.ask(self.words)
        error = Struck(second.code, second.out, second.err, ()).error
        if second.code and error not in self.act.again:
            yield f"again: {second.code} {error}"
            return
        if struck.code == 0 and second.code == 0 and "init/exists" in self.act.again:
            yield "what was said to be done is done once more"
        yield from self.act.after(self.desk)


def tried(folder: Path, titles: Sequence[str], how: str) -> dict[str, Any]:
    """What was seen of these works, one after the other, killed or with a full disk."""
    (folder / "begun").mkdir()
    begun = stages(folder / "begun") if set(titles) & set(WORKS) else {}
    bad: list[str] = []
    ends: Counter[str] = Counter()
    seen: set[tuple[str, ...]] = set()
    for number, title in enumerate(titles):
        place = folder / str(number)
        place.mkdir()
        each: Trials = OfWork(place, title, begun) if title in WORKS else OfAct(place, title)
        if how == "killed":
            each.killed(seen, *((1, 1) if title in WORKS else (1 + number % 4, 4)))
        else:
            each.filled(seen, number, 1 if title in WORKS else 8)
        bad += each.bad
        for end, times in each.seen.items():
            ends[end.split()[0]] += times
    return {"bad": bad, "ends": ends}


def _difference(there: str, *others: str) -> str:
    """The first line in which it differs from each; invented people only."""
    lines = [set(other.split("\n")) for other in others]
    return " | ".join(next((line for line in there.split("\n") if line not in other), "") for other in lines)[:300]
