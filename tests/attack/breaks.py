"""How each check of the program is broken: in one place, in one process, for one command."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from shelterctl import limits
from shelterctl.cli import check
from shelterctl.custody import check as custody_check
from shelterctl.custody import recovery, restore
from shelterctl.identity.keys import Identity, is_valid_signature
from shelterctl.journal import claims, device_log, device_logs, file_heads, store_journal
from shelterctl.journal import line as lines
from shelterctl.journal.line import _signed_bytes
from shelterctl.journal.store_journal import Journal
from shelterctl.platform import reading
from shelterctl.prompts import check as remembering
from shelterctl.store import attribution, opening
from shelterctl.store import sealed_entries as sealed
from shelterctl.trust import chain, chain_state, key_standing, memory, statement
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.statement import STATEMENT_PURPOSE, Statement
from shelterctl.vault import paths, protocol, sealed_bytes
from shelterctl.vault.sealed_bytes import BlockPlace, BlockRevision, check_revision

Break = Callable[[pytest.MonkeyPatch], None]


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


def sealed_anew_alone(ends: Sequence[file_heads.FileLine], _: object) -> list[file_heads.FileLine]:
    """Of two that went on from one version the one that says it only sealed the file anew."""
    return [line for line in ends if line.fields["did"] == "rekey"]


def read_as(change: Callable[[Statement, dict[str, Any]], Statement]) -> Break:
    """Statements read otherwise than they lie; what was read before is noted for the next one."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        real, seen = statement.parse_statement, dict[str, Any]()

        def read(line: bytes, *, first: bool) -> Statement:
            if first:
                seen.clear()
            found = change(real(line, first=first), seen)
            seen["root"], seen["last"] = seen.get("root", found.digest), found.digest
            return found

        patch.setattr(chain, "parse_statement", read)

    return breaks


def of_our_root(found: Statement, seen: dict[str, Any]) -> Statement:
    return replace(found, fields={**found.fields, "root": seen["root"]}) if seen else found


def behind_the_last(found: Statement, seen: dict[str, Any]) -> Statement:
    return replace(found, fields={**found.fields, "prev": [seen["last"]]}) if seen else found


def _agreed_to(found: Statement, seen: dict[str, Any]) -> Statement:
    """As if whoever is named had signed."""
    about = found.fields.get("device" if found.kind == "device" else "recovery")
    if found.kind == "root" or not isinstance(about, dict) or about["sign"] in found.signatures:
        return found
    return replace(found, signatures={**found.signatures, about["sign"]: ""})


def unagreed(patch: pytest.MonkeyPatch) -> None:
    real = Statement.has_valid_signatures
    read_as(_agreed_to)(patch)

    def signed(one: Statement) -> bool:
        return real(replace(one, signatures={key: said for key, said in one.signatures.items() if said}))

    patch.setattr(Statement, "has_valid_signatures", signed)


def without_bystanders(found: Statement, seen: dict[str, Any]) -> Statement:
    about = found.fields.get("device")
    known = seen.setdefault("keys", set())
    if isinstance(about, dict):
        known.add(about["sign"])
    if found.kind == "root":
        known.add(found.fields["recovery"]["sign"])
    return replace(found, signatures={key: said for key, said in found.signatures.items() if key in known})


def as_it_lies(patch: pytest.MonkeyPatch) -> None:
    real = statement.parse_statement

    def read(line: bytes, *, first: bool) -> Statement:
        patch.setattr(statement, "_write_canonical_json", lambda said: line)
        return real(line, first=first)

    patch.setattr(chain, "parse_statement", read)


def for_any_purpose(patch: pytest.MonkeyPatch) -> None:
    """A signature that was made for a line of a journal is one of a statement."""

    def verified(key: str, signed: str, data: bytes) -> bool:
        payload = data.removeprefix(STATEMENT_PURPOSE)
        root = payload.partition(b'"root":"')[2][:64]
        as_line = b"shelterctl journal/2 %s\n%s" % (root, payload)
        return is_valid_signature(key, signed, data) or is_valid_signature(key, signed, as_line)

    patch.setattr(statement, "is_valid_signature", verified)


