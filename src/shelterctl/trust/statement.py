"""One statement of the trust chain: a line that changes who may read or write from then on, and its signatures."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from shelterctl import limits
from shelterctl.core.manual.own_limit import LIMIT_WORDS
from shelterctl.identity.keys import is_valid_signature
from shelterctl.immutable import immutable

STATEMENT_PURPOSE = b"shelterctl trust/1\n"
"""The bytes before the signed text of every statement, so that no signed journal line passes for a statement."""

StatementFields = dict[str, Any]
FieldCheck = Callable[[Any], bool]
"""A function that returns whether a value is valid in a field."""


def match_text(pattern: str) -> FieldCheck:
    """Return a check that a value is text of this pattern, with ASCII letters only."""
    # Compiled when first needed: most commands know the whole chain already.
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def match_fields(**checks: FieldCheck) -> FieldCheck:
    """Return a check that a value is a mapping with exactly these keys, in this order, each with its own check."""
    return lambda value: (
        isinstance(value, dict)
        and list(value) == list(checks)
        and all(check(value[key]) for key, check in checks.items())
    )


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 40


_HASH, _CODE = match_text("[0-9a-f]{64}"), match_text("[a-z][a-z0-9-]{0,31}")
_DEVICE = match_text("[0-9a-hjkmnp-tv-z]{8}")
# A key has one spelling: the bits that its last letter does not use are zero.
_AGE, _SIGN = match_text("age1[a-z0-9]{51}[qs][a-z0-9]{6}"), match_text("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_RIGHTS: Sequence[Sequence[str]] = (["write", "trust"], ["write"], ["trust"], [])
_REASONS_OF_AN_END = ("lost", "left", "copied")
_WORD = re.compile("[a-z][a-z0-9_-]{0,31}", re.ASCII)


def _are_words(value: Any) -> bool:
    """Whether a value is a list of code words, sorted, each once."""
    return (
        isinstance(value, list)
        and all(isinstance(word, str) and _WORD.fullmatch(word) for word in value)
        and value == sorted(set(value))
    )


def _are_words_by_word(value: Any) -> bool:
    """Whether a value is a mapping from code words, sorted, to lists of them."""
    return isinstance(value, dict) and _are_words(list(value)) and all(map(_are_words, value.values()))


def _is_day(value: Any) -> bool:
    """Whether a value is a real day, such as 2026-11-25."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_NAMES = match_text("[a-z0-9_,:.-]{0,64}")
