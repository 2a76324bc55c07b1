"""Permission of the person at this computer to write and do something by her role, in a house where each person has a
key: the finding that refuses what she may not, with the roles that may.
"""

from collections.abc import Iterable, Mapping

from shelterctl.core.finding import Finding, Outcome, Severity
from shelterctl.core.manual.role import Task
from shelterctl.core.record.register import HOME_KEY
from shelterctl.core.rules.permission import find_register_tasks, find_tasks
from shelterctl.core.values.facts import Facts
from shelterctl.errors import CannotOpen
from shelterctl.language import LabelledCode, Text
from shelterctl.rulebook.rulebook import Rulebook
from shelterctl.session import Session
from shelterctl.trust.readership import FILE_PART, Readership
from shelterctl.ui_language import N_

ROLE_MAY_NOT_WRITE = N_("Your role, {own}, does not record this: {what}. These roles do: {roles} ({clause}).")
NO_ROLE_MAY_WRITE = N_("This house lets nobody record this: {what} ({clause}).")
SEE_WHO_WRITES = N_("Who may record what: shelterctl roles")
NO_ROLE = LabelledCode("none", {"en": "no role", "ru": "роль не дана", "ky": "ролу жок"})


def is_by_role(session: Session) -> bool:
    """Whether roles decide in this house who reads and writes what."""
    return session.store.is_by_role


def opens_client_files(session: Session) -> bool:
    """Whether the role of the person at this computer opens clients' files; all do where one key opens everything."""
    return not is_by_role(session) or session.store.vault.journal.chain.readership.opens(session.staff, FILE_PART)


def judge_role(session: Session, before: Facts, after: Facts) -> tuple[Finding, ...]:
    """Return the findings that refuse a change of a client's file which the person's role may not make."""
    if not is_by_role(session):
        return ()
    if HOME_KEY in after:
        changed = session.store.home_registers.changed_entries(after)
        return refuse_tasks(
            session, sorted(find_register_tasks(session.rulebook.tracks_of_homes[after[HOME_KEY]], changed))
        )
    return refuse_tasks(session, sorted(find_tasks(session.rulebook.tracks, before, after)))


def require_role(session: Session, before: Facts, after: Facts) -> None:
    """Raise CannotOpen if the person's role may not make a change; a command that decides refuses it before."""
    for found in judge_role(session, before, after):
        raise CannotOpen(found.code, str(found.message), hint=SEE_WHO_WRITES, **found.facts)


def refuse_tasks(session: Session, tasks: Iterable[Task]) -> tuple[Finding, ...]:
    """Return a finding for each of these tasks that the person's roles may not carry out; none with one key for all."""
    readership = session.store.vault.journal.chain.readership
    if not readership.is_by_role:
        return ()
    own = readership.roles_of(session.staff)
    return tuple(
        _refuse_task(session.rulebook, readership, own, task)
        for task in tasks
        if not {*own} & {*list_roles_for(session.rulebook, readership, task)}
    )


def refuse_early(session: Session, id_: str | None, *tasks: Task) -> Outcome | None:
    """Return the answer that refuses these tasks in a file before anything is asked; None if her role may do them all.

    Every question about a client's file begins with it, in the menu and at a terminal: nobody answers a page of
    questions and is refused then.
    """
    found = refuse_tasks(session, tasks)
    return Outcome(data={"id": id_} if id_ else {}, findings=found) if found else None


def list_roles_for(rulebook: Rulebook, readership: Readership, task: Task) -> tuple[str, ...]:
    """Return the roles that may carry out a task: by the rulebook, less what this house takes from a role."""
    less: Mapping[str, tuple[str, ...]] = readership.access.less if readership.access else {}
    return tuple(
        name
        for name, role in rulebook.roles.items()
        if role.may(task.name, is_act=task.is_act) and task.name not in less.get(name, ())
    )


def task_text(rulebook: Rulebook, task: Task) -> Text:
    """Return the words for a task."""
    return rulebook.acts_of_roles[task.name] if task.is_act else rulebook.tracks[task.name].text


def _refuse_task(rulebook: Rulebook, readership: Readership, own: Iterable[str], task: Task) -> Finding:
    names = rulebook.lists["roles"]
    able = list_roles_for(rulebook, readership, task)
    clause = rulebook.roles[able[0]].clause if able else rulebook.file_parts["file"].clause
    held = [LabelledCode(role, names[role]) for role in own if role in names] or [NO_ROLE]
    facts = {
        "what": LabelledCode(task.name, task_text(rulebook, task)),
        "own": held,
        "roles": [LabelledCode(role, names[role]) for role in able],
        "clause": clause,
    }
    return Finding(
        code="role/may-not-write",
        severity=Severity.REFUSE,
        message=ROLE_MAY_NOT_WRITE if able else NO_ROLE_MAY_WRITE,
        clause=clause,
        facts=facts,
    )
