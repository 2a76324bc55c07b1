"""A track of the shelf held against the rest: where it lies, how it is kept, its days, rules, parts and its sheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from shelterctl.core.around import Around
from shelterctl.core.entry import read_entry
from shelterctl.core.field import ENDS
from shelterctl.core.ruling import Ruling
from shelterctl.core.track import Part, Track, numbers
from shelterctl.core.wording import OF_A_PART, PUBLISHED
from shelterctl.language import N_
from shelterctl.library.file import Written, below
from shelterctl.library.trial.due import hold_due
from shelterctl.library.trial.field import LIFE, hold_fields
from shelterctl.library.trial.grammar import MISSING
from shelterctl.library.trial.rule import KIND, Held, answers
from shelterctl.library.trial.scope import Scope, field_in, names_in
from shelterctl.library.trial.sentence import DAY, hold_said
from shelterctl.library.trial.tree import ROOTS
from shelterctl.library.trial.verb import NUMBERS, hold

WITHOUT = N_("{key} means nothing without {other}")
CODED = N_("this is for what lies in the directory, and for nothing else: {keeps}")

DONE_BY = N_("an act is written into a group with on, a day, and by, who did it")

KEEPS = ("one", "many", "last", "coded")
TINTS = ("white", "pink", "blue")
FILLED_IN = ("ngo", "ngo_representative", "iom_representative", "identification_number", "total")
"""What paper fills into the words of every form, besides what only this one has."""

TELLING_APART = ("code", "partial", "day")
"""Kinds of fields that tell entries apart wherever one is named: none of them holds anybody's own words."""


def hold_track(written: Written, track: Track, scope: Scope, acts: Iterable[str]) -> None:
    """The track is whole beside the rest of its shelf, or BrokenRulebook says where it is not."""
    _Held(written, track, scope, acts).hold()


