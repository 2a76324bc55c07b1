"""Roles of a house in words: for each what it reads, records and does, and who has it; and the meaning of a change."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from shelterctl.act.permission import task_text
from shelterctl.core.finding import FilledSentences, Outcome
from shelterctl.custody.parts import part_text
from shelterctl.custody.person_key import require_registered
from shelterctl.custody.roles import list_tasks_of_role, task_of_name
from shelterctl.errors import ShelterError
from shelterctl.language import LabelledCode
from shelterctl.session import Session
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.readership import CLEAR_PARTS, Readership
from shelterctl.ui_language import N_

ROLE_COLUMNS = ("role", "who", "reads", "writes", "does")
WIDE_ROLE_COLUMNS = ("writes", "does")
"""The columns for which a screen has no room; JSON has them."""

ONE_KEY_OPENS_ALL = N_(
    "One key opens everything here: everyone who uses a computer of the house can read everything, whatever the role."
)
ONE_KEY_BY_CHOICE = N_("The house chose one key, or its people are still being given keys.")
GIVE_EACH_A_KEY = N_("To give each person a key: shelterctl staff key CODE. Then: shelterctl roles --begin")
GETS_ROLE_LATER = N_("{who} is on the first key, and gets this role once roles decide: {role}.")
ROLES_DECIDE = N_(
    "Roles decide who reads what. What a role may not read is closed to its key, also with other programs."
)
ROLE_GAINED = N_("{who} gets the role: {what}.")
ROLE_LOST = N_("{who} loses the role: {what}.")
PART_GAINED = N_("From now on this role reads {what}: {who}.")
PART_LOST = N_("From now on this role no longer reads {what}: {who}.")
TASK_TAKEN = N_("In this house this role no longer records or does this: {who}: {what}.")
TASK_GIVEN_BACK = N_("In this house this role records or does this again: {who}: {what}.")
ALL_BY_ONE_KEY = N_("From now on every key of a computer opens everything, and keys of persons open nothing.")
ROLES_FROM_NOW_ON = N_("From now on roles decide who reads what. People with a key of their own:")
PERSON_HAS_ROLES = N_("  {who}: {roles}")
PERSON_HAS_NO_ROLE = N_("  {who}: no role, so this key opens nothing")


class RoleChangeMeaning(NamedTuple):
    """Meaning of a change of roles: as sentences, and as rows of kind, who and what."""

    said: FilledSentences
    rows: list[tuple[str, str, str]]


def answer_roles(session: Session) -> Outcome:
    """Return a row for each role: who has it, and what it reads, records and does."""
    chain, rulebook = session.store.vault.journal.chain, session.rulebook
    now = chain.readership
    names, less = rulebook.lists["roles"], chain.access.less if chain.access else {}
    parts = now.access.parts if now.access and now.is_by_role else rulebook.readers_by_part
    later = find_role_of_first_key(session)
    rows = []
    for role in rulebook.roles:
        tracks, acts = list_tasks_of_role(rulebook, role, less)
        rows.append(
            {
                "role": LabelledCode(role, names[role]),
                "who": [code for code in _people(now) if role in now.roles_of(code) or later == (code, role)],
                "reads": [
                    part_text(rulebook, part)
                    for part, roles in parts.items()
                    if role in roles and part not in CLEAR_PARTS
                ],
                "writes": [LabelledCode(name, rulebook.tracks[name].text) for name in tracks],
                "does": [LabelledCode(name, rulebook.acts_of_roles[name]) for name in acts],
            }
        )
    gets: FilledSentences = ()
    if later:
        who, role = later
        gets = ((GETS_ROLE_LATER, {"who": who, "role": LabelledCode(role, names.get(role, {"en": role}))}),)
    said: FilledSentences = (
        ((ROLES_DECIDE, {}),)
        if now.is_by_role
        else (
            (ONE_KEY_OPENS_ALL, {}),
            *(((ONE_KEY_BY_CHOICE, {}),) if chain.access else ()),
            *gets,
            (GIVE_EACH_A_KEY, {}),
        )
    )
    data = {"by_role": now.is_by_role, "rows": rows}
    return Outcome(data=data, columns=ROLE_COLUMNS, wide=WIDE_ROLE_COLUMNS, said=said)


def find_role_of_first_key(session: Session) -> tuple[str, str] | None:
    """Return the person of this computer's key, who gets her registered role once roles decide, and that role.

    None where roles decide, where this key cannot begin them, and for somebody who has a role or is not registered.
    """
    store = session.store
    chain = store.vault.journal.chain
    own = chain.devices.get(str(store.identity.device))
    if own is None or chain.readership.is_by_role or own.staff in chain.roles or not chain.may_change_trust(own.code):
        return None
    with suppress(ShelterError):
        return own.staff, require_registered(store, own.staff)
    return None


def describe_role_change(session: Session, before: Chain, after: Chain) -> RoleChangeMeaning:
    """Return what differs between two lists: roles of people, roles that open a part, what a role may do."""
    rulebook, names = session.rulebook, session.rulebook.lists["roles"]
    old, new = before.readership, after.readership
    said: list[tuple[str, dict[str, object]]] = []
    rows: list[tuple[str, str, str]] = []
    for kind, who, what in _differences(before, after):
        rows.append((kind, who, what))
        if kind in ("gains", "loses"):
            shown: dict[str, object] = {"who": who, "what": LabelledCode(what, names.get(what, {"en": what}))}
            said.append((ROLE_GAINED if kind == "gains" else ROLE_LOST, shown))
        elif kind in ("reads", "reads-no-more"):
            shown = {"who": LabelledCode(who, names.get(who, {"en": who})), "what": part_text(rulebook, what)}
            said.append((PART_GAINED if kind == "reads" else PART_LOST, shown))
        else:
            task = task_of_name(rulebook, what)
            shown = {"who": LabelledCode(who, names.get(who, {"en": who})), "what": task_text(rulebook, task)}
            said.append((TASK_TAKEN if kind == "taken" else TASK_GIVEN_BACK, shown))
    if new.is_by_role and not old.is_by_role:
        said = [*said, (ROLES_FROM_NOW_ON, {}), *(_person_sentence(new, code, names) for code in _people(new))]
    elif old.is_by_role and not new.is_by_role:
        said = [*said, (ALL_BY_ONE_KEY, {})]
    return RoleChangeMeaning(tuple(said), rows)


def _person_sentence(
    now: Readership, code: str, names: Mapping[str, Mapping[str, str]]
) -> tuple[str, dict[str, object]]:
    """Return the sentence that says which roles a person has."""
    roles = [LabelledCode(role, names.get(role, {"en": role})) for role in now.roles_of(code)]
    return (PERSON_HAS_ROLES, {"who": code, "roles": roles}) if roles else (PERSON_HAS_NO_ROLE, {"who": code})


def _differences(before: Chain, after: Chain) -> Iterator[tuple[str, str, str]]:
    for code in sorted({*before.roles, *after.roles}):
        was, now = {*before.roles.get(code, ())}, {*after.roles.get(code, ())}
        yield from (("gains", code, role) for role in sorted(now - was))
        yield from (("loses", code, role) for role in sorted(was - now))
    if not (before.readership.is_by_role and after.readership.is_by_role and before.access and after.access):
        return
    for part in sorted({*before.access.parts, *after.access.parts}):
        opened, opens = {*before.access.parts.get(part, ())}, {*after.access.parts.get(part, ())}
        yield from (("reads", role, part) for role in sorted(opens - opened))
        yield from (("reads-no-more", role, part) for role in sorted(opened - opens))
    for role in sorted({*before.access.less, *after.access.less}):
        was, now = {*before.access.less.get(role, ())}, {*after.access.less.get(role, ())}
        yield from (("taken", role, name) for name in sorted(now - was))
        yield from (("given-back", role, name) for name in sorted(was - now))


def _people(now: Readership) -> tuple[str, ...]:
    """Return the staff codes with a key in force, in the order of the list."""
    return tuple(dict.fromkeys(one.staff for one in now.holders if one.is_in_force))
