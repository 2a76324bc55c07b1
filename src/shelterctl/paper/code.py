"""The short code on a filled sheet: what it is bound to, and what has changed since it was printed."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping

from shelterctl.core.identifier import ALPHABET, letters
from shelterctl.errors import Usage
from shelterctl.language import N_

NOT_A_CODE = N_("A sheet's code is nine letters and digits, such as 4XK-792-QA5, as it stands at its foot.")

LENGTH, PART = 9, 3
_SHORT = 8
LAYOUT, WHOLE = "/layout", "00000003"
"""What is noted of a sheet on which all that it rests on is printed; sheets of 0.2.0 had less, and logs of 0.3.1."""
_SINCE_THEN = re.compile(r"/identification_number|/lines/[^/]+/(?!amount$|point$).+")
_BETWEEN = str.maketrans("", "", "- \u2013\u00a0")
"""What may stand between its parts."""


def code_of(
    key: bytes | None, record: str, form: str, language: str, of: str | None, facts: Mapping[str, str]
) -> str | None:
    """The code of a sheet: the same for the same facts, another one as soon as any of them is other.

    *key* is the store's own, so that nobody without the store can try names until one fits; None in a store of 0.1.0,
    and then there is no code.
    """
    if key is None:
        return None
    bound = json.dumps([record, form, language, of, sorted(facts.items())], ensure_ascii=False)
    number = int.from_bytes(hmac.digest(key, bound.encode(), "sha256")[:8], "big")
    drawn = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(drawn[at : at + PART] for at in range(0, LENGTH, PART))


def read_code(typed: str) -> str:
    """A code as it was typed, in any case, with or without hyphens; Usage if it cannot be one."""
    read = letters(typed).translate(_BETWEEN)
    if len(read) != LENGTH or not set(read) <= set(ALPHABET):
        raise Usage("usage/code-of-sheet", NOT_A_CODE)
    return "-".join(read[at : at + PART] for at in range(0, LENGTH, PART))


def shortened(record: str, facts: Mapping[str, str]) -> dict[str, str]:
    """What is kept of the facts: enough to see that one has changed, too little to say what it was."""
    return {LAYOUT: WHOLE} | {
        place: hashlib.sha256(f"{record}{place}={fact}".encode()).hexdigest()[:_SHORT] for place, fact in facts.items()
    }


def changed(
    kept: Mapping[str, str], now: Mapping[str, str], beside: Callable[[str], bool] = lambda _: False
) -> Iterator[str]:
    """The places at which the record says something else now, in their order on the sheet.

    What a sheet of an earlier version had no place for is no change: until 0.3.1 what stands *beside* the columns of a
    log.
    """
    places = (place for place in dict.fromkeys((*kept, *now)) if kept.get(place) != now.get(place) and place != LAYOUT)
    if kept.get(LAYOUT) == WHOLE:
        return places
    places = (place for place in places if place in kept or not beside(place))
    return (
        places if LAYOUT in kept else (place for place in places if place in kept or not _SINCE_THEN.fullmatch(place))
    )
