"""What may be written down of one kind: its fields with their codes, what is held against it, and when it is due."""

from datetime import date
from typing import Any

from shelterctl.act.addition import command_of
from shelterctl.core.field import Field, called, offered
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.sentence import quoted
from shelterctl.core.track import Track
from shelterctl.core.tree import HOMES
from shelterctl.explained.layout import layout
from shelterctl.explained.layout import quoted as words_of
from shelterctl.explained.meaning import headings
from shelterctl.explained.rule import asked_beside, fields_of, named, of_rule, once, said_of
from shelterctl.language import N_, SPOKEN, shown
from shelterctl.library import Shelf

ASKED = N_("What is asked")
HELD = N_("What is said where something does not fit")
DUE = N_("When it is due")
HOW = N_("How it is written down")
FIELD = N_("{label} ({key}): {kind}")
MUST = N_("{label} ({key}): {kind}; it must be there")
CODES = N_("{label} ({key}): one of {codes}")
SEVERAL = N_("{label} ({key}): any of {codes}")
PARTY = N_("{label} ({key}): a code, as it is registered: {commands}")
PARTY_OR_WORDS = N_("{label} ({key}): a code, as it is registered, or words: {commands}")
ENTRY = N_("{label} ({key}): the id of an entry: {tracks}")
LINE = N_("{label} ({key}): the number of a line, as the form prints it, such as 2a")
NEVER_LEFT = N_("    it must be there")
BESIDE = N_("    only where {label} is answered with: {answers}")
SEALED = N_(
    "Sealed: {part}. Meant for: {roles}. But everyone who uses this computer can read it. Seen of it outside: {seen}."
)
ONE_BLOCK = N_(
    "Sealed: {part}. Meant for: {roles}. But everyone who uses this computer can read it. Every file has such a part, "
    "filled in or not."
)
ALONE = N_("Only one stands there. A wrong one is corrected by the same command, and never struck through.")
NAMED = "track {}"
"""Under which name each can be asked for; under its own alone where nothing else is called so."""


def tracks(shelf: Shelf) -> list[str]:
    """Every track, by the name under which none is taken for anything else."""
    return [NAMED.format(name) for name in shelf.track_names]


def track(shelf: Shelf, name: str, day: date) -> Outcome:
    """What may be written down there: fields, codes, rules in force on *day*, what is due, and how it is typed."""
    of = shelf.tracks[name.rpartition(" ")[2]]
    known, fields = shelf.clause(of.clause), [*fields_of({**of.fields, **of.clear})]
    rules = [one for rule in of.rules if (one := of_rule(shelf, of, rule, day))]
    known_rows = {it["row"]: it["text"] for it in shelf.duties.values()}
    dues = [(due.row, due.text or known_rows.get(due.row, of.text)) for due in of.due]
    typed = _typed(of)
    prose = layout(
        name,
        of.text,
        words_of(known["text"]),
        (ASKED, [line for key, one in fields for line in _field(shelf, of, key, one, day)]),
        (HELD, [("{it}", {"it": one}) for one in once(said_of(one) for one in rules)]),
        (DUE, [("{it}", {"it": words}) for _, words in dues]),
        (HOW, [*(("    {it}", {"it": line}) for line in typed), *_kept(shelf, of)]),
        headings(shelf, [of.clause, *(rule["clause"] for rule in rules if rule["clause"])]),
    )
    about = {"track": of.name, "text": of.text, "clause": of.clause, "home": list(of.home), "at": of.at}
    told = [{"field": key, **_told(one, day)} for key, one in fields]
    plain = [{name: each for name, each in rule.items() if name not in ("only", "refused")} for rule in rules]
    listed = {"keeps": of.keeps, "fields": told, "rules": plain, "due": [row for row, _ in dues if row], "typed": typed}
    sealed = {"sealed": {"part": of.seal.part, "marker": list(of.seal.marker)}} if of.seal else {}
    return Outcome(data={**about, **listed, **sealed, "acts": list(of.deeds)}, prose=prose)


def _kept(shelf: Shelf, of: Track) -> Said:
    """How it is kept: that there is one of it, for whom what is sealed is meant, and who can read it all the same."""
    one: Said = [(ALONE, {})] if of.keeps == "one" else []
    if not of.seal:
        return one
    fields = dict(fields_of(of.fields))
    seen = [quoted(fields[name].text) for name in of.seal.marker if name in fields]
    roles = [shelf.lists["roles"][role] for role in of.seal.readers]
    facts = {"part": shelf.lists["parts"][of.seal.part], "roles": roles, "seen": seen}
    return [*one, (SEALED if of.many else ONE_BLOCK, facts)]


def _typed(of: Track) -> list[str]:
    """The commands by which it is written down."""
    if not HOMES.keys() & {*of.home}:
        return [f"shelterctl {of.name} add CODE"]
    if command := command_of(of):
        return [f"shelterctl {command}"]
    ends = ("", " --from FILE", *([" ENTRY"] if of.many else []))
    return [
        *(f"shelterctl add ID {of.name}{end}" for end in ends),
        *(f"shelterctl {did} ID {of.name}" for did in of.deeds),
    ]


def _field(shelf: Shelf, of: Track, key: str, one: Field, day: date) -> Said:
    """A field in words: how it is called, under which key a file has it, what may stand there, and when it is asked."""
    codes = [
        {spoken: f"{code} ({shown(said, spoken)})" for spoken in SPOKEN} for code, said in offered(one, day).items()
    ]
    sentence = (SEVERAL if one.several else CODES) if codes else MUST if one.must else FIELD
    registers = [f"{each.name} list" for each in shelf.tracks.values() if each.at in one.of and one.kind == "party"]
    pointed = [shelf.tracks[name].text for name in one.of if one.kind == "entry" and name in shelf.tracks]
    pointing = ENTRY if pointed else LINE if one.kind == "entry" else sentence
    sentence = (PARTY_OR_WORDS if one.open else PARTY) if registers else pointing
    facts: dict[str, Any] = {"label": one.text or key, "key": key, "kind": called(one), "codes": codes}
    facts |= {"commands": registers, "tracks": pointed}
    left: Said = [(NEVER_LEFT, {})] if one.must and sentence is not MUST else []
    beside = [
        (BESIDE, asked_beside(shelf, of, _beside(shelf, of, key, name), said)) for name, said in one.asked_with.items()
    ]
    return [(sentence, facts), *left, *beside]


def _beside(shelf: Shelf, of: Track, key: str, name: str) -> str:
    """The name of a field beside which *key* is asked: one of the same group, else of the track."""
    near = f"{key.rpartition('.')[0]}.{name}"
    return near if named(shelf, of, near) else name


def _told(one: Field, day: date) -> dict[str, Any]:
    """A field for a program."""
    flags = {name: getattr(one, name) for name in ("must", "several", "open", "unknown", "zero", "by_file")}
    beside = {name: list(said) for name, said in one.asked_with.items()}
    more = {"of": list(one.of), "codes": list(offered(one, day)), "with": beside, "clause": one.clause}
    return {"text": one.text, "kind": one.kind, **{name: it for name, it in {**flags, **more}.items() if it}}
