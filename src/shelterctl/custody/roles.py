"""Roles: which a person has, which open each part, and what a house takes from a role. Each change is a statement of
the trust list that a manager's key, or the recovery paper, signs.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shelterctl.core.finding import Finding, Outcome
from shelterctl.core.manual.role import Task
from shelterctl.custody.parts import find_lacking_parts, part_text
from shelterctl.custody.person_key import require_authority, require_registered
from shelterctl.custody.rekey import rekey_and_answer
from shelterctl.errors import UsageError
from shelterctl.identity.keys import Identity
from shelterctl.language import TwoSentences
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.store.folder import ROSTER_FILE
from shelterctl.trust import problems
from shelterctl.trust.chain import grant_roles_in_chain, set_access_in_chain
from shelterctl.trust.chain_state import Chain
from shelterctl.trust.readership import CLEAR_PARTS, MANAGER_ROLE, AccessRules, Readership
from shelterctl.ui_language import N_
from shelterctl.vault.protocol import list_files_to_rekey

ROLES_NOT_IN_FORCE = N_("In this house one key opens everything, so roles decide nothing yet.")
BEGIN_ROLES = N_("Give each person a key: shelterctl staff key CODE. Then let roles decide: shelterctl roles --begin")
ROLES_DECIDE_ALREADY = N_("Roles decide already who reads what in this house.")
ROLE_UNKNOWN_HERE = N_("There is no such role: {role}. The roles are: {known}.")
NAME_UNKNOWN_HERE = N_("{role} records or does nothing of that name: {name}.")
PART_NOT_OF_ROLE = N_("By the manual {role} does not read this part: {part}. What it reads: {known}.")
SEE_ROLES = N_("See what each role records and does: shelterctl roles")
PART_WITHOUT_READER = N_("Nobody with a key could read this part: {part}. It would be closed to everybody ({clause}).")
GIVE_ROLE_FIRST = N_("Give the role to somebody who has a key: {commands}")
NO_MANAGER_WITH_KEY = N_("Nobody with a key would be manager, so nobody could give keys and roles any more.")
GIVE_MANAGER_FIRST = N_("First give the role to somebody else with a key: shelterctl roles --give CODE=manager")
PERSON_WITHOUT_KEY = N_("{staff} has no key in this store.")


class RoleChange(NamedTuple):
    """A change of roles that was asked for, as pairs: roles given to and taken from people, by staff code; tracks and
    acts taken from or given back to a role; parts closed to a role or opened to it again.
    """

    give: Sequence[tuple[str, str]] = ()
    take: Sequence[tuple[str, str]] = ()
    less: Sequence[tuple[str, str]] = ()
    restore: Sequence[tuple[str, str]] = ()
    close: Sequence[tuple[str, str]] = ()
    reopen: Sequence[tuple[str, str]] = ()

    @property
    def changes_rules(self) -> bool:
        """Whether it changes what a role may do or read, and not only who has it."""
        return bool(self.less or self.restore or self.close or self.reopen)


def read_chain_by_role(session: Session) -> Chain:
    """Return the trust list. Raises Conflict for a store of 0.1.0 that has none."""
    chain = session.store.vault.journal.chain
    if not chain.root:
        raise problems.take_over_first_error()
    return chain


def require_roles_decide(chain: Chain) -> None:
    """Raise UsageError unless roles decide who reads what."""
    if not chain.readership.is_by_role:
        raise UsageError("roles/not-begun", ROLES_NOT_IN_FORCE, hint=BEGIN_ROLES)


def plan_roles(session: Session, paper: Identity | None) -> Chain:
    """Return the list by which roles decide from now on, as the rulebook has them. Raises UsageError if they do."""
    store, chain = session.store, read_chain_by_role(session)
    store.vault.require_writable()
    signer = require_authority(store, paper)
    by, at = session.journal_staff, session.timestamp
    if chain.access and chain.readership.is_by_role:
        if lacking := find_lacking_parts(session.rulebook, chain):
            rules = chain.access._replace(parts={**chain.access.parts, **lacking})
            return set_access_in_chain(chain, rules, by, at, signer)
        if list_files_to_rekey(store.vault) or not store.vault.journal.file_head(ROSTER_FILE):
            return chain  # it was interrupted, and goes on
        raise UsageError("roles/begun", ROLES_DECIDE_ALREADY)
    own = chain.devices.get(str(store.identity.device))
    if own and MANAGER_ROLE not in chain.roles.get(own.staff, ()):
        role = require_registered(store, own.staff)  # the key of the computer becomes that of its person
        if own.staff not in chain.roles:
            chain = grant_roles_in_chain(chain, own.staff, [role], by, at, signer)
    return set_access_in_chain(chain, AccessRules(session.rulebook.readers_by_part, {}), by, at, signer)


def plan_one_key(session: Session, paper: Identity | None) -> Chain:
    """Return the list by which one key opens everything, by the house's own choice."""
    store, chain = session.store, read_chain_by_role(session)
    store.vault.require_writable()
    signer = require_authority(store, paper)
    if chain.access == AccessRules({}, {}):  # it was chosen already, and may have been interrupted
        return chain
    return set_access_in_chain(chain, AccessRules({}, {}), session.journal_staff, session.timestamp, signer)