def line_signed_for(part: Callable[[bytes], bytes]) -> Break:
    """A line counts that was signed for something else."""

    def breaks(patch: pytest.MonkeyPatch) -> None:
        def signed(line: bytes, key: str, root: str) -> bool:
            payload, _, found = line.rpartition(b',"sig":"')
            said, mark = payload + b"}", found.removesuffix(b'"}')
            return any(is_valid_signature(key, mark, data) for data in (_signed_bytes(said, root), part(said)))

        patch.setattr(device_log, "is_line_signed", signed)
        patch.setattr(device_logs, "is_line_signed", signed)

    return breaks


def loosely_spelt(patch: pytest.MonkeyPatch) -> None:
    """Base64 read as Python reads it."""
    from base64 import b64decode

    from cryptography.exceptions import InvalidSignature

    from shelterctl.identity import keys

    def verified(key: str, signed: str | bytes, data: bytes) -> bool:
        try:
            keys._public_key(key).verify(b64decode(signed, validate=True), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    for module in (statement, lines):
        patch.setattr(module, "is_valid_signature", verified)


def keys_of_any_spelling(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(cast(dict[str, Any], statement.STATEMENT_KINDS), "device", {"device": lambda value: True})
    patch.setattr(statement, "_SIGN", lambda value: True)


def agreed_once(patch: pytest.MonkeyPatch) -> None:
    """A paper is believed that ever signed, also when another one has taken its place."""
    real = key_standing._check_paper

    def as_paper(found: Chain, key: Identity, compared: bool) -> None:
        if key.signing_public not in found.signed_keys:
            real(found, key, compared)

    patch.setattr(key_standing, "_check_paper", as_paper)


def every_paper_signed(patch: pytest.MonkeyPatch) -> None:
    """What makes one list of several is taken for signed by each paper that is in force in one of them."""
    real = chain_state.settle_branches

    def settled(tree: chain_state.StatementTree, found: Statement, number: int) -> Chain | None:
        papers = {str(branch.state.paper[1]): "" for branch in tree.branches(*found.fields["prev"])}
        return real(tree, replace(found, signatures=papers), number)

    patch.setattr(chain, "settle_branches", settled)


def unknown_statements(patch: pytest.MonkeyPatch) -> None:
    """Lines under a statement that is not there."""

    class Readers(dict[str, Any]):
        def __contains__(self, one: object) -> bool:
            return True

    real = chain.verify_chain
    loose = lambda lines, known: replace(one := real(lines, known), readers=Readers(one.readers))  # noqa: E731
    patch.setattr(key_standing, "verify_chain", loose)
    patch.setattr(opening, "verify_chain", loose)


def unmarked(patch: pytest.MonkeyPatch) -> None:
    real = memory._read_note
    patch.setattr(memory, "_read_note", lambda path, key: real(path, None))


def copy_not_held_against_the_note(patch: pytest.MonkeyPatch) -> None:
    """The list that lies beside the note of a device taken for the one that the note speaks of."""
    real = memory._cut_to_shared

    def settled(known: memory.RememberedState, seen: bytes, lines: bytes) -> memory.RememberedState:
        noted = replace(known, trust=(seen.count(b"\n"), chain_state.hash_lines(seen, seen.count(b"\n"))))
        return real(noted, seen, lines)

    patch.setattr(memory, "_cut_to_shared", settled)


def one_of_two_lists(patch: pytest.MonkeyPatch) -> None:
    """Of a list that parted the one whose statement lies last."""
    real = chain.build_statement_tree

    def traced(lines: bytes, known: int) -> chain_state.StatementTree:
        tree = real(lines, known)
        tree.tips = dict.fromkeys([[*tree.statements][-1]])
        return tree

    patch.setattr(chain, "build_statement_tree", traced)


def all_held(patch: pytest.MonkeyPatch) -> None:
    """What an older version noted taken for held to be lines."""
    real = memory._read_note
    patch.setattr(memory, "_read_note", lambda path, key: (found := real(path, key)) and replace(found, checked=True))


def any_number_of_keys(patch: pytest.MonkeyPatch) -> None:
    real = sealed_bytes.read_age_header
    patch.setattr(protocol, "read_age_header", lambda data, name: real(data, name)._replace(keys=Many(1)))


def any_kind_of_key(patch: pytest.MonkeyPatch) -> None:
    real = sealed_bytes.read_age_header

    def header_of(data: bytes, name: str) -> sealed_bytes.AgeHeader:
        found = real(data, name)
        return found._replace(keys=found.keys + found.others, others=0)

    patch.setattr(protocol, "read_age_header", header_of)


def no_number_needed(patch: pytest.MonkeyPatch) -> None:
    """A sealed block without a number is let through, whatever the file counts."""

    def held(said: BlockRevision, marker: int | None, place: BlockPlace) -> None:
        if said.number is not None:
            check_revision(said, marker, place)

    patch.setattr(sealed, "check_revision", held)


def large_headers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(limits, "SEALED_HEADER_STANZAS", 1 << 20)
    patch.setattr(limits, "SEALED_HEADER_BYTES", 1 << 20)


def no_number(patch: pytest.MonkeyPatch) -> None:
    real = recovery.compare_with_sheet
    for module in (restore, recovery, check, remembering):
        patch.setattr(module, "compare_with_sheet", lambda journal, number, words: real(journal, None, words))


def links_followed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "OPEN_FLAGS", reading.OPEN_FLAGS & ~reading._NO_FOLLOW)


def leftover_of_any_kind(patch: pytest.MonkeyPatch) -> None:
    for module in (store_journal, paths, custody_check):
        patch.setattr(module, "is_plain_file", lambda _: True)


def strangers_of_old(patch: pytest.MonkeyPatch) -> None:
    real = reading.list_folder

    def names(folder: Path) -> list[str]:
        return [] if folder.name == "journal" else real(folder)

    patch.setattr(opening, "list_folder", names)


def said_by_itself(patch: pytest.MonkeyPatch) -> None:
    """What a device signs of its own journal counts like the word of another one."""
    real = device_logs.DeviceLogs._acknowledged_lines

    def known(
        self: device_logs.DeviceLogs, device: str, what: bytes = claims.REFUSED_FACT
    ) -> set[claims.LineReference]:
        own, chain_ = self._read_raw(device).lines, self._chain
        return real(self, device, what) | claims.read_acknowledged(
            own, chain_.devices[device], chain_.root, device, what
        )

    patch.setattr(device_logs.DeviceLogs, "_acknowledged_lines", known)


def acknowledged(patch: pytest.MonkeyPatch) -> None:
    real = store_journal.Journal.remember_anew
    patch.setattr(store_journal.Journal, "remember_anew", lambda self, acknowledged=None: real(self))


def adopted_unseen(found: device_log.DeviceLog, device: str, chain_: Chain, mended: Mapping[int, str]) -> int:
    adopts = chain_.adopts
    lines = adopts["lines"] if adopts and adopts["device"] == device else 0
    return len(b"".join(found.lines.splitlines(keepends=True)[:lines]))


def dumps(value: object, indent: int | None = None) -> str:
    """A page with every letter as it is."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def clock_not_asked(patch: pytest.MonkeyPatch) -> None:
    for module in (attribution, check):
        patch.setattr(module, "find_clock_error", lambda *_: None)


def every_version(patch: pytest.MonkeyPatch) -> None:
    """Every version that any line names is one of the file, whoever signed the line."""
    real = Journal.history

    def history(journal: Journal, file: str) -> list[str]:
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(Journal, "_had_right", lambda *_: True)
            return real(journal, file)

    patch.setattr(Journal, "history", history)
