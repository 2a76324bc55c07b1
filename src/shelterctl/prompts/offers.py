"""What the house knows already and may offer as an answer: its people, houses and partners; never a client's facts."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.people import staff_at_work
from shelterctl.language import Text
from shelterctl.questionnaire import FORMER_STAFF
from shelterctl.session import Session


def read_offers(session: Session) -> dict[str, dict[Any, Text | str]]:
    """The registers of the store by name, each with its codes or names and how they are shown.

    Whoever has left is offered nowhere: a question still reads such a code, where it is about a day before.
    """
    directory, registered = session.store.directory.value, session.store.staff.value["staff"]
    people, working = directory.get("staff") or {}, staff_at_work(registered, session.today)
    former = registered.keys() - working.keys()
    roles = session.rulebook.places["staff.role"].codes
    staff = {
        code: _code_with_name(code, people, roles.get(entry["role"], {"en": entry["role"]}))
        for code, entry in working.items()
    }
    names = {entry["name"]: entry["name"] for code, entry in people.items() if entry.get("name") and code not in former}
    providers = {entry["name"]: entry["name"] for entry in (directory.get("providers") or {}).values()}
    return {
        "staff": staff,
        FORMER_STAFF: {code: _code_with_name(code, people) for code in sorted(former)},
        "ngos": {code: _code_with_name(code, directory.get("ngos") or {}) for code in session.store.ngos},
        "facilities": {
            code: _code_with_name(code, directory.get("facilities") or {})
            for code in session.store.shelter.value["facilities"]
        },
        "people": names,
        "providers": providers,
        "drafters": names,
    }


def _code_with_name(code: str, entries: Mapping[str, Any], more: Text | None = None) -> Text:
    """A code with the name behind it, and what more is known, in every language."""
    name = (entries.get(code) or {}).get("name")
    head = f"{code} · {name}" if name else code
    return {language: f"{head} · {text}" for language, text in more.items()} if more else {"en": head}
