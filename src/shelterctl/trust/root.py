"""Statements made: a store founded or taken over, a device admitted or shut out, a paper that signs."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from shelterctl.identity import Identity
from shelterctl.trust.chain import followed
from shelterctl.trust.fork import Tree
from shelterctl.trust.state import Chain
from shelterctl.trust.statement import Said, Signer, Statement, written

ALL = ("write", "trust")


def founded(
    store: str, key: Identity, staff: str, paper: Identity | str, at: str, adopts: Mapping[str, Any] | None = None
) -> Chain:
    """The chain of a new store: its device and its paper, both of which sign the root.

    *paper* is only its recipient where the paper is not at hand: then it has not signed yet. *adopts* is the journal
    of 0.1.0 that is taken over: device, lines, sha256, and whether this computer remembered it.
    """
    signs = isinstance(paper, Identity)
    said: Said = {
        "v": 1, "kind": "root", "at": at, "by": staff, "store": store, "device": _named(key, staff),
        "recovery": {"age": paper.recipient, "sign": paper.signing_public} if isinstance(paper, Identity)
        else {"age": paper, "sign": None},
        **({"adopts": dict(adopts)} if adopts else {}),
    }  # fmt: skip
    return followed(written(said, [key, paper] if signs else [key]).line + b"\n", 0)  # type: ignore[list-item]


def admitted(chain: Chain, device: Identity, staff: str, by: str, at: str, authority: Signer) -> Chain:
    """The chain with one more device, which signs its own admission."""
    said = _next(chain, "device", by, at) | {"device": _named(device, staff)}
    return _with(chain, written(said, [authority, device]))


def shut_out(
    chain: Chain, device: str, journal: tuple[int, str], why: str, by: str, at: str, authority: Signer
) -> Chain:
    """The chain without that device: of its journal only these lines count, by number and sha256."""
    lines, sha256 = journal
    said = _next(chain, "end", by, at) | {"device": device, "lines": lines, "sha256": sha256, "why": why}
    return _with(chain, written(said, [authority]))


def accepted(chain: Chain, paper: Identity, by: str, at: str, authority: Signer) -> Chain:
    """The chain with the signature of its paper, which was not at hand when it began."""
    return _with(chain, written(_next(chain, "accept", by, at) | {"recovery": _paper(paper)}, [authority, paper]))


def replaced(chain: Chain, paper: Identity, by: str, at: str, authority: Signer) -> Chain:
    """The chain with another paper in the place of its own."""
    return _with(chain, written(_next(chain, "recovery", by, at) | {"recovery": _paper(paper)}, [authority, paper]))


def settled(tree: Tree, keep: Collection[str], papers: Sequence[Identity], by: str, at: str) -> Chain:
    """The chain that the paper makes of one that went apart: of the devices in dispute those in *keep* stay.

    Every paper that is in force in one of the branches signs; the first of *papers* is the paper from now on. Raises
    Damaged where they may not.
    """
    lines = b"".join(statement.line + b"\n" for statement in tree.statements.values())
    said: Said = {
        "v": 1, "kind": "settle", "root": next(iter(tree.statements)), "prev": sorted(tree.tips), "at": at, "by": by,
        "keep": sorted(keep), "recovery": _paper(papers[0]),
    }  # fmt: skip
    return followed(lines + written(said, papers).line + b"\n", len(tree.statements))


def _next(chain: Chain, kind: str, by: str, at: str) -> Said:
    return {"v": 1, "kind": kind, "root": chain.root, "prev": [chain.digests[-1]], "at": at, "by": by}


def _with(chain: Chain, statement: Statement) -> Chain:
    """The longer chain, read as everybody will read it: what would not be believed is never written."""
    return followed(chain.lines + statement.line + b"\n", len(chain.digests))


def _named(key: Identity, staff: str, may: Sequence[str] = ALL) -> Said:
    return {
        "code": key.device, "staff": staff, "age": key.recipient, "sign": key.signing_public, "may": list(may),
    }  # fmt: skip


def _paper(paper: Identity) -> Said:
    return {"age": paper.recipient, "sign": paper.signing_public}
