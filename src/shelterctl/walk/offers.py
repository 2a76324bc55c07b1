"""What the house knows already and may offer as an answer: its people, houses and partners; never a client's facts."""

from collections.abc import Mapping
from typing import Any

from shelterctl.core.stranger import at_work
from shelterctl.desk import Desk
from shelterctl.language import Text
from shelterctl.questionnaire import FORMER


def offers_of(here: Desk) -> dict[str, dict[Any, Text | str]]:
    """The registers of the store by name, each with its codes or names and how they are shown.

    Whoever has left is offered nowhere: a question still reads such a code, where it is about a day before.
    """
    directory, registered = here.store.directory.value, here.store.staff.value["staff"]
    people, working = directory.get("staff") or {}, at_work(registered, here.today)
    former = registered.keys() - working.keys()
    roles = here.shelf.places["staff.role"].codes
    staff = {
        code: _named(code, people, roles.get(entry["role"], {"en": entry["role"]})) for code, entry in working.items()
    }
    names = {entry["name"]: entry["name"] for code, entry in people.items() if entry.get("name") and code not in former}
    providers = {entry["name"]: entry["name"] for entry in (directory.get("providers") or {}).values()}
    return {
        "staff": staff,
        FORMER: {code: _named(code, people) for code in sorted(former)},
        "ngos": {code: _named(code, directory.get("ngos") or {}) for code in here.store.ngos},
        "facilities": {
            code: _named(code, directory.get("facilities") or {}) for code in here.store.shelter.value["facilities"]
        },
        "people": names,
        "providers": providers,
        "drafters": names,
    }


def _named(code: str, entries: Mapping[str, Any], more: Text | None = None) -> Text:
    """A code with the name behind it, and what more is known, in every language."""
    name = (entries.get(code) or {}).get("name")
    head = f"{code} · {name}" if name else code
    return {language: f"{head} · {text}" for language, text in more.items()} if more else {"en": head}
