"""Checks of a track: where it is kept, its fields, days, rules, parts, deadlines and its sheet."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from shelterctl.core.manual.field import CLIENTS_REGISTER, FIELD_KINDS, SPAN_ENDS, Field, Fields, read_field
from shelterctl.core.manual.sheet import (
    CARD_SHEET,
    CHECKLIST_SHEET,
    CONTENTS_SHEET,
    LETTER_SHEET,
    NOTICE_SHEET,
    ContentsRow,
    PrintedForm,
)
from shelterctl.core.manual.track import MONITORING, FileHold, FormPart, Seal, Track, numbered_limit
from shelterctl.core.record.entries import read_entry
from shelterctl.core.record.keyed_groups import is_list_of_groups, may_lack_text
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import KIND_UNSUITABLE, RESERVED_NAMES, find_field_among, names_of_fields
from shelterctl.core.rules.verbs.verb import NUMBER_KINDS, PARAMETER_IDLE_BESIDE, SAMPLE_DAY
from shelterctl.rulebook.files import RulebookFile, collecting, pointer_below, words_with_places
from shelterctl.rulebook.lint.at_once import check_at_once
from shelterctl.rulebook.lint.deadlines import PARTY_OF_STAFF_WANTED, check_deadline
from shelterctl.rulebook.lint.registers import HOMES_OF_CODES, is_register_of_codes
from shelterctl.rulebook.lint.rules import RuleCheck, check_rule, check_sentences
from shelterctl.rulebook.lint.scope import CheckedScope, require_field_of
from shelterctl.rulebook.lint.structure import Dependency, refuse_cycles
from shelterctl.rulebook.reader import KEY_MISSING
from shelterctl.ui_language import N_

AFTERWARDS_IS_ASKED = N_("afterwards has no effect beside {key}; leave one of them out")
KEY_IDLE_AT_KIND = N_("{key} has no effect in a field of the kind {kind}; leave it out")
KIND_NEEDS_KEY = N_("a field of the kind {kind} needs one of these: {keys}")
CODES_IN_TWO_PLACES = N_("write the codes here or name a list under the key of, not both")
FIELD_NAME_RESERVED = N_(
    "in a rule this name means something else, so no rule could read the field; choose another name than {names}"
)
CLIENTS_NAMED_ALONE = N_("clients are named by their ids alone: name no other register here, and allow no words")
SINGLE_LIST_WANTED = N_("only one list can be named here")
FIELD_WITHOUT_TEXT = N_("this field needs a text")
LIST_OF_GROUPS_IN_FORM = N_(
    "a form, its lines and questions after discharge cannot have a list of groups; leave out the key several"
)
VALUE_NOT_OF_KIND = N_("this is not a value of the kind {kind}")
SPAN_FIELDS_WANTED = N_("in a {kind}, from and to are days and all other fields are texts")
LIFE_DAYS_WANTED = N_("name two or more fields of the kind day: a first day, and one that ends it")

KINDS_BY_KEY: Mapping[str, tuple[str, ...]] = {
    "codes": ("code",), "of": ("code", "party", "entry"), "open": ("code", "party"), "zero": ("whole", "som", "months"),
    "letters": ("text",), "ahead": ("day", "time", "span"), "nameless": ("text",), "boxes": ("code", "yes_no"),
    "fields": ("group", "span"),
    "life": ("group",), "offers": ("text",), "marks": ("day", "partial"),
}  # fmt: skip
"""Kinds of fields for which a key has an effect."""

KEYS_NEEDED_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "code": ("codes", "of"), "party": ("of",), "entry": ("of",), "group": ("fields",),
}  # fmt: skip


def check_fields(file: RulebookFile, place: str, value: Mapping[str, Any], fields: Fields, scope: CheckedScope) -> None:
    """Collect the mistakes of all fields of a mapping, also nested ones, and any circle in ``with`` or ``else``."""
    for name, each in value.items():
        file.collect(_refuse_reserved_name, file, pointer_below(place, name), fields[name])
        _FieldCheck(file, pointer_below(place, name), each, fields[name], scope, {}).run()
    for key in ("with", "else"):
        edges: dict[str, list[Dependency]] = {}
        for name, to, at in _dependencies_of_fields(place, value, key):
            edges.setdefault(name, []).append(Dependency(to, file, at))
        file.collect(refuse_cycles, edges)


def _refuse_reserved_name(file: RulebookFile, place: str, field: Field) -> None:
    """Raise BrokenRulebook for a field whose name rules read as something else, such as an event or the house.

    A field that names an entry may have such a name: to which stay an agreement belongs is what *stay* means.
    """
    if field.name in RESERVED_NAMES and field.kind != "entry":
        raise file.error_at("rule", place, FIELD_NAME_RESERVED, names=sorted(RESERVED_NAMES))


def _dependencies_of_fields(
    place: str, value: Mapping[str, Any], key: str, inside: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Yield every field with each other field that it names under a key, and the place."""
    for name, each in value.items():
        at = pointer_below(place, name)
        if key == "else" and isinstance(each.get(key), Mapping):
            yield f"{inside}{name}", each[key]["of"], pointer_below(at, key, "of")
        for other in each.get(key) or () if key == "with" else ():
            yield f"{inside}{name}", f"{inside}{other}" if other in value else other, pointer_below(at, key, other)
        yield from _dependencies_of_fields(
            pointer_below(at, "fields"), each.get("fields") or {}, key, f"{inside}{name}."
        )