_IS_LIMIT = match_fields(
    id=match_text("[0-9A-Z]{6}"), of=match_text("[a-z][a-z0-9-]{0,63}"), part=_NAMES, field=_NAMES,
    word=lambda word: word in LIMIT_WORDS, clause=match_text("[A-Za-z0-9./-]{1,32}"),
    number=match_text(r"[1-9][0-9]{0,8}|(?:0|[1-9][0-9]{0,8})\.[0-9]{1,2}"),
    house=lambda house: house == "" or _CODE(house),
    since=_is_day, until=lambda until: until == "" or _is_day(until), decided_by=_CODE, why=_CODE,
)  # fmt: skip
_IS_DEVICE = match_fields(code=_DEVICE, staff=_CODE, age=_AGE, sign=_SIGN, may=lambda may: may in _RIGHTS)
_IS_PAPER = match_fields(age=_AGE, sign=_SIGN)
_HEADING: Mapping[str, FieldCheck] = {
    "v": lambda value: type(value) is int and value == 1,
    "kind": match_text("[a-z]{1,16}"),
    "root": _HASH,
    "prev": lambda value: isinstance(value, list) and 1 <= len(value) <= 8 and all(map(_HASH, value)),
    "at": match_text(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d"),
    "by": _CODE,
}
_ROOT_HEADING = {key: check for key, check in _HEADING.items() if key not in ("root", "prev")}
_IS_ADOPTED = match_fields(device=_DEVICE, lines=_is_count, sha256=_HASH, remembered=lambda value: type(value) is bool)

STATEMENT_KINDS: Mapping[str, Mapping[str, FieldCheck]] = {
    "root": {
        "store": match_text("S[0-9A-Z]{12}"),
        "device": _IS_DEVICE,
        "recovery": match_fields(age=_AGE, sign=lambda value: value is None or _SIGN(value)),
    },
    "device": {"device": _IS_DEVICE},
    "end": {
        "device": _DEVICE,
        "lines": _is_count,
        "sha256": _HASH,
        "why": lambda why: why in _REASONS_OF_AN_END,
    },
    "recovery": {"recovery": _IS_PAPER},
    "accept": {"recovery": _IS_PAPER},
    "roles": {"staff": _CODE, "roles": _are_words},
    "access": {"parts": _are_words_by_word, "less": _are_words_by_word},
    "limit": {"limit": _IS_LIMIT},
    "settle": {"keep": lambda keep: isinstance(keep, list) and all(map(_DEVICE, keep)), "recovery": _IS_PAPER},
}
"""The fields of each kind of statement after its heading, in this order."""


class Signer(Protocol):
    """The signer of a statement: a device or the paper."""

    @property
    def signing_public(self) -> str:
        """The public key that verifies the signatures, base64."""

    def sign(self, data: bytes) -> str:
        """Return a signature that everyone can verify, base64."""


@immutable(eq=True)
class Statement:
    """The fields of a line, its signatures, and the line itself without its end."""

    fields: Mapping[str, Any]
    signatures: Mapping[str, str]
    line: bytes

    @property
    def kind(self) -> str:
        """The kind of the statement, a key of STATEMENT_KINDS or one that only a later version knows."""
        return str(self.fields["kind"])

    @property
    def day(self) -> str:
        """The day on which it was made."""
        return str(self.fields["at"])[:10]

    @property
    def is_known_kind(self) -> bool:
        """Whether this version knows statements of this kind."""
        return self.kind in STATEMENT_KINDS

    @property
    def digest(self) -> str:
        """The hash by which the next statement names this one; that of the first is the root of the store."""
        return hashlib.sha256(self.line).hexdigest()

    def has_valid_signatures(self) -> bool:
        """Whether it has signatures and all of them are valid."""
        payload = self.line[: self.line.rindex(b',"sigs":')] + b"}"
        return bool(self.signatures) and all(
            is_valid_signature(key, signature, STATEMENT_PURPOSE + payload)
            for key, signature in self.signatures.items()
        )


def sign_statement(fields: StatementFields, signers: Sequence[Signer]) -> Statement:
    """Return the statement, signed by each of *signers*, with its fields in the order of *fields*."""
    payload = _write_canonical_json(fields)
    signatures = {signer.signing_public: signer.sign(STATEMENT_PURPOSE + payload) for signer in signers}
    return parse_statement(
        payload[:-1] + b',"sigs":' + _write_canonical_json(signatures) + b"}", first=fields["kind"] == "root"
    )


def add_signature(statement: Statement, signer: Signer) -> Statement:
    """Return the statement with one more signature, over the bytes that were signed before."""
    payload = _write_canonical_json(statement.fields)
    signatures = {**statement.signatures, signer.signing_public: signer.sign(STATEMENT_PURPOSE + payload)}
    return parse_statement(payload[:-1] + b',"sigs":' + _write_canonical_json(signatures) + b"}", first=False)


def parse_statement(line: bytes, *, first: bool) -> Statement:
    """Return the statement of a line. Raises ValueError unless it is byte for byte as this program writes it."""
    if len(line) > limits.TRUST_LINE_BYTES:
        raise ValueError("too long")
    said = json.loads(line)
    if not isinstance(said, dict) or _write_canonical_json(said) != line or list(said)[-1:] != ["sigs"]:
        raise ValueError("not canonical")
    signatures = said.pop("sigs")
    if not isinstance(signatures, dict) or not all(
        _SIGN(key) and isinstance(value, str) for key, value in signatures.items()
    ):
        raise ValueError("signatures")
    heading = _ROOT_HEADING if first else _HEADING
    if list(said)[: len(heading)] != list(heading) or not all(check(said[key]) for key, check in heading.items()):
        raise ValueError("heading")
    kind = said["kind"]
    if first != (kind == "root"):
        raise ValueError("root")
    body = dict(STATEMENT_KINDS.get(kind, {}))
    if kind == "root" and "adopts" in said:
        body["adopts"] = _IS_ADOPTED
    rest = {key: said[key] for key in list(said)[len(heading) :]}
    if kind in STATEMENT_KINDS and (
        list(rest) != list(body) or not all(check(rest[key]) for key, check in body.items())
    ):
        raise ValueError("fields")
    return Statement(said, signatures, line)


def _write_canonical_json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()