def plan_role_change(session: Session, asked: RoleChange, paper: Identity | None) -> Chain:
    """Return the list after a change of roles. Raises UsageError for an unknown role, name or person, or too early."""
    store, chain = session.store, read_chain_by_role(session)
    store.vault.require_writable()
    signer, by, at = require_authority(store, paper), session.journal_staff, session.timestamp
    for code in dict.fromkeys(code for code, _ in (*asked.give, *asked.take)):
        now = _roles_after(session.rulebook, chain, code, asked)
        if now != chain.roles.get(code, ()):
            chain = grant_roles_in_chain(chain, code, now, by, at, signer)
    if asked.changes_rules:
        require_roles_decide(chain)
        rules = _rules_after(session.rulebook, chain, asked)
        if rules != chain.access:
            chain = set_access_in_chain(chain, rules, by, at, signer)
    return chain


def _roles_after(rulebook: Rulebook, chain: Chain, code: str, asked: RoleChange) -> tuple[str, ...]:
    given = {role for each, role in asked.give if each == code}
    taken = {role for each, role in asked.take if each == code}
    for role in sorted(given | taken):
        _require_role(rulebook, role)
    if code not in {one.staff for one in chain.devices.values() if one.is_in_force}:
        raise UsageError("roles/no-key", PERSON_WITHOUT_KEY, staff=code)
    return tuple(sorted(({*chain.roles.get(code, ())} | given) - taken))


def _rules_after(rulebook: Rulebook, chain: Chain, asked: RoleChange) -> AccessRules:
    opened, before = chain.access or AccessRules({}, {})
    parts = {part: {*roles} for part, roles in opened.items()}
    for role, part in (*asked.close, *asked.reopen):
        _require_part_of_role(rulebook, role, part)
    for role, part in asked.close:
        parts.get(part, set()).discard(role)
    for role, part in asked.reopen:
        parts.setdefault(part, set()).add(role)
    less = {role: {*names} for role, names in before.items()}
    for role, name in (*asked.less, *asked.restore):
        _require_task_of_role(rulebook, role, name)
    for role, name in asked.less:
        less.setdefault(role, set()).add(name)
    for role, name in asked.restore:
        less.get(role, set()).discard(name)
    return AccessRules(
        {part: tuple(sorted(roles)) for part, roles in parts.items()},
        {role: tuple(sorted(names)) for role, names in less.items() if names},
    )