class _FieldCheck(NamedTuple):
    """One field as it is written at a place of its file, and what it is checked against.

    *beside* are the fields of the group that the field is in; its key ``with`` is looked up there first.
    """

    file: RulebookFile
    place: str
    value: Mapping[str, Any]
    field: Field
    scope: CheckedScope
    beside: Fields

    def run(self) -> None:
        """Collect in its file the mistakes of the field, and of the fields inside it."""
        file, one, scope = self.file, self.field, self.scope
        with collecting(file.errors):
            self._check_keys_of_kind()
            self._check_targets()
            file.collect_unknown(self._at("boxes"), one.boxes, scope.allowed_answers(one))
        asked_beside = scope.within(self.beside, *scope.layers)
        file.collect(asked_beside.require_answers, file, self._at("with"), one.asked_with)
        file.collect(self._check_names_of_fields)
        file.collect(self._check_absent_meaning)
        for name, each in (self.value.get("fields") or {}).items():
            inner, at = one.fields[name], self._at("fields", name)
            _FieldCheck(file, at, each, inner, scope, one.fields).run()
            if one.kind == "span" and inner.kind != ("day" if name in SPAN_ENDS else "text"):
                file.errors.append(file.error_at("rule", pointer_below(at, "is"), SPAN_FIELDS_WANTED, kind=one.kind))
        life = [find_field_among(one.fields, name) for name in one.life]
        if one.life and (len(life) < len(SPAN_ENDS) or any(each is None or each.kind != "day" for each in life)):
            file.errors.append(file.error_at("rule", self._at("life"), LIFE_DAYS_WANTED))

    def _at(self, *keys: str) -> str:
        return pointer_below(self.place, *keys)

    def _check_names_of_fields(self) -> None:
        """Raise BrokenRulebook unless the other fields that it names are known."""
        if self.field.ahead_of:
            self.file.require_all_known(self._at("ahead"), self.value["ahead"], [*self.scope.all_names()])
        for key in ("enter", "note"):
            for name, at in words_with_places(self._at(key), self.value.get(key)):
                self.scope.require_name(self.file, at, name)
        if self.field.marks:
            beside_it = [name for fields in self.scope.layers for name, one in fields.items() if one.kind == "yes_no"]
            self.file.require_known(self._at("marks"), self.field.marks, beside_it)

    def _check_keys_of_kind(self) -> None:
        """Raise BrokenRulebook unless a field has the keys that its kind needs, and none without effect."""
        file, value, one = self.file, self.value, self.field
        for key, kinds in KINDS_BY_KEY.items():
            if key in value and one.kind not in kinds:
                raise file.error_at("rule", self._at(key), KEY_IDLE_AT_KIND, key=key, kind=one.kind)
        if one.kind in KEYS_NEEDED_BY_KIND and not any(key in value for key in KEYS_NEEDED_BY_KIND[one.kind]):
            raise file.error_at("shape", self.place, KIND_NEEDS_KEY, kind=one.kind, keys=KEYS_NEEDED_BY_KIND[one.kind])
        if one.afterwards and (one.must or one.by_file):
            raise file.error_at(
                "rule", self._at("afterwards"), AFTERWARDS_IS_ASKED, key="must" if one.must else "by_file"
            )
        if "codes" in value and "of" in value:
            raise file.error_at("rule", self._at("codes"), CODES_IN_TWO_PLACES)
        if not one.text and not may_lack_text(one):
            raise file.error_at("shape", self.place, FIELD_WITHOUT_TEXT)

    def _check_targets(self) -> None:
        """Raise BrokenRulebook unless the list of codes, registers or entries that a field refers to exist."""
        file, one, scope = self.file, self.field, self.scope
        if one.kind == "code" and len(one.of) > 1:
            raise file.error_at("rule", self._at("of"), SINGLE_LIST_WANTED)
        registers = [track.at for track in scope.tracks.values() if track.is_coded] + [CLIENTS_REGISTER]
        if one.kind == "party" and CLIENTS_REGISTER in one.of and (len(one.of) > 1 or one.open):
            raise file.error_at("rule", self._at("of"), CLIENTS_NAMED_ALONE)
        known = {"code": scope.lists, "party": registers, "entry": scope.tracks}
        for name, at in words_with_places(self._at("of"), self.value.get("of")):
            first, dot, inside = name.partition(".") if one.kind == "entry" else (name, "", "")
            if not dot:
                file.require_known(at, first, known[one.kind])
                continue
            whole = scope.find(first)
            if whole is None or whole.kind != "entry":
                raise file.unknown_word_error(at, first, [each for fields in scope.layers for each in fields])
            for track in (scope.tracks[each] for each in whole.of if each in scope.tracks):
                parts = [each for each, field in track.fields.items() if field.kind == "parts"]
                file.require_known(at, inside, parts)

    def _check_absent_meaning(self) -> None:
        """Raise BrokenRulebook unless ``else`` names a known field, or is a value of the field's own kind."""
        one = self.field
        if "else" not in self.value:
            return
        if isinstance(one.absent, Mapping):
            self.scope.require_name(self.file, self._at("else", "of"), one.absent["of"])
        elif read_field(one, one.absent) is None:
            raise self.file.error_at("rule", self._at("else"), VALUE_NOT_OF_KIND, kind=one.kind)
        elif one.kind == "code":
            self.file.require_known(self._at("else"), str(one.absent), self.scope.allowed_answers(one))


