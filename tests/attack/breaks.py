"""How each check of the program is broken: in one place, in one process, for one command."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from pytest import MonkeyPatch  # noqa: PT013  (a type, on every line)

from shelterctl import bound, identity, machine
from shelterctl.act import comparison
from shelterctl.cli import check
from shelterctl.journal import book, claims, merging, strand, strands
from shelterctl.journal import line as lines
from shelterctl.journal.line import _signed_part
from shelterctl.machine import reading
from shelterctl.store import clock, old, opening
from shelterctl.store import seal as sealed
from shelterctl.trust import Chain, chain, fork, memory, standing, statement
from shelterctl.trust.statement import PURPOSE, Statement
from shelterctl.vault import header, protocol
from shelterctl.vault.block import Place, Revision, hold

Break = Callable[[MonkeyPatch], None]


class Like(str):
    """A text that is like every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class Many(int):
    """A number that is like every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = int.__hash__


class Everything(set[str]):
    """What holds whatever is asked for."""

    def __rand__(self, other: Any) -> Any:
        return set(other)

    def __contains__(self, one: object) -> bool:
        return True


class Whatever(dict[str, int]):
    """A mapping in which everything stands first."""

    def __contains__(self, one: object) -> bool:
        return True

    def __missing__(self, one: str) -> int:
        return 0


def put(module: Any, name: str, value: Any) -> Break:
    return lambda patch: patch.setattr(module, name, value)


def nothing(module: Any, name: str) -> Break:
    """Something that checks, made to say nothing."""
    return put(module, name, lambda *_, **__: None)


def sealed_anew_alone(ends: Sequence[merging.Spoken], _: object) -> list[merging.Spoken]:
    """Of two that went on from one version the one that says it only sealed the file anew."""
    return [line for line in ends if line.said["did"] == "rekey"]


def read_as(change: Callable[[Statement, dict[str, Any]], Statement]) -> Break:
    """Statements read otherwise than they lie; what was read before is noted for the next one."""

    def breaks(patch: MonkeyPatch) -> None:
        real, seen = statement.read, dict[str, Any]()

        def read(line: bytes, *, first: bool) -> Statement:
            if first:
                seen.clear()
            found = change(real(line, first=first), seen)
            seen["root"], seen["last"] = seen.get("root", found.digest), found.digest
            return found

        patch.setattr(chain, "read", read)

    return breaks


def of_our_root(found: Statement, seen: dict[str, Any]) -> Statement:
    return replace(found, said={**found.said, "root": seen["root"]}) if seen else found


def behind_the_last(found: Statement, seen: dict[str, Any]) -> Statement:
    return replace(found, said={**found.said, "prev": [seen["last"]]}) if seen else found


def _agreed_to(found: Statement, seen: dict[str, Any]) -> Statement:
    """As if whoever is named had signed."""
    about = found.said.get("device" if found.kind == "device" else "recovery")
    if found.kind == "root" or not isinstance(about, dict) or about["sign"] in found.signatures:
        return found
    return replace(found, signatures={**found.signatures, about["sign"]: ""})


def unagreed(patch: MonkeyPatch) -> None:
    real = Statement.signed
    read_as(_agreed_to)(patch)

    def signed(one: Statement) -> bool:
        return real(replace(one, signatures={key: said for key, said in one.signatures.items() if said}))

    patch.setattr(Statement, "signed", signed)


def without_bystanders(found: Statement, seen: dict[str, Any]) -> Statement:
    about = found.said.get("device")
    known = seen.setdefault("keys", set())
    if isinstance(about, dict):
        known.add(about["sign"])
    if found.kind == "root":
        known.add(found.said["recovery"]["sign"])
    return replace(found, signatures={key: said for key, said in found.signatures.items() if key in known})


def as_it_lies(patch: MonkeyPatch) -> None:
    real = statement.read

    def read(line: bytes, *, first: bool) -> Statement:
        patch.setattr(statement, "_bytes", lambda said: line)
        return real(line, first=first)

    patch.setattr(chain, "read", read)


def for_any_purpose(patch: MonkeyPatch) -> None:
    """A signature that was made for a line of a journal is one of a statement."""

    def verified(key: str, signed: str, data: bytes) -> bool:
        payload = data.removeprefix(PURPOSE)
        root = payload.partition(b'"root":"')[2][:64]
        as_line = b"shelterctl journal/2 %s\n%s" % (root, payload)
        return identity.verified(key, signed, data) or identity.verified(key, signed, as_line)

    patch.setattr(statement, "verified", verified)


def line_signed_for(part: Callable[[bytes], bytes]) -> Break:
    """A line counts that was signed for something else."""

    def breaks(patch: MonkeyPatch) -> None:
        def signed(line: bytes, key: str, root: str) -> bool:
            payload, _, found = line.rpartition(b',"sig":"')
            said, mark = payload + b"}", found.removesuffix(b'"}')
            return any(identity.verified(key, mark, data) for data in (_signed_part(said, root), part(said)))

        patch.setattr(strand, "signed", signed)
        patch.setattr(strands, "signed", signed)

    return breaks


def loosely_spelt(patch: MonkeyPatch) -> None:
    """Base64 read as Python reads it."""
    from base64 import b64decode

    from cryptography.exceptions import InvalidSignature

    from shelterctl.identity import signature

    def verified(key: str, signed: str | bytes, data: bytes) -> bool:
        try:
            signature._public(key).verify(b64decode(signed, validate=True), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    for module in (statement, lines):
        patch.setattr(module, "verified", verified)


def keys_of_any_spelling(patch: MonkeyPatch) -> None:
    patch.setitem(cast(dict[str, Any], statement.KINDS), "device", {"device": lambda value: True})
    patch.setattr(statement, "_SIGN", lambda value: True)


def agreed_once(patch: MonkeyPatch) -> None:
    """A paper is believed that ever signed, also when another one has taken its place."""
    real = standing._as_paper

    def as_paper(found: Chain, key: identity.Identity, compared: bool) -> None:
        if key.signing_public not in found.agreed:
            real(found, key, compared)

    patch.setattr(standing, "_as_paper", as_paper)


def every_paper_signed(patch: MonkeyPatch) -> None:
    """What makes one list of several is taken for signed by each paper that is in force in one of them."""
    real = fork.settled

    def settled(tree: fork.Tree, found: Statement, number: int) -> Chain | None:
        papers = {str(branch.state.paper[1]): "" for branch in tree.branches(*found.said["prev"])}
        return real(tree, replace(found, signatures=papers), number)

    patch.setattr(chain, "settled", settled)


def unknown_statements(patch: MonkeyPatch) -> None:
    """Lines under a statement that is not there."""

    class Readers(dict[str, Any]):
        def __contains__(self, one: object) -> bool:
            return True

    real = chain.followed
    loose = lambda lines, known: replace(one := real(lines, known), readers=Readers(one.readers))  # noqa: E731
    patch.setattr(standing, "followed", loose)
    patch.setattr(opening, "followed", loose)


def unmarked(patch: MonkeyPatch) -> None:
    real = memory._recalled
    patch.setattr(memory, "_recalled", lambda path, key: real(path, None))


def copy_not_held_against_the_note(patch: MonkeyPatch) -> None:
    """The list that lies beside the note of a device taken for the one that the note speaks of."""
    real = memory._settled

    def settled(known: memory.Remembered, seen: bytes, lines: bytes) -> memory.Remembered:
        noted = replace(known, trust=(seen.count(b"\n"), memory.sha256_of(seen, seen.count(b"\n"))))
        return real(noted, seen, lines)

    patch.setattr(memory, "_settled", settled)


def one_of_two_lists(patch: MonkeyPatch) -> None:
    """Of a list that parted the one whose statement lies last."""
    real = chain.traced

    def traced(lines: bytes, known: int) -> fork.Tree:
        tree = real(lines, known)
        tree.tips = dict.fromkeys([[*tree.statements][-1]])
        return tree

    patch.setattr(chain, "traced", traced)


def all_held(patch: MonkeyPatch) -> None:
    """What an older version noted taken for held to be lines."""
    real = memory._recalled
    patch.setattr(memory, "_recalled", lambda path, key: (found := real(path, key)) and replace(found, held=True))


def any_number_of_keys(patch: MonkeyPatch) -> None:
    real = header.header_of
    patch.setattr(protocol, "header_of", lambda data, name: real(data, name)._replace(keys=Many(1)))


def any_kind_of_key(patch: MonkeyPatch) -> None:
    real = header.header_of

    def header_of(data: bytes, name: str) -> header.Header:
        found = real(data, name)
        return found._replace(keys=found.keys + found.others, others=0)

    patch.setattr(protocol, "header_of", header_of)


def no_number_needed(patch: MonkeyPatch) -> None:
    """A sealed block without a number is let through, whatever the file counts."""

    def held(said: Revision, marker: int | None, place: Place) -> None:
        if said.number is not None:
            hold(said, marker, place)

    patch.setattr(sealed, "hold", held)


def large_headers(patch: MonkeyPatch) -> None:
    patch.setattr(bound, "STANZAS", 1 << 20)
    patch.setattr(bound, "HEADER", 1 << 20)


def no_number(patch: MonkeyPatch) -> None:
    real = comparison.compared
    from shelterctl.act import copy, recovery
    from shelterctl.cli import check

    for module in (copy, recovery, check):
        patch.setattr(module, "compared", lambda journal, number, words: real(journal, None, words))


def links_followed(patch: MonkeyPatch) -> None:
    patch.setattr(reading, "PLAIN", reading.PLAIN & ~reading._NO_FOLLOW)


def strangers_of_old(patch: MonkeyPatch) -> None:
    real = reading.names_in

    def names(folder: Path) -> list[str]:
        return [] if folder.name == "journal" else real(folder)

    patch.setattr(old, "machine", SimpleNamespace(**{**vars(machine), "names_in": names}))


def said_by_itself(patch: MonkeyPatch) -> None:
    """What a device signs of its own journal counts like the word of another one."""
    real = strands.Strands._acknowledged

    def known(self: strands.Strands, device: str, what: bytes = claims.SEEN) -> set[claims.Mend]:
        own, chain_ = self._lying(device).lines, self._chain
        return real(self, device, what) | claims.acknowledged(own, chain_.devices[device], chain_.root, device, what)

    patch.setattr(strands.Strands, "_acknowledged", known)


def acknowledged(patch: MonkeyPatch) -> None:
    real = book.Journal.adopt
    patch.setattr(book.Journal, "adopt", lambda self, acknowledged=None: real(self))


def adopted_unseen(found: strand.Strand, device: str, chain_: Chain, mended: Mapping[int, str]) -> int:
    adopts = chain_.adopts
    lines = adopts["lines"] if adopts and adopts["device"] == device else 0
    return len(b"".join(found.lines.splitlines(keepends=True)[:lines]))


def dumps(value: object, indent: int | None = None) -> str:
    """A page with every letter as it is."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def clock_not_asked(patch: MonkeyPatch) -> None:
    for module in (clock, check):
        patch.setattr(module, "wrong_clock", lambda *_: None)
