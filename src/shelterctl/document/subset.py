"""The part of YAML that is accepted: size limits, forbidden characters, and what a plain text means.

A text outside of it raises Unreadable, which says what is wrong and where, and never what was written there.
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
"""How many bytes are read: of what somebody gives, of many documents in one, and of a file that was written here.

Ten years of a client are 3,000 entries, a megabyte; what is larger by far was not written here.
"""
MOST_DOCUMENTS = 2000
"""How many documents one stream may have: a house has some hundred clients in all its years."""
MOST_EVENTS = 400_000
"""How many keys, values and brackets a file has that somebody gives: as many as the largest of ten years, thrice."""
DEEPEST_NESTING = 32
LONGEST_KEY = 200

REFUSED_CHARACTERS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that nobody sees and that change how a text reads. The joiners that Persian needs are not among them."""

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
"""Whatever any reader of YAML, of any version, takes for something else than text, days and times left out."""


@cache
def _ambiguous_pattern() -> re.Pattern[str]:
    """The same with days, times and telephone numbers: others make days of them, or numbers of base 60."""
    return re.compile(rf"{_SPECIAL.pattern} | [0-9][-0-9_.,:+/ TtZz]*", re.VERBOSE)


SCALAR_READERS: Mapping[str, Callable[[str], object]] = {
    "nothing": lambda _: None,
    "truth": "true".__eq__,
    "whole": int,
    "decimal": Decimal,
}
"""How each kind of value is read."""

AMBIGUOUS_SCALARS = {"number": "ambiguous-number", "word": "ambiguous-word", "merge": "alias"}
"""Why a text of each other kind needs quotes."""


def scalar_kind(text: str) -> str | None:
    """What kind of thing *text* is without quotes; None where every reader takes it for text."""
    special = _SPECIAL.fullmatch(text)
    return special.lastgroup if special else None


def is_plain_text(text: str) -> bool:
    """Whether every reader takes *text* for text, and for the same one, without quotes."""
    return not _ambiguous_pattern().fullmatch(text)


def refused_character_kind(sign: str) -> str:
    """What is wrong with a character that is refused."""
    return next((wrong for wrong, signs in _REFUSED_BY_KIND.items() if sign in signs), "control")


_WRONG = {
    "too-large": N_("This text is larger than {kib} KiB, more than is read here. Check that it is the right file."),
    "stream-too-large": N_(
        "This stream is larger than {kib} KiB, or has more than {most} documents. "
        "Give it in several parts, one after the other."
    ),
    "too-many": N_("This text has more than {most} keys and values. Check that it is the right file."),
    "encoding": N_("This is not UTF-8 text, from byte {offset} on. Save it again with the encoding UTF-8."),
    "sealed": N_("This file is encrypted. Open it with age first, and hand on what comes out."),
    "control": N_("An invisible control character stands here. Delete it, or type the text again."),
    "line-separator": N_("A line ends here in a way that other programs do not see. Delete that, and press Enter."),
    "direction": N_("An invisible sign here turns the direction of writing, so a text can read as another. Delete it."),
    "byte-order-mark": N_("An invisible byte order mark stands inside the text. Delete it, or type the line again."),
    "empty": N_("There is nothing to read here. Write at least one line such as key: value."),
    "not-a-mapping": N_("Keys with values are expected, not a list or a single text. Write lines such as key: value."),
    "several": N_("A second document begins here. Keep one in a file, without lines of --- or ... between."),
    "directive": N_("A line that begins with % is an instruction to programs. Delete it, or put the text in quotes."),
    "alias": N_("Parts are not repeated by &, * or << here. Write the part out; put a text that begins so in quotes."),
    "tag": N_("An exclamation mark before a value names a type. Delete it, or put the text in quotes."),
    "comment": N_("Comments are lost when a record is saved. Put the words in notes, or a text with # in quotes."),
    "duplicate-key": N_("This key stands here for the second time. Keep one of the two."),
    "key": N_("A key must be one short text of at most {longest} letters. Write it so, and the rest as its value."),
    "key-letters": N_("A letter of this key is put together from two signs. Type the key again."),
    "key-colon": N_("A colon stands inside this key. Put a space after the colon, or the key in quotes."),
    "too-deep": N_("More than {deepest} levels stand inside each other here. Take some of them out."),
    "ambiguous-number": N_(
        "This can be read as more than one number. Write an amount in plain digits, such as 750 or 750.50; "
        "write a telephone number, a code or a time of day in quotes."
    ),
    "ambiguous-word": N_("This can be read as a word or as an answer. Write true, false or null, or put it in quotes."),
    "tab": N_("A tab stands where only spaces may. Use spaces."),
    "quotes": N_("A quotation mark is opened here and not closed. Close it, or delete it."),
    "backslash": N_("A backslash in double quotes has a meaning of its own. Write two, or use single quotes."),
    "colon": N_("A colon is not expected here. Put a text with a colon in quotes, or align the line with those above."),
    "dash": N_("A list may not begin on this line. Begin it on the next, or put the text in quotes."),
    "first-sign": N_("A text may not begin with this sign. Put the text in quotes."),
    "brackets": N_("Brackets, braces or commas do not fit together here. Close what is open, or use quotes."),
    "indentation": N_(
        "This line is still inside quotes or brackets. Begin it further right than the key or dash before them."
    ),
    "last-spaces": N_("The last line has spaces and nothing else. Delete them, or press Enter after them."),
    "syntax": N_("This line does not go with those above. Check its indentation, colons and quotes."),
}

_COMPLAINTS = {  # words of libyaml, and what is wrong; the first that fit are taken
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
    """A text that is not one strict mapping; says what is wrong and where, never what stands there."""

    exit = ExitCode.REFUSED

    def __init__(self, wrong: str, line: int | None = None, column: int | None = None, **facts: int) -> None:
        super().__init__(f"document/{wrong}", _WRONG[wrong], hint=None, **facts, **_LIMIT_FACTS.get(wrong, {}))
        self.line = line
        self.column = column


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at *index*."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def unreadable_from_yaml(error: YAMLError, text: str) -> Unreadable:
    """What libyaml did not like about *text*, in our words."""
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
    """The finding that refuses an unreadable text."""
    return Finding(code=error.code, message=error.message, line=error.line, column=error.column, facts=error.facts)
