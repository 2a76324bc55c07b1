"""The part of YAML that is accepted: size limits, forbidden characters, and the meaning of unquoted text.

Any other text raises Unreadable, which says what is wrong and where, and never what was written there.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from yaml import MarkedYAMLError, YAMLError

from shelterctl.core.finding import Finding
from shelterctl.errors import ExitCode, ShelterError
from shelterctl.ui_language import N_

LARGEST_GIVEN = 256 * 1024
LARGEST_STREAM = 1 << 20
LARGEST_STORED = 4 << 20
"""Limits of size in bytes: for input, for a stream of several documents, and for a file that this program wrote.

Ten years of a client are 3,000 entries, about a megabyte; a much larger file was not written by this program.
"""
MOST_DOCUMENTS = 2000
"""Number of documents that one stream may have: a house has some hundred clients in all its years."""
MOST_EVENTS = 400_000
"""Number of keys, values and brackets that input may have: three times those of the largest file of ten years."""
DEEPEST_NESTING = 32
LONGEST_KEY = 200

REFUSED_CHARACTERS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Invisible characters that change how a text reads. The joiners that Persian needs are not among them."""

_REFUSED_BY_KIND = {
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
"""Texts that some reader of YAML takes for something else than text, in any version (days and times not included)."""


@cache
def _ambiguous_pattern() -> re.Pattern[str]:
    """Return `_SPECIAL` with days, times and telephone numbers, which others take for dates or base-60 numbers."""
    return re.compile(rf"{_SPECIAL.pattern} | [0-9][-0-9_.,:+/ TtZz]*", re.VERBOSE)


SCALAR_READERS: Mapping[str, Callable[[str], object]] = {
    "nothing": lambda _: None,
    "truth": "true".__eq__,
    "whole": int,
    "decimal": Decimal,
}
"""The function that reads each kind of value."""

AMBIGUOUS_SCALARS = {"number": "ambiguous-number", "word": "ambiguous-word", "merge": "alias"}
"""The error for each other kind of text, which needs quotes."""


def scalar_kind(text: str) -> str | None:
    """Return the kind of value that *text* is without quotes; None if every reader takes it for text."""
    special = _SPECIAL.fullmatch(text)
    return special.lastgroup if special else None


def is_plain_text(text: str) -> bool:
    """Whether every reader takes *text* without quotes for text, and for the same text."""
    return not _ambiguous_pattern().fullmatch(text)


def refused_character_kind(sign: str) -> str:
    """Return the error for a character that is refused."""
    return next((wrong for wrong, signs in _REFUSED_BY_KIND.items() if sign in signs), "control")


_WRONG = {
    "too-large": N_("This text is larger than {kib} KiB, the most that is accepted. Check that it is the right file."),
    "stream-too-large": N_(
        "This stream is larger than {kib} KiB, or has more than {most} documents. "
        "Give it in several parts, one after the other."
    ),
    "too-many": N_("This text has more than {most} keys and values. Check that it is the right file."),
    "encoding": N_("This is not UTF-8 text, from byte {offset} on. Save it again with the encoding UTF-8."),
    "sealed": N_("This file is encrypted. Decrypt it with age first, and give the result."),
    "control": N_("There is an invisible control character here. Delete it, or type the text again."),
    "line-separator": N_(
        "This line ends with a character that other programs do not treat as a line end. Delete it, and press Enter."
    ),
    "direction": N_(
        "An invisible character here changes the direction of writing, so the text can be misread. Delete it."
    ),
    "byte-order-mark": N_("There is an invisible byte order mark inside the text. Delete it, or type the line again."),
    "empty": N_("There is nothing here. Write at least one line such as key: value."),
    "not-a-mapping": N_("Keys with values are expected, not a list or a single text. Write lines such as key: value."),
    "several": N_("A second document begins here. Keep one in a file, without lines of --- or ... between."),
    "directive": N_("A line that begins with % is an instruction to programs. Delete it, or put the text in quotes."),
    "alias": N_("&, * and << cannot be used to repeat a part. Write the part out; if it is a text, put it in quotes."),
    "tag": N_("An exclamation mark before a value names a type. Delete it, or put the text in quotes."),
    "comment": N_("Comments are lost when a record is saved. Put the words in notes, or a text with # in quotes."),
    "duplicate-key": N_("This key occurs twice. Keep one of the two."),
    "key": N_(
        "A key must be one short text of at most {longest} letters. Shorten it, and write the rest as its value."
    ),
    "key-letters": N_("A letter of this key consists of two characters. Type the key again."),
    "key-colon": N_("There is a colon inside this key. Put a space after the colon, or the key in quotes."),
    "too-deep": N_("More than {deepest} levels are nested here. Remove some of them."),
    "ambiguous-number": N_(
        "This can be read as more than one number. Write an amount in plain digits, such as 750 or 750.50; "
        "write a telephone number, a code or a time of day in quotes."
    ),
    "ambiguous-word": N_("This can be read as a word or as an answer. Write true, false or null, or put it in quotes."),
    "tab": N_("There is a tab here where only spaces are allowed. Use spaces."),
    "quotes": N_("A quotation mark is opened here and not closed. Close it, or delete it."),
    "backslash": N_("A backslash in double quotes has a meaning of its own. Write two, or use single quotes."),
    "colon": N_("A colon is not expected here. Put a text with a colon in quotes, or align the line with those above."),
    "dash": N_("A list may not begin on this line. Begin it on the next, or put the text in quotes."),
    "first-sign": N_("A text cannot begin with this character. Put the text in quotes."),
    "brackets": N_("Brackets, braces or commas do not match here. Close those that are open, or use quotes."),
    "indentation": N_(
        "This line is still inside quotes or brackets. Begin it further right than the key or dash before them."
    ),
    "last-spaces": N_("The last line has only spaces. Delete them, or press Enter after them."),
    "syntax": N_("This line does not fit the lines above. Check its indentation, colons and quotes."),
}

_COMPLAINTS = {  # words of libyaml, each with our error; the first that occur decide
    "nesting depth": "too-deep",
    "tab character": "tab",
    "directive": "directive",
    "an alias": "alias",
    "an anchor": "alias",
    " tag": "tag",
    "quoted scalar: found unexpected": "quotes",
    "quoted scalar": "backslash",
    "mapping values": "colon",
    "block sequence entries": "dash",
    "block scalar": "first-sign",
    "cannot start any token": "first-sign",
    "flow": "brackets",
    "node content": "brackets",
    "<document start>": "several",
}

_LIMIT_FACTS = {
    "stream-too-large": {"kib": LARGEST_STREAM // 1024, "most": MOST_DOCUMENTS},
    "too-many": {"most": MOST_EVENTS},
    "too-deep": {"deepest": DEEPEST_NESTING},
    "key": {"longest": LONGEST_KEY},
}

_SHOWN_WHERE_OPENED = {"directive", "alias", "tag", "quotes", "first-sign", "brackets"}


class Unreadable(ShelterError):
    """A text that is not one strict mapping; the error says what is wrong and where, never what is written there."""

    exit = ExitCode.REFUSED

    def __init__(self, wrong: str, line: int | None = None, column: int | None = None, **facts: int) -> None:
        super().__init__(f"document/{wrong}", _WRONG[wrong], hint=None, **facts, **_LIMIT_FACTS.get(wrong, {}))
        self.line = line
        self.column = column


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of the character at *index*."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def unreadable_from_yaml(error: YAMLError, text: str) -> Unreadable:
    """Return an error of libyaml about *text* in the program's own words."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Unreadable("syntax")
    mark = error.problem_mark
    if text[mark.index : mark.index + 1] == "\t":
        return Unreadable("tab", mark.line + 1, mark.column + 1)
    words = f"{error.context}: {error.problem}"
    wrong = next((wrong for said, wrong in _COMPLAINTS.items() if said in words), "syntax")
    if wrong in _SHOWN_WHERE_OPENED:
        mark = error.context_mark or mark
    return Unreadable(wrong, mark.line + 1, mark.column + 1)


def unreadable_finding(error: Unreadable) -> Finding:
    """Return the finding that refuses an unreadable text."""
    return Finding(code=error.code, message=error.message, line=error.line, column=error.column, facts=error.facts)