def judge_roles(session: Session, chain: Chain) -> tuple[Finding, ...]:
    """Return what refuses a list by which roles decide: a part that nobody reads, or no manager with a key.

    Only people at work count: nothing is shut before its readers are there.
    """
    now = chain.readership
    if not now.is_by_role:
        return ()
    found = [] if any(now.manages(one.staff) for one in now.holders if one.is_in_force) else [_no_manager()]
    before = session.store.vault.journal.chain.access
    parts = dict.fromkeys((*(now.access.parts if now.access else ()), *(before.parts if before else ())))
    for part in (part for part in parts if part not in CLEAR_PARTS):
        closed = now.access is None or part not in now.access.parts  # a list names no part without a role
        if closed or not (part in _parts_of_writers(session.rulebook) or now.staff_for(part)):
            found.append(_no_reader(session.rulebook, now, part))
    return tuple(found)


def _parts_of_writers(rulebook: Rulebook) -> frozenset[str]:
    """Return the parts that need no reader with a key: those of entries about who reads the usual part. Their writer
    and the recovery paper read them all the same.
    """
    seals = (track.seal for track in rulebook.tracks.values() if track.seal)
    return frozenset(seal.instead.part for seal in seals if seal.instead)


def save_roles(session: Session, chain: Chain) -> Outcome:
    """Save a list with other roles, and seal every file for its present readers."""
    store = session.store
    if chain.digests != store.vault.journal.chain.digests:
        store.vault.save_chain(chain)
        store.acts_saved.append("roles")
        for name in ("seals", "register_seals", "home_registers", "migration"):
            vars(store).pop(name, None)
    return rekey_and_answer(session)


def _no_manager() -> Finding:
    return Finding(code="roles/no-manager", message=TwoSentences(NO_MANAGER_WITH_KEY, GIVE_MANAGER_FIRST))


def _no_reader(rulebook: Rulebook, now: Readership, part: str) -> Finding:
    readers = (now.access.parts if now.access else {}).get(part) or rulebook.readers_by_part.get(part, ())
    commands = [f"shelterctl roles --give CODE={role}" for role in readers]
    clause = rulebook.file_parts[part].clause if part in rulebook.file_parts else rulebook.file_parts["file"].clause
    facts = {"part": part_text(rulebook, part), "commands": commands, "clause": clause}
    return Finding(
        code="roles/no-reader", message=TwoSentences(PART_WITHOUT_READER, GIVE_ROLE_FIRST), clause=clause, facts=facts
    )


def _require_role(rulebook: Rulebook, role: str) -> None:
    if role not in rulebook.roles:
        raise UsageError("roles/unknown", ROLE_UNKNOWN_HERE, role=role, known=sorted(rulebook.roles))


def _require_part_of_role(rulebook: Rulebook, role: str, part: str) -> None:
    """Raise UsageError unless the rulebook lets the role read the part: a house can only be stricter."""
    _require_role(rulebook, role)
    if role not in rulebook.readers_by_part.get(part, ()):
        known = sorted(name for name, roles in rulebook.readers_by_part.items() if role in roles)
        raise UsageError("roles/unknown-part", PART_NOT_OF_ROLE, role=role, part=part, known=known)


def _require_task_of_role(rulebook: Rulebook, role: str, name: str) -> None:
    """Raise UsageError unless the rulebook lets the role write or do something of that name: only that can be taken."""
    _require_role(rulebook, role)
    one, tracks, acts = rulebook.roles[role], {*rulebook.track_names}, {*rulebook.acts_of_roles}
    if not any(name in names and one.may(name, is_act=names is acts) for names in (tracks, acts)):
        raise UsageError("roles/unknown-name", NAME_UNKNOWN_HERE, hint=SEE_ROLES, role=role, name=name)


def list_tasks_of_role(rulebook: Rulebook, role: str, less: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return the tracks that a role writes and the acts that it does in this house."""
    one, taken = rulebook.roles[role], less.get(role, ())
    tracks = [name for name in rulebook.track_names if one.may(name) and name not in taken]
    acts = [name for name in rulebook.acts_of_roles if one.may(name, is_act=True) and name not in taken]
    return tracks, acts


def task_of_name(rulebook: Rulebook, name: str) -> Task:
    """Return the task of a name: an act of that name, else a track."""
    return Task(name, name in rulebook.acts_of_roles)
