"""The roles of the rulebook: the readers of each part are those of the tracks, and what they say fits a trust list."""

import pytest

from shelterctl import limits
from shelterctl.core.manual.role import readers_by_part
from shelterctl.core.manual.track import Track
from shelterctl.identity.keys import create_identity, create_recovery_key
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.trust.chain import found_chain, set_access_in_chain
from shelterctl.trust.readership import FILE_PARTS, AccessRules
from tests.support.stores import AT, STORE

RULEBOOK = open_rulebook()


def test_the_readers_of_a_sealed_part_are_those_of_its_tracks() -> None:
    seals = [track.seal for track in RULEBOOK.tracks.values() if track.seal]
    sealed = {seal.part: seal.readers for seal in seals}
    sealed |= {seal.instead.part: seal.instead.readers for seal in seals if seal.instead}
    found = RULEBOOK.readers_by_part
    assert {*found} == {*FILE_PARTS, *sealed}
    for part, readers in sealed.items():
        assert found[part] == tuple(sorted(readers))
    for track in RULEBOOK.tracks.values():
        if track.seal:  # every track of a part has the same readers, or one of them would be read by another's
            assert sorted(track.seal.readers) == sorted(sealed[track.seal.part])


def test_the_readers_are_in_order_whatever_the_order_of_the_text() -> None:
    parts, tracks = RULEBOOK.file_parts, [*RULEBOOK.tracks.values()]
    assert readers_by_part(dict([*parts.items()][::-1]), tracks[::-1]) == RULEBOOK.readers_by_part
    assert [*RULEBOOK.readers_by_part] == sorted(RULEBOOK.readers_by_part)


def file_of(track: Track) -> str:
    """The part of a store whose files hold the entries of a track."""
    return f"register-{track.of_register}" if track.of_register else "file"


def test_who_reads_a_sealed_part_reads_the_file_in_which_it_lies_and_each_part_has_a_reader() -> None:
    found = RULEBOOK.readers_by_part
    for readers in found.values():
        assert readers
        assert {*readers} <= {*RULEBOOK.lists["roles"]}
    for track in RULEBOOK.tracks.values():
        if track.seal:
            also = track.seal.instead.readers if track.seal.instead else ()
            assert {*track.seal.readers, *also} <= {*found[file_of(track)]}
    assert {*RULEBOOK.roles} == {*RULEBOOK.lists["roles"]}


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("security", {"roster", "register-house", "house-visitors"}, {"visit", "call", "incident"}),
        ("data_officer", {"roster"}, set()),
        ("other", {"roster", "register-house"}, {"incident"}),
    ],
)
def test_who_reads_no_file_of_a_client_reads_the_roster_and_the_registers_of_the_house(
    role: str, reads: set[str], writes: set[str]
) -> None:
    """They confirm a handover and do no other act, and write only what happens at the door and in the house."""
    assert {part for part, readers in RULEBOOK.readers_by_part.items() if role in readers} == reads
    one = RULEBOOK.roles[role]
    assert {name for name in RULEBOOK.track_names if one.may(name)} == writes
    acts = {name for name in RULEBOOK.acts_of_roles if one.may(name, is_act=True)}
    assert acts == ({"confirm-occasion"} if "register-house" in reads else set())


def test_everybody_who_works_in_a_house_may_write_down_an_incident() -> None:
    able = {name for name, role in RULEBOOK.roles.items() if role.may("incident")}
    assert able == {*RULEBOOK.roles} - {"data_officer"}


def test_only_the_medical_adviser_reads_and_writes_about_hiv() -> None:
    assert RULEBOOK.readers_by_part["hiv"] == ("medical_adviser",)
    assert [name for name, role in RULEBOOK.roles.items() if role.may("hiv")] == ["medical_adviser"]


def test_whoever_writes_reads_what_the_writing_stands_in() -> None:
    for name, role in RULEBOOK.roles.items():
        for track in map(RULEBOOK.tracks.__getitem__, RULEBOOK.track_names):
            if role.may(track.name) and not track.is_coded:
                assert name in RULEBOOK.readers_by_part[file_of(track)]


def test_every_track_and_act_has_a_role() -> None:
    for name in RULEBOOK.track_names:
        assert any(role.may(name) for role in RULEBOOK.roles.values()), name
    for name in RULEBOOK.acts_of_roles:
        assert any(role.may(name, is_act=True) for role in RULEBOOK.roles.values()), name
        assert RULEBOOK.acts_of_roles[name]["ru"]


def test_a_house_that_takes_everything_from_every_role_says_so_in_one_line() -> None:
    """A line of the trust list has room for all that may be taken away."""
    less = {
        name: tuple(
            [track for track in RULEBOOK.track_names if role.may(track)]
            + [act for act in RULEBOOK.acts_of_roles if role.may(act, is_act=True)]
        )
        for name, role in RULEBOOK.roles.items()
    }
    key = create_identity()
    chain = found_chain(STORE, key, "s-aida", create_recovery_key(), AT)
    after = set_access_in_chain(chain, AccessRules(RULEBOOK.readers_by_part, less), "s-aida", AT, key)
    assert after.access is not None
    assert {name: {*each} for name, each in after.access.less.items()} == {
        n: {*each} for n, each in less.items() if each
    }
    assert max(map(len, after.lines.splitlines())) < limits.TRUST_LINE_BYTES
