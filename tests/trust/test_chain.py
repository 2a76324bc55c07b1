"""The trust chain: how a statement is written, who may make which, what a key believes, and what is remembered."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shelterctl import errors, limits
from shelterctl.identity import memorable_words
from shelterctl.identity.keys import (
    Identity,
    create_identity,
    create_recovery_key,
    is_valid_signature,
    parse_recovery_key,
)
from shelterctl.identity.memorable_words import fingerprint_words, parse_fingerprint_words
from shelterctl.trust import memory
from shelterctl.trust.chain import (
    add_device_to_chain,
    add_paper_signature,
    end_device_in_chain,
    found_chain,
    replace_paper_in_chain,
    verify_chain,
)
from shelterctl.trust.chain_state import Chain, DeviceEnd, sheet_number
from shelterctl.trust.key_standing import judge_key
from shelterctl.trust.memory import StoreMemory, recall_unproven
from shelterctl.trust.statement import (
    STATEMENT_KINDS,
    STATEMENT_PURPOSE,
    Signer,
    StatementFields,
    parse_statement,
    sign_statement,
)
from tests.support.stores import AT, STORE, Ground

SUM = hashlib.sha256(b"lines").hexdigest()


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def refused(lines: bytes, known: int = 0) -> str:
    """The code by which these lines are not believed."""
    with pytest.raises(errors.ShelterError) as trouble:
        verify_chain(lines, known)
    return trouble.value.code


def said(chain: Chain, kind: str, **facts: object) -> StatementFields:
    return {"v": 1, "kind": kind, "root": chain.root, "prev": [chain.digests[-1]], "at": AT, "by": "s-aida", **facts}


def after(chain: Chain, facts: StatementFields, *signers: Signer) -> bytes:
    """The lines with one more statement, believed or not."""
    return chain.lines + sign_statement(facts, signers).line + b"\n"


def named(key: Identity, **changed: object) -> StatementFields:
    facts: StatementFields = {"code": key.device, "staff": "s-nina", "age": key.recipient, "sign": key.signing_public}
    return {**facts, "may": ["write", "trust"], **changed}


# How it is written.


def test_a_root_says_store_device_and_paper_and_both_signed_it(ground: Ground) -> None:
    line = ground.chain.lines.removesuffix(b"\n")
    root = json.loads(line)
    assert list(root) == ["v", "kind", "at", "by", "store", "device", "recovery", "sigs"]
    assert (root["v"], root["kind"], root["store"]) == (1, "root", STORE)
    assert root["recovery"] == {"age": ground.paper.recipient, "sign": ground.paper.signing_public}
    assert set(root["sigs"]) == {ground.me.signing_public, ground.paper.signing_public}
    payload = line[: line.index(b',"sigs":')] + b"}"
    for key, signature in root["sigs"].items():
        assert is_valid_signature(key, signature, b"shelterctl trust/1\n" + payload)
    assert ground.chain.root == hashlib.sha256(line).hexdigest()
    assert ground.chain.readership.everyone == (ground.me.recipient, ground.paper.recipient)


TEXTS = st.text(max_size=40)
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@example(facts={"a": {"b": 1, "sigs": {}}})
@given(facts=st.dictionaries(st.text("abcdefgh", min_size=1, max_size=8), FACTS, max_size=4))
@settings(max_examples=200)
def test_whatever_a_statement_says_it_is_read_as_it_was_written_and_in_no_other_spelling(
    facts: Mapping[str, Any],
) -> None:
    heading: StatementFields = {"v": 1, "kind": "later", "root": "0" * 64, "prev": ["0" * 64], "at": AT, "by": "s-aida"}
    line = sign_statement({**heading, **facts}, [KEY]).line
    statement = parse_statement(line, first=False)
    assert dict(statement.fields) == {**heading, **facts}
    assert statement.has_valid_signatures()
    value = json.loads(line)
    others = (
        json.dumps(value).encode(),
        json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"),
        json.dumps(dict(reversed(value.items())), separators=(",", ":")).encode(),
        line + b" ",
        b" " + line,
        line[:-1] + b',"sigs":{}}',
        line.replace(b'"v":1', b'"v":1.0'),
        line.replace(b'"v":1', b'"v":true'),
        line.replace(b'"kind"', b'"\\u006bind"'),
    )
    for other in others:
        if other != line:
            with pytest.raises(ValueError, match=r".*"):
                parse_statement(other, first=False)


KEY = create_identity()


@example(b"{}")
@given(st.binary(max_size=400) | FACTS.map(lambda facts: json.dumps(facts).encode()))
@settings(max_examples=200)
def test_no_bytes_at_all_make_a_chain_but_those_that_were_signed(junk: bytes) -> None:
    assert refused(junk + b"\n") == "trust/changed"
    assert refused(FOUNDED.lines + junk + b"\n") == "trust/changed"


FOUNDED = found_chain(STORE, KEY, "s-aida", create_recovery_key(), AT)


def test_a_line_that_nests_without_end_or_is_too_long_is_not_read(ground: Ground) -> None:
    assert refused(b"[" * 4000 + b"\n") == "trust/changed"
    line = ground.chain.lines.removesuffix(b"\n")
    with pytest.raises(ValueError, match="too long"):
        parse_statement(line + b" " * limits.TRUST_LINE_BYTES, first=True)


def test_more_statements_than_a_house_ever_needs_are_not_followed(ground: Ground) -> None:
    assert refused(ground.chain.lines * (limits.TRUST_CHAIN_LINES + 1)) == "trust/changed"


def test_whatever_bit_of_a_chain_is_changed_it_is_not_believed(ground: Ground) -> None:
    chain = add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.paper)
    for at in range(len(chain.lines)):
        broken = chain.lines[:at] + bytes([chain.lines[at] ^ 1 << at % 8]) + chain.lines[at + 1 :]
        try:
            found = verify_chain(broken, 0)
        except errors.ShelterError:
            continue
        # The last line's end is no part of what it says: without it the line is half an append, and does not count.
        assert at == len(chain.lines) - 1
        assert found.lines == ground.chain.lines


# Who may make which statement.


def test_a_device_is_admitted_by_the_paper_or_by_one_that_may_and_signs_itself(ground: Ground) -> None:
    for authority in (ground.me, ground.paper):
        other = create_identity()
        chain = add_device_to_chain(ground.chain, other, "s-nina", "s-aida", AT, authority)
        assert set(chain.devices) == {ground.me.device, other.device}
        assert chain.readership.everyone == (ground.me.recipient, other.recipient, ground.paper.recipient)
        assert other.signing_public in chain.signed_keys
        assert verify_chain(chain.lines, 0) == chain


def test_a_store_does_not_believe_whom_nobody_admitted(ground: Ground) -> None:
    chain, other, stranger = ground.chain, create_identity(), create_identity()
    statement = said(chain, "device", device=named(other))
    for signers in ([other], [ground.me], [ground.paper], [stranger, other], [ground.me, other, stranger], [stranger]):
        assert refused(after(chain, statement, *signers)) == "trust/changed", signers


@pytest.mark.parametrize("may", [["write"], []])
def test_a_device_that_may_only_write_or_nothing_admits_nobody(ground: Ground, may: list[str]) -> None:
    clerk, other = create_identity(), create_identity()
    chain = verify_chain(
        after(ground.chain, said(ground.chain, "device", device=named(clerk, may=may)), ground.me, clerk), 0
    )
    assert chain.devices[str(clerk.device)].may_write == bool(may)
    assert refused(after(chain, said(chain, "device", device=named(other)), clerk, other)) == "trust/changed"


@pytest.mark.parametrize("place", ["age", "sign", "code"])
def test_no_key_and_no_code_has_two_places(ground: Ground, place: str) -> None:
    """Whoever had two could be shut out of one and stay in the other."""
    other = create_identity()
    taken = {"age": ground.me.recipient, "sign": ground.me.signing_public, "code": ground.me.device}
    facts = said(ground.chain, "device", device=named(other, **{place: taken[place]}))
    assert refused(after(ground.chain, facts, ground.me, other)) == "trust/changed"
    if place != "code":
        paper = {"age": ground.paper.recipient, "sign": ground.paper.signing_public}
        facts = said(ground.chain, "device", device=named(other, **{place: paper[place]}))
        assert refused(after(ground.chain, facts, ground.me, other, ground.paper)) == "trust/changed"


def test_a_root_whose_device_is_its_own_paper_is_none(ground: Ground) -> None:
    twice = Identity(ground.me.key, parse_recovery_key(ground.me.key).seed, ground.me.device)
    with pytest.raises(errors.Damaged):
        found_chain(STORE, twice, "s-aida", parse_recovery_key(ground.me.key), AT)


def test_a_device_that_was_shut_out_may_say_nothing_more_and_reads_nothing_new(ground: Ground) -> None:
    other, third = create_identity(), create_identity()
    chain = add_device_to_chain(ground.chain, other, "s-nina", "s-aida", AT, ground.paper)
    chain = end_device_in_chain(chain, str(other.device), (2, SUM), "lost", "s-aida", AT, ground.me)
    assert chain.devices[str(other.device)].ended == DeviceEnd(
        2, SUM, str(ground.me.device), 3, "lost", on="2026-11-20"
    )
    assert other.recipient not in chain.readership.everyone
    assert refused(after(chain, said(chain, "device", device=named(third)), other, third)) == "trust/changed"
    ended = said(chain, "end", device=other.device, lines=3, sha256=SUM, why="left")
    assert refused(after(chain, ended, ground.me)) == "trust/changed"
    # Its keys stay taken: it does not come back under another name.
    again = said(chain, "device", device=named(third, age=other.recipient))
    assert refused(after(chain, again, ground.me, third)) == "trust/changed"
    assert add_device_to_chain(chain, third, "s-nina", "s-aida", AT, ground.me).last_mark != chain.last_mark


def test_a_device_may_end_itself_and_no_other(ground: Ground) -> None:
    clerk = create_identity()
    facts = said(ground.chain, "device", device=named(clerk, may=["write"]))
    chain = verify_chain(after(ground.chain, facts, ground.me, clerk), 0)
    itself = said(chain, "end", device=clerk.device, lines=0, sha256=SUM, why="left")
    assert verify_chain(after(chain, itself, clerk), 0).devices[str(clerk.device)].ended
    for device in (ground.me.device, "zzzzzzzz"):
        other = said(chain, "end", device=device, lines=0, sha256=SUM, why="left")
        assert refused(after(chain, other, clerk)) == "trust/changed"


def test_the_paper_is_replaced_by_whoever_may_and_the_old_one_has_no_say(ground: Ground) -> None:
    new, other = create_recovery_key(), create_identity()
    chain = replace_paper_in_chain(ground.chain, new, "s-aida", AT, ground.me)
    assert chain.paper == (new.recipient, new.signing_public)
    assert ground.paper.recipient not in chain.readership.everyone
    assert refused(after(chain, said(chain, "device", device=named(other)), ground.paper, other)) == "trust/changed"
    assert add_device_to_chain(chain, other, "s-nina", "s-aida", AT, new).readership.everyone[-1] == new.recipient
    back = said(chain, "recovery", recovery={"age": ground.paper.recipient, "sign": ground.paper.signing_public})
    taken = said(chain, "recovery", recovery={"age": ground.me.recipient, "sign": ground.me.signing_public})
    alone = said(chain, "recovery", recovery={"age": other.recipient, "sign": other.signing_public})
    assert verify_chain(after(chain, back, ground.me, ground.paper), 0).paper[0] == ground.paper.recipient
    assert refused(after(chain, taken, ground.me)) == "trust/changed"
    assert refused(after(chain, alone, ground.me)) == "trust/changed"
    assert refused(after(chain, alone, other)) == "trust/changed"


def test_a_paper_that_was_not_at_hand_signs_once_later_and_only_that_very_one(ground: Ground) -> None:
    paper, other = create_recovery_key(), create_recovery_key()
    chain = found_chain(STORE, ground.me, "s-aida", paper.recipient, AT)
    assert chain.paper == (paper.recipient, None)
    device = create_identity()
    assert refused(after(chain, said(chain, "device", device=named(device)), paper, device)) == "trust/changed"
    signed = add_paper_signature(chain, paper, "s-aida", AT, ground.me)
    assert signed.paper == (paper.recipient, paper.signing_public)
    claim = said(chain, "accept", recovery={"age": other.recipient, "sign": other.signing_public})
    assert refused(after(chain, claim, ground.me, other)) == "trust/changed"
    assert refused(after(chain, said(chain, "accept", recovery=_paper(paper)), paper)) == "trust/changed"
    assert refused(after(chain, said(chain, "accept", recovery=_paper(paper)), ground.me)) == "trust/changed"
    twice = said(signed, "accept", recovery=_paper(paper))
    assert refused(after(signed, twice, ground.me, paper)) == "trust/changed"
    # And it is not replaced by itself.
    assert refused(after(chain, said(chain, "recovery", recovery=_paper(paper)), ground.me, paper)) == "trust/changed"


def _paper(paper: Identity) -> StatementFields:
    return {"age": paper.recipient, "sign": paper.signing_public}


def test_a_kind_of_a_later_version_closes_the_store_for_writing_and_not_for_reading(ground: Ground) -> None:
    chain = verify_chain(after(ground.chain, said(ground.chain, "readers", part="x", devices=[]), ground.me), 0)
    assert chain.newer
    assert chain.readership.everyone == ground.chain.readership.everyone
    assert add_device_to_chain(chain, create_identity(), "s-nina", "s-aida", AT, ground.me).newer
    assert refused(after(ground.chain, said(ground.chain, "readers"), create_identity())) == "trust/changed"
    joined = said(ground.chain, "device", device=named(other := create_identity()))
    joined["prev"] = [*joined["prev"], "0" * 64]
    assert verify_chain(after(ground.chain, joined, ground.me, other), 0).newer
    ground.wrote(chain)
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing
    assert standing.closed
    assert standing.closed.code == "trust/newer"


def test_one_statement_continued_twice_is_a_conflict_and_by_one_key_damage(ground: Ground) -> None:
    second = create_identity()
    chain = add_device_to_chain(ground.chain, second, "s-nina", "s-aida", AT, ground.paper)
    one, other = create_identity(), create_identity()
    longer = add_device_to_chain(chain, one, "s-nina", "s-aida", AT, ground.me)
    for signer, code in ((second, "trust/forked"), (ground.me, "trust/one-key-twice")):
        statement = sign_statement(said(chain, "device", device=named(other)), [signer, other]).line
        assert refused(longer.lines + statement + b"\n") == code


@pytest.mark.parametrize(
    "broken",
    [
        {"root": "0" * 64},
        {"prev": ["0" * 64]},
        {"prev": []},
        {"prev": "0" * 64},
        {"v": 2},
        {"at": "2026-11-25"},
        {"at": "now"},
        {"by": "Айгуль"},
        {"kind": "root"},
        {"kind": "Device"},
        {"device": {}},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_statement_with_another_shape_is_not_believed_whoever_signed_it(
    ground: Ground, broken: StatementFields
) -> None:
    other = create_identity()
    with pytest.raises((ValueError, errors.Damaged)):
        verify_chain(
            after(ground.chain, {**said(ground.chain, "device", device=named(other)), **broken}, ground.me, other), 0
        )


def test_a_line_of_a_journal_is_no_statement_and_a_statement_of_another_store_none_of_ours(ground: Ground) -> None:
    ground.journal().append([], did="admit", by="s-aida", at=AT)
    facts = said(ground.chain, "device", device=named(other := create_identity()))
    payload = json.dumps(facts, separators=(",", ":")).encode()
    for signed in (payload, b"shelterctl journal/2 " + ground.chain.root.encode() + b"\n" + payload):
        signatures = {key.signing_public: key.sign(signed) for key in (ground.me, other)}
        line = payload[:-1] + b',"sigs":' + json.dumps(signatures, separators=(",", ":")).encode() + b"}\n"
        assert refused(ground.chain.lines + line) == "trust/changed"
    theirs = found_chain(STORE, ground.me, "s-aida", create_recovery_key(), AT)
    longer = add_device_to_chain(theirs, other, "s-nina", "s-aida", AT, ground.me).lines.splitlines(keepends=True)[1]
    assert refused(ground.chain.lines + longer) == "trust/changed"
    assert STATEMENT_PURPOSE == b"shelterctl trust/1\n"


def test_signatures_that_were_verified_before_are_not_verified_again_and_new_ones_are(ground: Ground) -> None:
    other = create_identity()
    chain = add_device_to_chain(ground.chain, other, "s-nina", "s-aida", AT, ground.paper)
    spoilt = chain.lines.replace(b'=":"', b'=":"AAAA')
    assert refused(spoilt) == "trust/changed"
    assert refused(chain.lines.splitlines(keepends=True)[0] + spoilt.splitlines(keepends=True)[1], 1) == "trust/changed"


def test_the_number_for_the_sheet_is_statements_and_lines(ground: Ground) -> None:
    assert sheet_number(ground.chain, {}) == 1
    assert sheet_number(ground.chain, {"a": 0, "b": 9}) == 1 + 1 + 10


LIMIT: StatementFields = {
    "id": "K7M2QA", "of": "pink", "part": "2a", "field": "amount", "word": "at_most", "clause": "A5.2a",
    "number": "1500", "house": "", "since": "2027-01-01", "until": "", "decided_by": "manager", "why": "decision",
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "-5"}, {"number": "0"}, {"number": 1500}, {"number": "1.555"}, {"since": "2027-02-30"},
        {"until": None}, {"word": "exactly"}, {"id": "k7"}, {"decided_by": "Айгуль"}, {"why": "two words"},
        {"house": "Ош"}, {"more": 1},
    ],
)  # fmt: skip
def test_a_limit_of_the_house_holds_codes_a_number_and_real_days(ground: Ground, changed: StatementFields) -> None:
    statement = said(ground.chain, "limit", limit=LIMIT)
    assert verify_chain(after(ground.chain, statement, ground.me), 1).limits[0].number == "1500"
    for wrong in ({**LIMIT, **changed}, dict(reversed(LIMIT.items()))):
        with pytest.raises(ValueError, match="fields"):
            after(ground.chain, said(ground.chain, "limit", limit=wrong), ground.me)


def test_a_limit_of_the_house_is_signed_by_those_who_sign_the_list(ground: Ground) -> None:
    statement = said(ground.chain, "limit", limit=LIMIT)
    assert refused(after(ground.chain, statement, create_identity())) == "trust/changed"


def test_every_kind_is_told_by_a_test() -> None:
    assert set(STATEMENT_KINDS) == {"root", "device", "end", "recovery", "accept", "settle", "roles", "access", "limit"}


# Words.


def test_words_are_four_of_the_list_and_the_same_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorable_words, "_FINGERPRINT_COST", 1 << 17)
    assert fingerprint_words("0" * 64) == "gorod klen kafedra kosinus"
    assert parse_fingerprint_words(f"  {fingerprint_words('0' * 64).upper().replace(' ', ', ')} ") == fingerprint_words(
        "0" * 64
    )
    assert fingerprint_words("0" * 63 + "1") != fingerprint_words("0" * 64)


@pytest.mark.parametrize("typed", ["", "word", "a b c", "a b c d e", "zzzz"])
def test_a_word_that_is_not_on_the_list_is_told_by_its_place(typed: str) -> None:
    right = fingerprint_words("0" * 64).split()
    with pytest.raises(errors.UsageError):
        parse_fingerprint_words(typed)
    with pytest.raises(errors.UsageError) as misspelt:
        parse_fingerprint_words(" ".join([*right[:2], right[2] + "q", right[3]]))
    assert misspelt.value.facts["places"] == [3]


# What is remembered.


def test_what_is_remembered_is_read_by_this_key_and_this_device_alone(ground: Ground) -> None:
    heads = {str(ground.me.device): (3, 900, SUM), "zzzzzzzz": (1, 300, SUM)}
    assert ground.memory.remember(ground.chain, heads, AT)
    known = ground.memory.recall()
    assert known
    assert (known.device, known.journals, known.newest) == (ground.me.device, heads, AT)
    assert known.trust == (1, hashlib.sha256(ground.chain.lines).hexdigest())
    assert ground.memory.read_copied_chain() == ground.chain.lines
    assert recall_unproven(ground.heads, ground.chain.root) == known
    for other in (create_identity(), replace(ground.me, device="zzzzzzzz"), replace(ground.me, seed=bytes(32))):
        assert StoreMemory(ground.heads, ground.chain.root, other).recall() is None
    assert StoreMemory(ground.heads, "0" * 64, ground.me).recall() is None


def test_whatever_bit_of_a_note_is_changed_nothing_is_remembered(ground: Ground) -> None:
    whole = ground.note.read_bytes()
    for at in range(len(whole)):
        ground.note.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        assert ground.memory.recall() is None
    ground.note.write_bytes(whole[:-1])
    assert ground.memory.recall() is None


HOSTILE = [
    b"",
    b"\xff",
    b"x" * (limits.STORE_NOTE_BYTES + 1),
    b"[" * 40_000 + b" x",
    b'{"trust":[Infinity,"x"],"journals":{},"newest":""} x',
]


@pytest.mark.parametrize("junk", HOSTILE, ids=range(len(HOSTILE)))
def test_a_note_of_rubbish_is_no_note_whoever_reads_it(ground: Ground, junk: bytes) -> None:
    ground.note.write_bytes(junk)
    assert ground.memory.recall() is None
    assert recall_unproven(ground.heads, ground.chain.root) is None


def test_what_other_devices_did_is_kept_and_no_day_goes_back(ground: Ground) -> None:
    ground.memory.remember(ground.chain, {"zzzzzzzz": (1, 300, SUM)}, "2027-01-01T00:00+06:00")
    ground.memory.remember(ground.chain, {str(ground.me.device): (1, 300, SUM)}, AT)
    known = ground.memory.recall()
    assert known
    assert set(known.journals) == {"zzzzzzzz", ground.me.device}
    assert known.newest == "2027-01-01T00:00+06:00"
    ground.memory.write_note(ground.chain, {}, AT)
    assert (ground.memory.recall() or known).journals == {}


def _disk_says(error: OSError) -> Callable[..., Any]:
    def said(*words: object, **how: object) -> Any:
        raise error

    return said


@pytest.mark.parametrize("call", ["read_plain_file", "replace_file", "create_private_folder"])
def test_what_the_disk_refuses_overwrites_nothing_and_forgets_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = {path: path.read_bytes() for path in ground.heads.iterdir()}
    longer = add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.me)
    with monkeypatch.context() as patch:
        patch.setattr(memory, call, _disk_says(OSError(5, "the disk fails")))
        assert not ground.memory.remember(longer, {"zzzzzzzz": (1, 300, SUM)}, AT)
        if call == "read_plain_file":
            with pytest.raises(errors.DiskError):
                ground.memory.recall()
            with pytest.raises(errors.DiskError):
                ground.memory.read_copied_chain()
    assert {path: path.read_bytes() for path in ground.heads.iterdir()} == before


# What a key believes.


def test_a_key_believes_what_it_signed_and_nothing_else(ground: Ground, tmp_path: Path) -> None:
    for key, heads in ((ground.me, ground.heads), (ground.paper, None)):
        standing = judge_key(ground.root, key, heads)
        assert standing
        assert (standing.chain, standing.closed) == (ground.chain, None)
    for key in (create_identity(), create_recovery_key(), replace(ground.me, seed=bytes(32))):
        with pytest.raises(errors.Damaged) as trouble:
            judge_key(ground.root, key, tmp_path / "nothing")
        assert trouble.value.code == "trust/not-mine"
    assert judge_key(tmp_path, ground.me, ground.heads) is None


def test_a_device_that_remembers_nothing_reads_and_does_not_write(ground: Ground, tmp_path: Path) -> None:
    standing = judge_key(ground.root, ground.me, tmp_path / "nothing")
    assert standing
    assert standing.closed
    assert (standing.closed.code, standing.closed.exit) == ("trust/no-memory", 6)


def test_a_new_statement_waits_until_somebody_here_has_looked_at_it(ground: Ground) -> None:
    ground.wrote(add_device_to_chain(ground.chain, create_identity(), "s-nina", "s-aida", AT, ground.paper))
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing
    assert standing.closed
    assert (standing.closed.code, standing.closed.exit) == ("trust/new-device", 7)
    ground.memory.remember(ground.chain, {}, AT)
    assert (standing := judge_key(ground.root, ground.me, ground.heads))
    assert standing.closed is None


def test_an_older_or_another_list_is_not_believed_where_more_is_remembered(ground: Ground) -> None:
    first = ground.chain
    ground.wrote(add_device_to_chain(first, create_identity(), "s-nina", "s-aida", AT, ground.paper))
    ground.memory.remember(ground.chain, {}, AT)
    same, other, stranger = (
        add_device_to_chain(first, create_identity(), "s-nina", "s-aida", AT, key)
        for key in (ground.paper, ground.me, ground.paper)
    )
    forged = stranger.lines.replace(b'"staff":"s-nina"', b'"staff":"s-olga"')
    for lines, code in (
        (first.lines, "trust/older-list"),
        (forged, "trust/older-list"),
        (same.lines, "trust/one-key-twice"),
        (other.lines, "trust/forked"),
    ):
        (ground.root / "trust.jsonl").write_bytes(lines)
        with pytest.raises(errors.ShelterError) as trouble:
            judge_key(ground.root, ground.me, ground.heads)
        assert trouble.value.code == code


def test_a_device_that_was_shut_out_reads_and_a_paper_that_was_replaced_opens_nothing(ground: Ground) -> None:
    other, new = create_identity(), create_recovery_key()
    chain = add_device_to_chain(ground.chain, other, "s-nina", "s-aida", AT, ground.paper)
    ground.wrote(end_device_in_chain(chain, str(other.device), (0, SUM), "lost", "s-aida", AT, ground.me))
    standing = judge_key(ground.root, other, ground.heads.with_name("other"))
    assert standing
    assert standing.closed
    assert standing.closed.code == "trust/shut-out"
    ground.wrote(replace_paper_in_chain(ground.chain, new, "s-aida", AT, ground.me))
    assert judge_key(ground.root, new, None)
    with pytest.raises(errors.CannotOpen) as trouble:
        judge_key(ground.root, ground.paper, None)
    assert trouble.value.code == "trust/paper-replaced"


def test_a_paper_that_has_not_signed_believes_by_the_words_alone(ground: Ground) -> None:
    ground.wrote(found_chain(STORE, ground.me, "s-aida", ground.paper.recipient, AT))
    with pytest.raises(errors.Damaged) as trouble:
        judge_key(ground.root, ground.paper, None)
    assert trouble.value.code == "trust/paper-unsigned"
    assert judge_key(ground.root, ground.paper, None, words=fingerprint_words(ground.chain.root))
    with pytest.raises(errors.Damaged) as trouble:
        judge_key(ground.root, ground.paper, None, words=fingerprint_words("0" * 64))
    assert trouble.value.code == "trust/other-words"


@pytest.mark.parametrize("tail", [b'{"v":1,"ki', b"\n"[:0], b"\0" * 40])
def test_half_a_statement_of_an_interrupted_command_does_not_count(ground: Ground, tail: bytes) -> None:
    (ground.root / "trust.jsonl").write_bytes(ground.chain.lines + tail)
    standing = judge_key(ground.root, ground.me, ground.heads)
    assert standing
    assert standing.chain == ground.chain