KEY_NEEDS_OTHER = N_("{key} has no effect without {other}; write both, or neither")
ONLY_FOR_DIRECTORY = N_("keeps: {keeps} and home: directory go together; write both, or neither")
HOME_WITHOUT_CODES = N_("a register of codes belongs to one of these homes: {homes}")
HOME_OF_ITS_OWN = N_("{home} cannot be the home of a track together with another home; name it alone")
REGISTER_KEEPS_LIST = N_("a register is a list; write keeps: many, or keeps: last")
REGISTER_NEEDS_DAY = N_("an entry of a register lies by its month; name under day a field that has must: true")
REGISTER_AT_ONE_KEY = N_("a register lies under one key of its home; write one word under at, without a full stop")
SEALED_AT_ITSELF = N_("sealed entries have a place of their own; leave at out")

HOLD_NEEDS_CLIENTS = N_(
    "an entry of a register holds the files of the clients whom it names; add a field of: [clients]"
)
ACT_NEEDS_GROUP = N_("name a group here that has the fields on (the day) and by (who did it)")

FACTS_OF_EVERY_FORM = ("ngo", "ngo_representative", "iom_representative", "identification_number", "total")
"""Facts that fill the texts of every printed form, besides those that only one form has."""

TEXTS_MISSING = N_("the paper needs these texts too, under sheet, texts: {names}")
TEXTS_OF_FORM = (
    "title", "subtitle", "number", "place", "date", "preamble", "description", "requested", "total", "in_writing",
    "guidelines", "signed", "ngo", "iom", "name",
)  # fmt: skip
"""Texts that every printed financial form consists of."""
TEXTS_OF_REPORT = ("title", "social_worker", "dated_and_signed", "duty", "general", "reintegration", "yes", "no")
"""Texts that the printed monitoring report consists of, besides one for each of its general data."""