class _Held:
    """One track as it is written, and what it is held against."""

    def __init__(self, written: Written, track: Track, scope: Scope, acts: Iterable[str]) -> None:
        self.written, self.track, self.acts = written, track, tuple(acts)
        self.scope = scope.within(track.fields)
        self.value = written.value
        self.around = Around(day=DAY, today=DAY, tracks=scope.tracks)

    def hold(self) -> None:
        """The track is whole, or BrokenRulebook says where it is not."""
        written, track, value, scope = self.written, self.track, self.value, self.scope
        self._frame()
        hold_fields(written, "/fields", value.get("fields") or {}, track.fields, scope)
        hold_fields(written, "/each", value.get("each") or {}, track.each, scope.within(track.each, track.fields))
        hold_fields(written, "/clear", value.get("clear") or {}, track.clear, scope.within(track.clear))
        self._rules("/rules", value, scope, track)
        for name, part in track.parts.items():
            self._part(below("/parts", name), part, value["parts"][name])
        for number, due in enumerate(track.due):
            hold_due(written, below("/due", number), due, track, scope)
        for number, alarm in enumerate(track.alarms):
            answers(written, below("/alarms", number, "when"), alarm.when, scope)
        for number, titled in enumerate(track.titled):
            answers(written, below("/titled", number, "when"), titled.when, scope)
        self._sheet()

    def _frame(self) -> None:
        """Where it lies, how it is kept, and what it names of itself."""
        written, track, value = self.written, self.track, self.value
        for number, home in enumerate(track.home if "home" in value else ()):
            written.known("/home" if isinstance(value["home"], str) else below("/home", number), [home], ROOTS)
        written.known("/keeps", [track.keeps], KEEPS)
        if ("directory" in track.home) is not (track.keeps == "coded"):
            raise written.broken("rule", "/keeps" if "keeps" in value else "/home", CODED, keeps="coded")
        written.known("/act", [track.act] if track.act else [], self.acts)
        self._sealed()
        self._days()
        self._family()
        for key in ("unlisted", "advice", "groups"):
            if key in value and not track.parts:
                raise written.broken("rule", below("", key), WITHOUT, key=key, other="parts")
        if track.parts and not any(one.kind == "parts" for one in track.fields.values()):
            raise written.broken("rule", "/parts", WITHOUT, key="parts", other="is: parts")
        written.known("/unasked", [track.unasked] if track.unasked else [], PUBLISHED)
        for key in ("advice", "unlisted") if track.family in OF_A_PART else ():
            if key not in value:
                raise written.broken("shape", "", MISSING, key=key)

    def _sealed(self) -> None:
        """For whom it is meant, what lies outside all the same, and where acts are written that are done to it."""
        written, track = self.written, self.track
        if track.seal:
            written.known("/sealed/part", [track.seal.part], self.scope.lists["parts"])
            written.known("/sealed/readers", track.seal.readers, self.scope.lists["roles"])
            for number, name in enumerate(track.seal.marker):
                written.known(below("/sealed/marker", number), [name], track.fields)
        for name, deed in track.deeds.items():
            answers(written, below("/acts", name, "when"), deed.when, self.scope)
            at = below("/acts", name, "writes")
            found = field_in(track.fields, deed.writes)
            if found is None:
                raise written.unknown(at, deed.writes, names_in(track.fields))
            if found.kind != "group" or not {"on", "by"} <= {*found.fields}:
                raise written.broken("rule", at, DONE_BY)

    def _days(self) -> None:
        """The day that governs an entry, and those between which it lives."""
        written, track = self.written, self.track
        named = (track.day,) if isinstance(track.day, str) else track.day or ()
        for number, name in enumerate(named):
            self._day("/day" if len(named) == 1 else below("/day", number), name, "day", "time")
        life = track.life or ()
        for number, name in enumerate(life):
            self._day(below("/life", number), name, "day")
        if life and len(life) < len(ENDS):
            raise written.broken("rule", "/life", LIFE)
        if track.keeps == "last" and not named:
            raise written.broken("rule", "/keeps", WITHOUT, key="keeps: last", other="day")
        if track.per and track.keeps != "last":
            raise written.broken("rule", "/per", WITHOUT, key="per", other="keeps: last")
        for number, name in enumerate(track.apart):  # none of them is a text, which nobody else may read
            one = field_in(track.fields, name)
            if one is None or one.kind not in TELLING_APART:
                raise written.unknown(below("/apart", number), name, names_in(track.fields))
        for number, name in enumerate(track.per):
            if field_in(track.fields, name) is None:
                raise written.unknown(below("/per", number), name, names_in(track.fields))

    def _day(self, place: str, name: str, *kinds: str) -> None:
        found = field_in(self.track.fields, name)
        if found is None:
            raise self.written.unknown(place, name, names_in(self.track.fields))
        if found.kind not in kinds:
            raise self.written.broken("rule", place, KIND, name=name, kind=found.kind, kinds=kinds)

    def _family(self) -> None:
        """What tells its entries apart from those of its family; sealed ones say their track."""
        for name, code in () if self.track.seal else self.track.tells.items():
            if self.track.family is None:
                raise self.written.broken("rule", "/tells", WITHOUT, key="tells", other="family")
            found = field_in(self.track.fields, name)
            if found is None:
                raise self.written.unknown(below("/tells", name), name, names_in(self.track.fields))
            self.written.known(below("/tells", name), [code], self.scope.answers(found))

    def _rules(self, place: str, value: Mapping[str, Any], scope: Scope, of: Track | Part) -> None:
        track, part = self.track, isinstance(of, Part)
        whole = read_entry(track, {})
        entry = read_entry(of, {}, outer=whole) if part else whole
        for number, (rule, read) in enumerate(zip(value.get("rules") or (), of.rules, strict=True)):
            at = below(place, number)
            held = Held(self.written, at, rule, scope, self.acts, far=bool(track.act), track=track, part=part)
            hold(held)
            hold_said(held, read, entry, self.around)

    def _part(self, place: str, part: Part, value: Mapping[str, Any]) -> None:
        written, scope = self.written, self.scope.within(part.fields, self.track.fields)
        hold_fields(written, below(place, "fields"), value.get("fields") or {}, part.fields, scope)
        if part.group is not None:
            written.known(below(place, "group"), [part.group], self.track.groups)
        for number, name in enumerate(part.product):
            written.known(below(place, "product", number), [name], part.fields)
            if (kind := part.fields[name].kind) not in NUMBERS:
                raise written.broken("rule", below(place, "product", number), KIND, name=name, kind=kind, kinds=NUMBERS)
        self._rules(below(place, "rules"), value, scope, part)
        for number, due in enumerate(part.due):
            hold_due(written, below(place, "due", number), due, part, scope)
        rulings = (one for rule in part.rules for one in rule.history if isinstance(one, Ruling))
        written.filled(below(place, "text"), part.text, {name for one in rulings for name in numbers(one.asks)})

    def _sheet(self) -> None:
        """Every word in the braces of what is printed is filled in, and every place of it is there."""
        sheet, written = self.value.get("sheet"), self.written
        if sheet is None:
            return
        known = (*FILLED_IN, *(self.track.in_braces if self.track.family else ()))
        written.known("/sheet/tint", [sheet["tint"]] if "tint" in sheet else [], TINTS)
        for name, text in (sheet.get("texts") or {}).items():
            written.filled(below("/sheet/texts", name), text, known)
        for number, sentence in enumerate(sheet.get("sentences") or ()):
            written.filled(below("/sheet/sentences", number, "text"), sentence["text"], known)
        for label, name in (sheet.get("general") or {}).items():
            if self.scope.find(name) is None:
                raise written.unknown(below("/sheet/general", label), name, self.scope.names())
        for key in ("columns", "signed", "signs", "leaves_out"):
            listed = sheet.get(key) or ()
            for number, name in enumerate(listed):
                if field_in(self.track.fields, name) is None:
                    at = name if isinstance(listed, Mapping) else number
                    raise written.unknown(below(f"/sheet/{key}", at), name, names_in(self.track.fields))
        for number, name in enumerate(sheet.get("names") or ()):
            written.known(below("/sheet/names", number), [name], sheet.get("general") or {})
