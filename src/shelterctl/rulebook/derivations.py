"""Values of a field, an item, an annex or a track that follow from its keys without being written in them.

A field gets the codes of the list that it names, a form part the fields that all parts of its form share, a track what
its family, its seal and its acts imply. `rulebook.reader` calls these functions once the keys of an object have been
read.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from shelterctl.core.manual.act import DAY_SUFFICED_FORMERLY, Item
from shelterctl.core.manual.field import AMOUNT_KIND, MONEY_KIND, CodeValidity, Field, find_timed_fields
from shelterctl.core.manual.notation import Label
from shelterctl.core.manual.published_code import Wording
from shelterctl.core.manual.report import ROW_KINDS, ReportRow
from shelterctl.core.manual.sheet import Annex
from shelterctl.core.manual.slip import unknown_word
from shelterctl.core.manual.track import Deadline, Track
from shelterctl.core.record.file_tree import SEALED_LIST
from shelterctl.core.values.days import read_day
from shelterctl.core.values.facts import json_pointer
from shelterctl.language import Text, plural_form
from shelterctl.rulebook.files import RulebookFile, refuse_all, words_with_places
from shelterctl.rulebook.reader import (
    DAYS_OUT_OF_ORDER,
    KEY_MISSING,
    Derive,
    Reading,
    Values,
    WrittenKeys,
    keyed_reader,
    make_checker,
    make_file_reader,
    read_below,
)
from shelterctl.ui_language import N_, PAPER_LANGUAGES

FileValue = TypeVar("FileValue")
CodeLists = Mapping[str, Mapping[str, Text]]

ROW_KIND_WANTED = N_("a row of a report needs one of these: {kinds}")
ONE_ROW_KIND_WANTED = N_("a row of a report shows one thing; write a row of its own for this one")
SUM_NEEDS_COLUMN = N_("name what is added up and its column here, such as outlay.amount")

DAYS_OF_CODE = ("since", "later")


class Derivations:
    """The functions that derive values, with what they need: shared *lists* of codes, and the *family* of a track."""

    def __init__(self, lists: CodeLists, family: Track | None = None) -> None:
        self.lists, self.family = lists, family
        self.by_type: Mapping[type, Derive] = {
            Field: self._derive_field, Item: _derive_item, Annex: _derive_annex, Track: self._derive_track,
            Deadline: _derive_deadline, ReportRow: _derive_report_row,
        }  # fmt: skip

    def _derive_field(self, own: Values, written: WrittenKeys, reading: Reading) -> None:
        """Add the codes of a field, and split ``letters`` and ``ahead``, which can each say two things; money is an
        amount.
        """
        if own["kind"] == MONEY_KIND:
            own["kind"] = AMOUNT_KIND
        if own["kind"] != "code" or "of" not in own:
            _derive_codes(own, reading)
        elif (listed := own["of"][0]) in self.lists:
            own["codes"] = self.lists[listed]
        else:
            (_, place), *_ = words_with_places("/of", written["of"])
            reading.slips.append(unknown_word(place, listed, self.lists))
        if letters := own.get("letters"):
            own |= {"letters": True, "person": letters == "name"}
        if isinstance(ahead := own.get("ahead"), tuple):
            own |= {"ahead": True, "ahead_of": ahead}

    def _derive_track(self, own: Values, _: WrittenKeys, reading: Reading) -> None:
        """Add what its family, seal and acts give a track, the fields of its parts, and the fields with dated codes."""
        given = _given_by_family(self.family)
        own["own"] = tuple(own.get("fields", ()))
        by_acts = {deed.writes for deed in own.get("entry_acts", {}).values()}
        fields = {**given.pop("fields", {}), **own.get("fields", {})}
        own["fields"] = {name: replace(one, by_file=one.by_file or name in by_acts) for name, one in fields.items()}
        part_fields = given.pop("part_fields", own.get("part_fields", {}))
        if seal := own.get("seal"):
            alone = own.get("keeps") == "one"
            given |= {
                "home": ("client",),  # what the track writes itself counts: a register's home
                "at": f"{SEALED_LIST.partition('.')[0]}.{seal.part}" if alone else SEALED_LIST,
            }
            part = {} if seal.instead else {"part": seal.part}  # each entry is in the part of whom it names
            own.setdefault("discriminator", {} if alone else {"track": own["name"], **part})
        own |= {key: value for key, value in given.items() if key not in own}
        for key in ("home", "at"):
            if key not in own:
                reading.slip(KEY_MISSING, key=key)
        own["parts"] = {
            number: replace(part, fields={**part_fields, **part.fields})
            for number, part in own.get("parts", {}).items()
        }
        own["dated_code_fields"] = tuple(find_timed_fields(own["fields"]))


def _derive_codes(own: Values, reading: Reading) -> None:
    """Separate the texts of the codes from the days on which some of them begin or end."""
    written: Mapping[str, Mapping[str, Any]] = own.get("codes") or {}
    dated = {code: said for code, said in written.items() if any(key in said for key in DAYS_OF_CODE)}
    if not dated:
        return
    own["codes"] = {
        code: {key: words for key, words in said.items() if key not in DAYS_OF_CODE} for code, said in written.items()
    }
    own["terms"] = terms = {}
    for code, said in dated.items():
        repeal = (said.get("later") or [{}])[0]
        term = CodeValidity(read_day(said.get("since")), read_day(repeal.get("since")), repeal.get("clause"))
        if term.since and term.until and term.until <= term.since:
            reading.slip(DAYS_OUT_OF_ORDER, json_pointer(("codes", code, "later", 0, "since")), "order")
        terms[code] = term


def _derive_item(own: Values, _: WrittenKeys, __: Reading) -> None:
    """Add the text for the reason named like the item, and whether a day alone meets the item, now or formerly."""
    own["says"] = {own["name"]: own["text"], **own.get("says", {})}
    own["could_be_given"] = own.get("may_be_given") == DAY_SUFFICED_FORMERLY
    own["may_be_given"] = own.get("may_be_given") is True


def _derive_deadline(own: Values, _: WrittenKeys, __: Reading) -> None:
    """Add the field that names who is responsible for what is due, where it is no role."""
    if isinstance(owner := own.get("owner"), Mapping):
        own |= {"owner": None, "owner_field": owner["of"]}


def _derive_report_row(own: Values, written: WrittenKeys, reading: Reading) -> None:
    """Collect a slip unless a row of a report says in exactly one way what it shows."""
    kinds = [kind for kind in ROW_KINDS if kind in written]
    if not kinds:
        reading.slip(ROW_KIND_WANTED, kinds=ROW_KINDS)
    elif len(kinds) > 1:
        reading.slip(ONE_ROW_KIND_WANTED, json_pointer((kinds[1],)))
    if own.get("sum") and not own["sum"].partition(".")[2]:
        reading.slip(SUM_NEEDS_COLUMN, json_pointer(("sum",)), "word")


def _derive_annex(own: Values, _: WrittenKeys, __: Reading) -> None:
    """Reduce the closing of an annex to its text."""
    if closing := own.get("closing"):
        own["closing"] = closing["text"]


def _check_wording(own: Values, _: WrittenKeys, reading: Reading) -> None:
    """Collect a slip unless a counted text has the plural forms of each language, and any other text one form."""
    by_form = {}
    for language in reading.languages if "counted" in own else ():
        forms = dict.fromkeys(plural_form(number, language) for number in (1, 2, 5))
        by_form[language] = keyed_reader(dict.fromkeys(("zero", *forms), make_checker(str)), forms)
    read_below(keyed_reader(by_form, ("en",)) if by_form else make_checker(Label), "text", own["written"], reading)


def _given_by_family(family: Track | None) -> Values:
    """Return the fields of the family, and where its entries are kept; empty without a family."""
    names = ("home", "at", "day", "act", "keeps", "fields", "part_fields")
    return {name: getattr(family, name) for name in names} if family else {}


def read_as(
    kind: Callable[..., FileValue],
    file: RulebookFile,
    lists: CodeLists,
    family: Track | None = None,
    *,
    trusted: bool,
    languages: tuple[str, ...] = PAPER_LANGUAGES,
) -> FileValue:
    """Return the contents of a file as a value of type *kind*; raise BrokenRulebook with all slips if there are any.

    A *trusted* file is not checked for slips. Texts may be in these *languages*.
    """
    derived = Derivations(lists, family).by_type
    reading = Reading(derived if trusted else {**derived, Wording: _check_wording}, languages)
    value: FileValue = make_file_reader(kind, not trusted)(file.value, reading)
    refuse_all([file.error_of(slip) for slip in reading.slips])
    return value