NOTICE_HAS_WORDS = N_("a notice prints words alone; leave track out, or write kind: contents")

KINDS_BY_SHEET_KEY: Mapping[str, tuple[str, ...]] = {
    "columns": tuple(kind for kind in FIELD_KINDS if kind != "parts"), "signs": ("yes_no",),
    "to": ("text", "party", "code"), "dated": ("day", "time"),
}  # fmt: skip
"""Kinds of fields that can be a column of a row, that she can sign for there (only a yes or no), and that name the
recipient and the day of a letter.
"""

DISTINGUISHING_KINDS = ("code", "partial", "day")
"""Kinds of fields that tell entries apart wherever one is named; none of them holds a person's own words."""


def check_track(file: RulebookFile, track: Track, scope: CheckedScope, acts: Iterable[str]) -> None:
    """Collect in its file the mistakes of a track, checked against the rest of its rulebook."""
    _TrackCheck(file, track, scope, acts).run()


class _TrackCheck:
    """One track as it is written, and what it is checked against."""

    def __init__(self, file: RulebookFile, track: Track, scope: CheckedScope, acts: Iterable[str]) -> None:
        self.is_register = is_register_of_codes(track)
        self.file, self.track, self.acts = file, track.whole, () if self.is_register else tuple(acts)
        self.scope = scope.within(self.track.fields)
        self.value = file.value
        self.context = Context(day=SAMPLE_DAY, today=SAMPLE_DAY, tracks=scope.tracks)

    def run(self) -> None:
        """Collect the mistakes of the track in its file."""
        file, track, value, scope = self.file, self.track, self.value, self.scope
        for check in (self._check_frame, self._check_seal_and_acts, self._check_days, self._check_family):
            file.collect(check)
        check_fields(file, "/fields", value.get("fields") or {}, track.fields, scope)
        check_fields(
            file, "/each", value.get("each") or {}, track.part_fields, scope.within(track.part_fields, track.fields)
        )
        check_fields(file, "/clear", value.get("clear") or {}, track.clear, scope.within(track.clear))
        self._check_rules("/rules", value, scope, track)
        self._refuse_lists_of_groups_in_form()
        for name, part in track.parts.items():
            self._check_part(pointer_below("/parts", name), part, value["parts"][name])
        for number, due in enumerate(track.due):
            file.collect(check_deadline, file, pointer_below("/due", number), due, track, scope)
        answers = {pointer_below("/alarms", number, "when"): one.when for number, one in enumerate(track.alarms)}
        for number, alarm in enumerate(track.alarms):
            file.collect_unknown(pointer_below("/alarms", number, "opens"), alarm.opens, scope.every_track)
        answers |= {pointer_below("/titled", n, "when"): one.when for n, one in enumerate(track.conditional_titles)}
        for at, when in answers.items():
            file.collect(scope.require_answers, file, at, when)
        if track.holds:
            file.collect(self._check_hold, track.holds)
        self._check_sheet()
        check_at_once(file, track, scope)

    def _check_frame(self) -> None:
        """Raise BrokenRulebook unless its home, how it is kept, and its keys about itself fit together."""
        file, track, value = self.file, self.track, self.value
        if "directory" in track.home and not track.is_coded:
            raise file.error_at("rule", "/keeps" if "keeps" in value else "/home", ONLY_FOR_DIRECTORY, keeps="coded")
        if track.is_coded and not self.is_register:
            raise file.error_at("rule", "/keeps", HOME_WITHOUT_CODES, homes=HOMES_OF_CODES)
        if track.of_register:
            self._check_register_frame()
        file.require_known("/act", track.act, self.acts)
        for key in ("unlisted", "advice", "groups"):
            if key in value and not track.parts:
                raise file.error_at("rule", pointer_below("", key), KEY_NEEDS_OTHER, key=key, other="parts")
        if track.parts and not any(one.kind == "parts" for one in track.fields.values()):
            raise file.error_at("rule", "/parts", KEY_NEEDS_OTHER, key="parts", other="is: parts")
        file.require_known("/unasked", track.unasked_code, self.scope.published)
        for key in ("advice", "unlisted") if track.family in {family for family, _ in track.published.by_way} else ():
            if key not in value:
                raise file.error_at("shape", "", KEY_MISSING, key=key)

    def _check_register_frame(self) -> None:
        """Collect what an entry of a register needs: one home, a list of its own, and a day that gives its month."""
        file, track, value = self.file, self.track, self.value
        if track.home[1:]:
            file.errors.append(file.error_at("rule", "/home", HOME_OF_ITS_OWN, home=track.of_register))
        if track.keeps == "one":
            place = "/keeps" if "keeps" in value else ""
            file.errors.append(file.error_at("rule", place, REGISTER_KEEPS_LIST))
        if track.seal and "at" in value:
            file.errors.append(file.error_at("rule", "/at", SEALED_AT_ITSELF))
        elif not track.seal and (not track.at or "." in track.at):
            file.errors.append(file.error_at("rule", "/at", REGISTER_AT_ONE_KEY))
        days = [track.fields.get(name) for name in ((track.day,) if isinstance(track.day, str) else track.day or ())]
        if not any(one and one.must and not one.asked_with for one in days):
            file.errors.append(file.error_at("rule", "/day" if "day" in value else "", REGISTER_NEEDS_DAY))

    def _check_seal(self, seal: Seal) -> None:
        """Raise BrokenRulebook unless the parts, readers and markers of a seal, and whom it is not for, are known."""
        file, parts, roles = self.file, self.scope.lists.get("parts", {}), self.scope.lists.get("roles", {})
        file.require_known("/sealed/part", seal.part, parts)
        for reader in seal.readers:
            file.require_known("/sealed/readers", reader, roles)
        file.require_all_known("/sealed/marker", seal.marker, self.track.fields)
        inside = [name for name in self.track.fields if name not in seal.marker]
        file.require_all_known("/sealed/listed", seal.listed, inside)
        if seal.not_for is not None:
            found = require_field_of(file, "/sealed/not_for", seal.not_for, self.track.fields)
            if found.kind != "party" or "staff" not in found.of:
                raise file.error_at("rule", "/sealed/not_for", PARTY_OF_STAFF_WANTED)
        if seal.instead:
            if seal.not_for is None:
                raise file.error_at("rule", "/sealed/instead", KEY_NEEDS_OTHER, key="instead", other="not_for")
            file.require_known("/sealed/instead/part", seal.instead.part, {*parts} - {seal.part})
            file.require_all_known("/sealed/instead/readers", seal.instead.readers, roles)

    def _check_seal_and_acts(self) -> None:
        """Raise BrokenRulebook unless the readers, markers and acts that a track names are known."""
        file, track = self.file, self.track
        if track.seal:
            self._check_seal(track.seal)
        for name, deed in track.entry_acts.items():
            self.scope.require_answers(file, pointer_below("/acts", name, "when"), deed.when)
            at = pointer_below("/acts", name, "writes")
            found = require_field_of(file, at, deed.writes, track.fields)
            if found.kind != "group" or not {"on", "by"} <= {*found.fields}:
                raise file.error_at("rule", at, ACT_NEEDS_GROUP)
            if not found.text:  # the act is described with this text
                raise file.error_at("shape", pointer_below("/fields", deed.writes), FIELD_WITHOUT_TEXT)

    def _check_hold(self, hold: FileHold) -> None:
        """Raise BrokenRulebook unless an entry can be read and says whose file it holds."""
        file, track = self.file, self.track
        self.scope.require_answers(file, "/holds/when", hold.when)
        if track.seal and not track.of_register:
            raise file.error_at("rule", "/holds", PARAMETER_IDLE_BESIDE, key="holds", other="sealed")
        if track.of_register and not track.client_fields:
            raise file.error_at("rule", "/holds", HOLD_NEEDS_CLIENTS)

    def _check_days(self) -> None:
        """Raise BrokenRulebook unless the day that governs an entry, and the days of its life, are fields that fit."""
        file, track = self.file, self.track
        named = (track.day,) if isinstance(track.day, str) else track.day or ()
        for number, name in enumerate(named):
            self._check_day("/day" if len(named) == 1 else pointer_below("/day", number), name, "day", "time")
        life = track.life or ()
        for number, name in enumerate(life):
            self._check_day(pointer_below("/life", number), name, "day")
        if life and len(life) < len(SPAN_ENDS):
            raise file.error_at("rule", "/life", LIFE_DAYS_WANTED)
        if track.keeps == "last" and not named:
            raise file.error_at("rule", "/keeps", KEY_NEEDS_OTHER, key="keeps: last", other="day")
        if track.per and track.keeps != "last":
            raise file.error_at("rule", "/per", KEY_NEEDS_OTHER, key="per", other="keeps: last")
        for number, name in enumerate(track.identifying_fields):  # a text is not accepted: others may not read it
            one = find_field_among(track.fields, name)
            if one is None or one.kind not in DISTINGUISHING_KINDS:
                raise file.unknown_word_error(pointer_below("/apart", number), name, names_of_fields(track.fields))
        for number, name in enumerate(track.per):
            require_field_of(file, pointer_below("/per", number), name, track.fields)

    def _check_day(self, place: str, name: str, *kinds: str) -> None:
        found = require_field_of(self.file, place, name, self.track.fields)
        if found.kind not in kinds:
            raise self.file.error_at("rule", place, KIND_UNSUITABLE, name=name, kind=found.kind, kinds=kinds)

    def _check_family(self) -> None:
        """Raise BrokenRulebook unless ``tells`` has a known code of a field; sealed entries name their track."""
        for name, code in () if self.track.seal else self.track.discriminator.items():
            if self.track.family is None:
                raise self.file.error_at("rule", "/tells", KEY_NEEDS_OTHER, key="tells", other="family")
            at = pointer_below("/tells", name)
            found = require_field_of(self.file, at, name, self.track.fields)
            self.file.require_known(at, code, self.scope.allowed_answers(found))

    def _check_rules(self, place: str, value: Mapping[str, Any], scope: CheckedScope, of: Track | FormPart) -> None:
        track, part = self.track, isinstance(of, FormPart)
        whole = read_entry(track, {})
        entry = read_entry(of, {}, outer=whole) if part else whole
        for number, (rule, read) in enumerate(zip(value.get("rules") or (), of.rules, strict=True)):
            at = pointer_below(place, number)
            check = RuleCheck(
                self.file,
                at,
                rule,
                read,
                scope,
                self.acts,
                track=track,
                may_open_other_files=bool(track.act) or self.is_register,
            )
            with collecting(self.file.errors):
                check_rule(check)
                check_sentences(check, entry, self.context)

    def _refuse_lists_of_groups_in_form(self) -> None:
        """Raise BrokenRulebook for a list of groups in an agreement or a report.

        These are saved as they were drafted, so a group of a list in them could not be changed.
        """
        listed = {"/each": self.track.part_fields} | {
            pointer_below("/parts", name, "fields"): part.fields for name, part in self.track.parts.items()
        }
        track = self.track
        asked_otherwise = track.parts or track.family or track.act or track.home == ("left",)
        listed |= {"/fields": track.fields} if asked_otherwise else {}
        for place, fields in listed.items():
            for name, one in fields.items():
                if is_list_of_groups(one) and not one.by_file:
                    raise self.file.error_at("rule", pointer_below(place, name, "several"), LIST_OF_GROUPS_IN_FORM)

    def _check_part(self, place: str, part: FormPart, value: Mapping[str, Any]) -> None:
        file, scope = self.file, self.scope.within(part.fields, self.track.fields)
        check_fields(file, pointer_below(place, "fields"), value.get("fields") or {}, part.fields, scope)
        for name, one in part.fields.items():
            if not one.text:  # the annex of a form prints a group under its own words
                file.errors.append(file.error_at("shape", pointer_below(place, "fields", name), FIELD_WITHOUT_TEXT))
        file.collect(file.require_known, pointer_below(place, "group"), part.group, self.track.groups)
        for name, at in words_with_places(pointer_below(place, "product"), part.product):
            with collecting(file.errors):
                file.require_known(at, name, part.fields)
                if (kind := part.fields[name].kind) not in NUMBER_KINDS:
                    raise file.error_at("rule", at, KIND_UNSUITABLE, name=name, kind=kind, kinds=NUMBER_KINDS)
        self._check_rules(pointer_below(place, "rules"), value, scope, part)
        for number, due in enumerate(part.due):
            file.collect(check_deadline, file, pointer_below(place, "due", number), due, part, scope)
        limits = part.limits(SAMPLE_DAY)
        numbers = {numbered_limit(name, at) for name, found in limits.items() for at in range(len(found))}
        file.collect(file.require_facts, pointer_below(place, "text"), part.text, numbers)

    def _check_sheet(self) -> None:
        """Collect texts that the sheet lacks, and names that are unknown in it and in the further papers."""
        sheet, file, track = self.value.get("sheet") or {}, self.file, self.track
        needed: tuple[str, ...] = (
            TEXTS_OF_FORM if track.family in {family for family, _ in track.published.by_way} else ()
        )
        if self.scope.tracks.serves(track.name, MONITORING):
            needed = (*TEXTS_OF_REPORT, *track.sheet.general)
        if missing := [name for name in needed if name not in track.sheet.texts]:
            at = "/sheet/texts" if "texts" in sheet else "/sheet" if sheet else ""
            file.errors.append(file.error_at("shape", at, TEXTS_MISSING, names=missing))
        known = (*FACTS_OF_EVERY_FORM, *(self.track.in_braces if self.track.family else ()))
        texts = {pointer_below("/sheet/texts", name): text for name, text in (sheet.get("texts") or {}).items()}
        for number, sentence in enumerate(sheet.get("sentences") or ()):
            texts[pointer_below("/sheet/sentences", number, "text")] = sentence["text"]
        for at, text in texts.items():
            file.collect(file.require_facts, at, text, known)
        self._check_printed("/sheet", sheet, track.sheet)
        for name, paper in (self.value.get("papers") or {}).items():
            self._check_paper(pointer_below("/papers", name), paper, track.papers[name])

    def _check_printed(self, place: str, written: Mapping[str, Any], printed: PrintedForm) -> None:
        """Collect the names in a sheet, or in a further paper, that mean nothing there."""
        file = self.file
        for label, name in (written.get("general") or {}).items():
            file.collect(self.scope.require_name, file, pointer_below(place, "general", label), name)
        for key in ("columns", "signed", "signs", "leaves_out"):
            listed = written.get(key) or ()
            for number, name in enumerate(listed):
                at = pointer_below(f"{place}/{key}", name if isinstance(listed, Mapping) else number)
                file.collect(self._check_sheet_field, key, at, name)
        file.collect(file.require_all_known, f"{place}/names", written.get("names"), written.get("general") or {})
        for number, statement in enumerate(printed.statements):
            at = pointer_below(place, "statements", number)
            file.collect(self.scope.require_answers, file, f"{at}/when", statement.when)
            file.collect(file.require_facts, f"{at}/text", statement.text, ("name",))
        for key in ("to", "dated"):
            if name := written.get(key):
                file.collect(self._check_sheet_field, key, pointer_below(place, key), name)
        if printed.shows:
            file.collect(self._check_shown, f"{place}/shows", printed)
        self._check_rows(place, printed)

    def _check_rows(self, place: str, printed: PrintedForm) -> None:
        """Collect the mistakes in the rows of a table of contents or of a notice."""
        file, words = self.file, printed.kind == NOTICE_SHEET
        if printed.rows and printed.kind not in (CONTENTS_SHEET, NOTICE_SHEET):
            error = file.error_at("rule", f"{place}/rows", KEY_NEEDS_OTHER, key="rows", other=f"kind: {CONTENTS_SHEET}")
            file.errors.append(error)
        for name, row in printed.rows.items():
            at = pointer_below(place, "rows", name)
            file.collect(self._check_contents_row, at, row)
            file.collect(file.require_facts, f"{at}/text", row.text, ("line",) if words else ())
            if row.track and words:
                file.errors.append(file.error_at("rule", f"{at}/track", NOTICE_HAS_WORDS))

    def _check_shown(self, place: str, printed: PrintedForm) -> None:
        """Raise BrokenRulebook unless the fields that a sheet shows exist, and are markers where a client's entries are
        sealed.
        """
        track, kinds = self.track, (CARD_SHEET, LETTER_SHEET, CHECKLIST_SHEET)
        sealed = track.seal if track.of_register is None else None
        self.file.require_all_known(place, printed.shows, sealed.marker if sealed else track.fields)
        if (printed.kind or CARD_SHEET) not in kinds:
            raise self.file.error_at("rule", place, KEY_NEEDS_OTHER, key="shows", other=f"kind: {CARD_SHEET}")

    def _check_paper(self, place: str, written: Mapping[str, Any], printed: PrintedForm) -> None:
        """Collect the mistakes of a further paper: it has a title and a layout, and names answers of its track."""
        file = self.file
        for key in ("kind", "title"):
            if key not in written:
                file.errors.append(file.error_at("shape", place, KEY_MISSING, key=key))
        file.collect(self.scope.require_answers, file, f"{place}/when", printed.when)
        self._check_printed(place, written, printed)

    def _check_contents_row(self, place: str, row: ContentsRow) -> None:
        """Raise BrokenRulebook unless a row names a track that may be listed, and of a sealed one only its markers."""
        file, tracks = self.file, self.scope.every_track
        if row.track is None:
            for key, said in (("where", row.where), ("shows", row.shows)):
                if said:
                    raise file.error_at("rule", pointer_below(place, key), KEY_NEEDS_OTHER, key=key, other="track")
            return
        listed = {name: track for name, track in tracks.items() if track.many or not track.seal}
        file.require_known(pointer_below(place, "track"), row.track, listed)
        track = listed[row.track]
        readable = track.seal.marker if track.seal else [*names_of_fields(track.fields)]
        file.require_all_known(pointer_below(place, "where"), [*row.where], readable)
        file.require_all_known(pointer_below(place, "shows"), row.shows, readable)
        self.scope.within(track.fields).require_answers(file, pointer_below(place, "where"), row.where)

    def _check_sheet_field(self, key: str, place: str, name: str) -> None:
        """Raise BrokenRulebook unless a field named by the sheet exists and has a kind that fits there."""
        found, kinds = require_field_of(self.file, place, name, self.track.fields), KINDS_BY_SHEET_KEY.get(key)
        if kinds and found.kind not in kinds:
            raise self.file.error_at("rule", place, KIND_UNSUITABLE, name=name, kind=found.kind, kinds=kinds)
