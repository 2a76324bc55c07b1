"""Lines that a device signs with its true key, and that are none of a journal: drawn by structure and by mutation."""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from shelterctl.identity.keys import Identity
from shelterctl.journal.line import LINE_2_START

DEEP = b"[" * 1500 + b"]" * 1500
VALUES = (
    b"null", b"true", b"0", b"-1", b"-2", b"1.5", b"1e400", b"-1e400", b"NaN", b"Infinity", b"1" + b"0" * 30,
    b"9" * 3000, b"0x1", b"01", b"[]", b"{}", b"[[[[[[1]]]]]]", b'{"a":{"a":{"a":{"a":{"a":1}}}}}', DEEP, b'""',
    b'"zzz"', b'"' + b"x" * 300 + b'"', b'"' + b"x" * 5000 + b'"', b'" "', b'"\\u0000"', b'"\\u202e"',
    '"\u202egnp"'.encode(), '"\u2066x\u2069"'.encode(), b'"\x1b[31mred"', b'"\x1b]0;t\x07"', b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"a\tb"', b'"a\rb"', b'"\\ud800"', b'"2026-02-30T09:00+06:00"', b'"0001-01-01T00:00+14:00"', b'"2026-11-20T09:00"',
    b'"9999-12-31T23:59-12:00"', b'"../../etc/passwd"', b'"a/../b"', b'"/etc/passwd"', b'".x"', b'"a//b"',
    b'"residents/7QF2-M9KD.yaml.age/"', b'"' + b"A" * 64 + b'"', b'"' + b"0" * 63 + b'"', b'"' + b"0" * 65 + b'"',
    '"\u0661\u0662"'.encode(), b"'x'", b"x", b"", b'"unended',
)  # fmt: skip
"""What may stand where something else belongs."""

FACTS = ("mend", "refused", "lost", "lines", "statements", "beyond", "vouched", "resealed", "reason", "later_fact")
MENDS = (
    {"device": "zzzzzzzz", "line": 0, "sha256": "0" * 64}, {"device": "zzzzzzzz", "line": 1}, {"line": 1},
    {"device": 7, "line": 1, "sha256": "0" * 64}, {"device": "zzzzzzzz", "line": "1", "sha256": "0" * 64},
    {"device": "zzzzzzzz", "line": 1, "sha256": None}, {"sha256": "0" * 64, "line": 1, "device": "zzzzzzzz"},
)  # fmt: skip
SEEN = (
    b'{"zzzzzzzz":1}', b'{"zzzzzzzz":[]}', b'{"zzzzzzzz":[1]}', b'{"zzzzzzzz":[1,"0000000000000000",1]}',
    b'{"zzzzzzzz":["1","0000000000000000"]}', b'{"zzzzzzzz":[1,"x"]}', b'{"zzzzzzzz":[-2,"0000000000000000"]}',
    b'{"zzzzzzzz":[1e400,"0000000000000000"]}', b'{"":[1,"0000000000000000"]}', b'{"../x":[1,"0000000000000000"]}',
    b'{"zzzzzzzz":[1,"0000000000000000"],"zzzzzzzz":[2,"0000000000000000"]}', b'{"zzzzzzzz":[1,"0000000000000000"],}',
    b'{"zzzzzzzz":[1,"0000000000000000"],"00000000":[2,"0000000000000000"]}', b'{"zzzzzzzz":{"0":1}}', b'{,}',
)  # fmt: skip

Fields = Mapping[str, bytes]


def fields(line: bytes) -> dict[str, bytes]:
    """What a whole line says, each value as it is written, without the signature."""
    said: dict[str, Any] = json.loads(line)
    return {key: json.dumps(value, separators=(",", ":")).encode() for key, value in said.items() if key != "sig"}


def spelt(said: Fields) -> bytes:
    """These fields as they stand in a line, up to its signature."""
    return b"{" + b",".join(b'"%s":%s' % (key.encode(), value) for key, value in said.items())


def sign(head: bytes, writer: Identity, root: str) -> bytes:
    """The bytes with a signature behind them that is true, whatever they are."""
    payload = head + b"}"
    purpose = b"shelterctl journal/2 %s\n" % root.encode() if payload.startswith(LINE_2_START) else b""
    return head + b',"sig":"%s"}' % writer.sign(purpose + payload).encode()


def structures(said: Fields) -> Iterator[bytes]:
    """Each field missing, doubled, in another place, of another kind; facts and what was seen of another kind."""
    keys = list(said)
    for key in keys:
        yield spelt({one: value for one, value in said.items() if one != key})
        yield spelt(said) + b',"%s":%s' % (key.encode(), said[key])
        yield spelt({key: said[key], **{one: value for one, value in said.items() if one != key}})
        yield spelt({(one if one != key else one.upper()): value for one, value in said.items()})
        yield from (spelt({**said, key: value}) for value in VALUES)
    yield from (spelt({**said, "seen": value}) for value in SEEN)
    yield from (spelt({**said, "more": value}) for value in VALUES)
    for fact in FACTS:
        yield from (spelt({**said, "more": b'{"%s":%s}' % (fact.encode(), value)}) for value in VALUES)
    for mend in MENDS:
        yield spelt({**said, "more": b'{"mend":%s}' % json.dumps(mend, separators=(",", ":")).encode()})
    for extra in ("file", "now", "prev", "sig", "X", "a b", "x" * 40):
        yield spelt({**said, "more": b'{"%s":"residents/7QF2-M9KD.yaml.age"}' % extra.encode()})
    yield from (
        b"",
        b"{",
        b"[1",
        b"null",
        b"\xff\xfe{",
        b"\xef\xbb\xbf" + spelt(said),
        b" " + spelt(said),
        spelt(said) + b" ",
    )
    yield spelt(said) + b',"x":1'
    yield spelt({"v": b"3", **{key: value for key, value in said.items() if key != "v"}})


def mutations(said: Fields, drawn: random.Random) -> Iterator[bytes]:
    """Without end: bytes of a true line changed, put in, taken out, repeated, or a piece put elsewhere."""
    whole = spelt(said)
    while True:
        data = bytearray(whole)
        for _ in range(drawn.choice((1, 1, 1, 2, 5))):
            at, to = sorted((drawn.randrange(len(data)), drawn.randrange(len(data))))
            way = drawn.randrange(6)
            if way == 0:
                data[at] ^= 1 << drawn.randrange(8)
            elif way == 1:
                data[at:at] = drawn.randbytes(drawn.randrange(1, 9))
            elif way == 2:
                del data[at : min(to, at + 20)]
            elif way == 3:
                data[at:at] = data[at : min(to, at + 60)]
            elif way == 4:
                data[at:at] = drawn.choice(VALUES)
            else:
                piece = data[at : at + 12]
                del data[at : at + 12]
                data[to:to] = piece
            data = data or bytearray(b"{")
        yield bytes(data)


def drawn(said: Fields, count: int, seed: int) -> Iterator[bytes]:
    """All that is drawn by structure, then mutations, up to that many in all; none has an end of a line or a zero."""
    numbers = random.Random(seed)  # noqa: S311 - the same lines each time
    changed, made = mutations(said, numbers), 0
    for head in structures(said):
        if not {0, 10} & set(head):
            made += 1
            yield head
    while made < count:
        head = next(changed)
        if not {0, 10} & set(head):
            made += 1
            yield head
