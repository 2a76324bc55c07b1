"""A list of who may read and write that parted, brought together by the recovery paper."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from shelterctl import errors, machine
from shelterctl.act.backups import backups_at
from shelterctl.act.device import NOT_THE_PAPER
from shelterctl.desk import Desk, now_at
from shelterctl.identity import Identity
from shelterctl.language import N_
from shelterctl.store import TRUST
from shelterctl.trust import (
    APART,
    Branch,
    Chain,
    Memory,
    Tree,
    apart,
    disputed,
    followed,
    joined,
    settled,
    traced,
    undone,
    verdict,
)
from shelterctl.trust.standing import read_chain
from shelterctl.vault.change import changed_meanwhile
from shelterctl.vault.lock import held

NOT_PARTED = N_(
    "The list of who may read and write has not parted, as far as it is known here: nothing is to be settled."
)
NAME_COPY = N_("If another computer has another list, name its copy of the store: --from BACKUP")
BOTH_PAPERS = N_("One of the two lists has another recovery paper than the other, and both papers have to sign.")
OWN_LIST = N_(
    "Name both, first the one that is the paper from now on: --recovery FILE --recovery FILE. Where one of them is in "
    "a stranger's hands, put this computer's own list back instead: shelterctl repair --trust"
)
MOST = 8
"""The number of lists that one statement may join."""


class Parted(NamedTuple):
    """A list with its branches, and how it lies in the store just now."""

    tree: Tree
    lies: bytes
    branches: Sequence[Branch]
    disputed: tuple[str, ...]
    """The devices over which the branches disagree."""

    @property
    def papers(self) -> set[str | None]:
        """The papers that have to sign, by their keys."""
        return {branch.state.paper[1] for branch in self.branches}

    def staff(self, device: str) -> str:
        """To whom a device is bound."""
        return next(branch.state.devices[device].staff for branch in self.branches if device in branch.state.devices)


class Settled(NamedTuple):
    """A settlement by the paper, not yet written: the chain, who is out by it, and what has no effect by it."""

    chain: Chain
    out: tuple[str, ...]
    undone: tuple[str, ...]
    paper: bool
    """Whether one of two papers counts for nothing from now on."""


def parted(here: Desk, folder: Path | None) -> Parted:
    """The list of the store with all that went on from it: here, in what this computer remembers, and in a copy.

    Raises NotFound where nothing parted, Damaged where what lies here is no list or where one key is used twice.
    """
    lies = read_chain(here.root)
    if lies is None:
        raise verdict.lost()
    tree = traced(lies, 0)
    memory = Memory(here.heads, next(iter(tree.statements)), here.key)
    known = memory.recall()
    others = [memory.chain(known)] if known else []
    tree = traced(joined([lies, *others, *(_copies(folder, lies) if folder else ())]), 0)
    if not any(_mine(state, here.key) for state in tree.states.values()):
        raise verdict.stranger()
    if len(tree.tips) > 1 and ((trouble := apart(tree)).code != APART[0] or len(tree.tips) > MOST):
        raise trouble
    branches = tree.branches()
    return Parted(tree, lies, branches, disputed(branches))


def agreed(lists: Parted, papers: Sequence[Identity]) -> None:
    """Raise CannotOpen where these are not just the papers that have to sign."""
    given = {paper.signing_public for paper in papers}
    if given - lists.papers:
        raise errors.CannotOpen("check/another-key", NOT_THE_PAPER)
    if lists.papers - given:
        raise errors.CannotOpen("repair/both-papers", BOTH_PAPERS, hint=OWN_LIST)


def proposed(here: Desk, lists: Parted, keep: Collection[str], papers: Sequence[Identity]) -> Settled:
    """The settlement by which just these of the devices in dispute stay."""
    state = next(state for state in lists.tree.states.values() if _mine(state, here.key))
    founded = next(iter(lists.tree.statements.values()))
    at = now_at(str(founded.said["at"])[-6:]).isoformat(timespec="minutes")
    chain = settled(lists.tree, keep, papers, state.devices[str(here.key.device)].staff, at)
    gone, paper = undone(lists.branches, chain)
    return Settled(chain, tuple(code for code in lists.disputed if code not in keep), gone, paper)


def settle(here: Desk, lists: Parted, chain: Chain) -> None:
    """Write the list that the paper made one again, which this computer notes before. Raises Conflict, Disk.

    What lies here is gone on from, so that whoever remembers it finds all of it.
    """
    memory, place = Memory(here.heads, chain.root, here.key), here.root / TRUST
    with held(here.root):
        if read_chain(here.root) != lists.lies:
            raise changed_meanwhile(TRUST)
        with machine.disk(TRUST):
            memory.expect(chain)
            machine.cut(place, len(lists.lies))
            machine.append(place, chain.lines[len(lists.lies) :])
        if memory.recall():
            memory.keep(chain, {})


def settled_already(lists: Parted) -> Chain:
    """The chain that the paper made one again: whoever was interrupted behind that gives the same words once more.

    What is news to this computer stays news: a person looks at it.
    Raises NotFound where the list never parted, Damaged where an older one lies here than this computer remembers.
    """
    if lists.lies.count(b"\n") < len(lists.tree.statements):
        raise verdict.older_list()
    chain = followed(lists.lies, 0)
    if [*lists.tree.statements.values()][-1].kind != "settle":
        raise errors.NotFound("repair/not-parted", NOT_PARTED, hint=NAME_COPY)
    return chain


def _copies(folder: Path, lies: bytes) -> Iterator[bytes]:
    """The lists of other copies of the store there, as far as each is one."""
    for copy in backups_at(folder):
        with suppress(errors.ShelterError):
            lines = read_chain(copy) or b""
            if lines.partition(b"\n")[0] == lies.partition(b"\n")[0] and traced(lines, 0):
                yield lines


def _mine(state: Chain, key: Identity) -> bool:
    """Whether the key signed into the list by then."""
    device = state.devices.get(str(key.device))
    return device is not None and (device.sign, device.age) == (key.signing_public, key.recipient)
