"""What a text means when it stands without quotes, and which characters no document may hold."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

LARGEST = 256 * 1024
LARGEST_STREAM = 1 << 20
KEPT = 4 << 20
"""How many bytes are read: of what somebody gives, of many documents in one, and of a file that was written here.

Ten years of a client are 3,000 entries, a megabyte; what is larger by far was not written here.
"""
MOST_DOCUMENTS = 2000
"""How many documents one stream may have: a house has some hundred clients in all its years."""
MOST_EVENTS = 400_000
"""How many keys, values and brackets a file has that somebody gives: as many as the largest of ten years, thrice."""
DEEPEST = 32
LONGEST_KEY = 200

REFUSED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that nobody sees and that change how a text reads. The joiners that Persian needs are not among them."""

_INVISIBLE = {
    "line-separator": "\r\x85\u2028\u2029",
    "direction": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "byte-order-mark": "\ufeff",
}

_SPECIAL = re.compile(
    r"""(?=[-+.~=<0-9tfnyoTFNYO]|\Z)(?:  # most texts are settled by their first letter
      (?P<nothing>~|null|)
    | (?P<truth>true|false)
    | (?P<whole>-?(?:0|[1-9][0-9]{0,15}))
    | (?P<decimal>-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,16})
    | (?P<number>(?i:[-+]?(?:
          (?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:e[-+]?[0-9]+)?
        | [0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?
        | 0x[0-9a-f_]+ | 0o[0-7_]+ | 0b[01_]+ | \.inf | \.nan)))
    | (?P<word>=|(?i:yes|no|on|off|y|n|true|false|null))
    | (?P<merge><<))""",
    re.VERBOSE,
)
"""Whatever any reader of YAML, of any version, takes for something else than text, days and times left out."""


@cache
def _unclear() -> re.Pattern[str]:
    """The same with days, times and telephone numbers: others make days of them, or numbers of base 60."""
    return re.compile(rf"{_SPECIAL.pattern} | [0-9][-0-9_.,:+/ TtZz]*", re.VERBOSE)


VALUES: Mapping[str, Callable[[str], object]] = {
    "nothing": lambda _: None,
    "truth": "true".__eq__,
    "whole": int,
    "decimal": Decimal,
}
"""How each kind of value is read."""

DOUBTS = {"number": "ambiguous-number", "word": "ambiguous-word", "merge": "alias"}
"""Why a text of each other kind needs quotes."""


def meaning(text: str) -> str | None:
    """What kind of thing *text* is without quotes; None where every reader takes it for text."""
    special = _SPECIAL.fullmatch(text)
    return special.lastgroup if special else None


def clear(text: str) -> bool:
    """Whether every reader takes *text* for text, and for the same one, without quotes."""
    return not _unclear().fullmatch(text)


def invisible(sign: str) -> str:
    """What is wrong with a character that is refused."""
    return next((wrong for wrong, signs in _INVISIBLE.items() if sign in signs), "control")
