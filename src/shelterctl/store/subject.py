"""Whom entries are about: how an id or a code that a person types leads to a client, a house, a member of staff, an NGO
or a provider.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from shelterctl.core.manual.track import REGISTER_HOMES
from shelterctl.core.record.register import HOME_KEY
from shelterctl.core.values.facts import Facts
from shelterctl.errors import NotFound, UsageError
from shelterctl.store.folder import could_be_client_id, parse_client_id, record_file
from shelterctl.ui_language import N_

if TYPE_CHECKING:
    from shelterctl.store.store import Store

REGISTER_OF_HOME: Mapping[str, str] = {"house": "facilities", "staff": "staff", "ngo": "ngos", "provider": "providers"}
"""The register of codes of each home."""

CODE_IN_SEVERAL = N_("This code is in several registers. Name one: {names}.")
NO_SUCH_HOME = N_("Before the colon stands one of: {homes}.")
NO_SUCH_HOME_BUT_NEAR = N_("Before the colon stands one of: {homes}. Did you mean {near}?")
CODE_NOT_REGISTERED = N_("Nothing is registered under that code.")
CODE_NOT_REGISTERED_BUT_NEAR = N_("Nothing is registered under that code. Did you mean {near}?")
NEITHER_ID_NOR_CODE = N_(
    "This is neither a code that is registered nor the id of a client: an id has eight digits and Latin letters, such "
    "as 7QF2-M9KD."
)
SEE_IDS_AND_REGISTERS = N_(
    "See the ids with: shelterctl list. See the codes with: shelterctl facility list, shelterctl staff list, "
    "shelterctl ngo list, shelterctl provider list"
)
SEE_REGISTERS = N_(
    "See the codes with: shelterctl facility list, shelterctl staff list, shelterctl ngo list, shelterctl provider list"
)


def record_name(record: Facts) -> str:
    """Return the name under which a record is known: its file in the store, or its home and code."""
    return f"registers/{record[HOME_KEY]}/{record['id']}" if HOME_KEY in record else record_file(str(record["id"]))


def find_code(store: "Store", typed: str) -> tuple[str, str] | None:
    """Return the home and the code that a person means, such as ``bishkek`` or ``ngo:osh``; None if it may be an id.

    Raises UsageError for a code of several registers, NotFound for an unknown code after a colon, or for a word that
    is nearly a code and cannot be an id.
    """
    home, colon, code = typed.strip().partition(":")
    if colon:
        _require_home(home)
        if code not in list_codes(store, home):
            raise _unknown_code_error(code, list_codes(store, home))
        return home, code
    if could_be_client_id(home) and parse_client_id(home) in store.ids():
        return None  # her file is found although a register of codes may be damaged
    found = [each for each in REGISTER_HOMES if home in list_codes(store, each)]
    if len(found) > 1:
        raise UsageError("usage/which-register", CODE_IN_SEVERAL, names=[f"{each}:{home}" for each in found])
    if not found and not could_be_client_id(home):
        unknown = _unknown_code_error(home, [code for each in REGISTER_HOMES for code in list_codes(store, each)])
        if "near" in unknown.facts:
            raise unknown
    return (found[0], home) if found else None


def require_id_or_code(typed: str) -> None:
    """Raise UsageError for a word that is no code and cannot be a client's id, where either may be typed."""
    if not could_be_client_id(typed):
        raise UsageError("usage/id", NEITHER_ID_NOR_CODE, hint=SEE_IDS_AND_REGISTERS)


def _unknown_code_error(typed: str, codes: Iterable[str]) -> NotFound:
    """Return the error for a word that is no code, with the nearest of the *codes*, if one is alike."""
    near = get_close_matches(typed.casefold(), [*codes], 1)
    if near:
        return NotFound("register/unknown-code", CODE_NOT_REGISTERED_BUT_NEAR, hint=SEE_REGISTERS, near=near)
    return NotFound("register/unknown-code", CODE_NOT_REGISTERED, hint=SEE_REGISTERS)


def _require_home(home: str) -> None:
    if home not in REGISTER_HOMES:
        near = get_close_matches(home.casefold(), REGISTER_HOMES, 1)
        message = NO_SUCH_HOME_BUT_NEAR if near else NO_SUCH_HOME
        raise UsageError("usage/home", message, homes=[*REGISTER_HOMES], near=near)


def list_codes(store: "Store", home: str) -> Mapping[str, Any]:
    """Return the registered codes of a home, each with what is registered under it."""
    if home == "house":
        return store.shelter.value["facilities"]  # type: ignore[no-any-return]
    return store.registers[REGISTER_OF_HOME[home]]
