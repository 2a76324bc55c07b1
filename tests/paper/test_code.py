"""The code of a sheet: bound to what stands on it, noted once beside it, and asked years later."""

import hashlib
import hmac
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shelterctl.core.values.codes import ID_ALPHABET
from shelterctl.document.reading import read_document
from shelterctl.errors import UsageError
from shelterctl.identity.key_file import load_identity
from shelterctl.paper.code import changed_places, fact_traces, make_sheet_code, read_sheet_code
from shelterctl.rulebook.rulebook import open_rulebook
from tests.support.papers import FORMS, HERS, PAPERS, filled, subject
from tests.support.terminal import Terminal

if TYPE_CHECKING:
    from tests.support.desk import Desk


FACTS = {"/date": "2026-11-25", "/total": "8800.00"}
CODE = "4XK-792-QA5"
KEY = bytes(range(32))


def printed(desk: "Desk", form: str, language: str = "ru", name: str = "sheet.txt", **how: Any) -> dict[str, Any]:
    """What one print came to."""
    told = desk.do(f"form {form} {subject(form, desk.her)} --lang {language} --overwrite --out {name}", **how)
    (row,) = told.data["printed"]
    return dict(row)


def noted(desk: "Desk") -> list[dict[str, Any]]:
    return list(desk.record().get("printed") or [])


def test_a_code_is_bound_to_every_fact_and_to_nothing_else() -> None:
    code = make_sheet_code(KEY, "7QF2-M9KD", "blue", "ru", "K7M2QA", FACTS)
    assert code
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{3}-){2}[0-9A-HJKMNP-TV-Z]{3}", code)
    assert code == make_sheet_code(KEY, "7QF2-M9KD", "blue", "ru", "K7M2QA", dict(reversed(FACTS.items())))
    others = [
        make_sheet_code(KEY, "7QF2-M9KE", "blue", "ru", "K7M2QA", FACTS),
        make_sheet_code(KEY, "7QF2-M9KD", "pink", "ru", "K7M2QA", FACTS),
        make_sheet_code(KEY, "7QF2-M9KD", "blue", "ky", "K7M2QA", FACTS),
        make_sheet_code(KEY, "7QF2-M9KD", "blue", "ru", "K7M2QB", FACTS),
        make_sheet_code(KEY, "7QF2-M9KD", "blue", "ru", "K7M2QA", FACTS | {"/total": "8800.01"}),
        make_sheet_code(KEY, "7QF2-M9KD", "blue", "ru", "K7M2QA", FACTS | {"/place": "Osh"}),
        make_sheet_code(KEY[::-1], "7QF2-M9KD", "blue", "ru", "K7M2QA", FACTS),
    ]
    assert len({code, *others}) == 1 + len(others)


@pytest.mark.parametrize(
    "typed",
    [
        *(CODE, CODE.lower(), "4XK792QA5", "4ХК-792-QА5", "4хк792qа5", " 4xk 792 qa5 ", "4XK\u2013792\u2013QA5"),
        "4XK-7\u200b92-QA\u200b5\u200b",  # copied out of a PDF
    ],
)
def test_a_code_may_be_typed_as_it_is_read(typed: str) -> None:
    assert read_sheet_code(typed) == CODE


def test_what_is_taken_for_a_digit_is_read_as_one() -> None:
    assert read_sheet_code("OIL-oil-OO1") == "011-011-001"


@pytest.mark.parametrize("typed", ["", "4XK-792-QA", "4XK-792-QA5X", "4XK-792-QAU", "Айгуль-123", "4XK/792/QA5"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_sheet_code(typed)
    assert refused.value.code == "usage/code-of-sheet"


def test_what_is_kept_tells_that_a_fact_changed_and_not_what_it_was() -> None:
    kept = fact_traces("7QF2-M9KD", FACTS)
    assert not [fact for fact in FACTS.values() if fact in json.dumps(kept)]
    assert kept != fact_traces("7QF2-M9KE", FACTS)
    now = fact_traces("7QF2-M9KD", {"/date": "2026-11-25", "/total": "8800.01", "/place": "Osh"})
    assert list(changed_places(kept, now)) == ["/total", "/place"]
    assert list(changed_places(now, kept)) == ["/total", "/place"]


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_is_noted_once_and_is_the_same_until_something_changes(form: str, printing: "Desk") -> None:
    row = printed(printing, form)
    before = printing.digest_of_store()
    again = printed(printing, form)
    assert again["code"] == row["code"]
    assert printing.digest_of_store() == before
    told = printing.do(f"paper {row['code'].lower().replace('-', '')}").data
    assert told["state"] == "same"
    whose = "client" if subject(form, printing.her) == printing.her else "staff"
    assert (told["form"], told["language"], told[whose]) == (form, "ru", subject(form, printing.her))
    assert (told["printed_by"], told["changed"]) == ("manager", [])
    assert row["code"] in (printing.folder / "sheet.txt").read_text("utf-8")


def test_another_language_is_another_sheet(printing: "Desk") -> None:
    assert printed(printing, "blue", "ru")["code"] != printed(printing, "blue", "ky")["code"]
    assert [(entry["form"], entry["language"]) for entry in noted(printing)] == [("blue", "ru"), ("blue", "ky")]


def test_an_entry_of_a_print_holds_no_content_and_the_journal_holds_less(printing: "Desk") -> None:
    printing.run(f"form monitoring-report {printing.her} --names --out names.txt")
    (entry,) = noted(printing)
    assert set(entry) == {"id", "recorded_at", "recorded_by", "code", "key", "form", "language", "of", "facts"}
    assert all(re.fullmatch("[0-9a-f]{8}", short) for short in entry["facts"].values())
    assert not [hers for hers in HERS if hers in json.dumps(entry, ensure_ascii=False)]
    (journal,) = (printing.store / "journal").iterdir()
    last = json.loads(journal.read_text("utf-8").splitlines()[-1])
    assert last["did"] == "print"
    assert last["file"] == f"residents/{printing.her}.yaml.age"
    assert set(last) == {"v", "seq", "prev", "at", "by", "did", "file", "base", "now", "trust", "seen", "sig"}


def test_what_changed_is_named_by_place_and_its_value_by_nobody(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    lines = {**PAPERS["blue"]["lines"], "7a": {"amount": 700}}
    changes = {**PAPERS["blue"], "iom_representative": "В. Вымышленный", "lines": lines}
    printing.do(f"agreement {printing.her} --form blue", changes)
    answer = printing.do(f"paper {code}")
    assert answer.data["state"] == "changed"
    assert answer.data["changed"] == ["/iom_representative", "/lines/7a/amount", "/total"]
    assert answer.codes("open") == ["paper/changed"] * 3
    assert {found["where"] for found in answer.page["findings"]} == set(answer.data["changed"])
    told = answer.out.replace(answer.page["manual"]["digest"], "")
    assert not re.search("Вымышленный|Примеров|700|800", told)
    shown = printing.run(f"paper {code}").out
    assert "/lines" not in shown
    assert "line 7a" in shown
    assert printed(printing, "blue")["code"] != code


def test_the_ngo_by_another_name_is_another_sheet(printing: "Desk") -> None:
    code = printed(printing, "pink")["code"]
    printing.do("ngo add sezim", {"name": "Другая"})
    assert printing.do(f"paper {code}").data["changed"] == ["/ngo"]


def test_her_number_is_on_the_sheet_and_her_name_is_not(printing: "Desk") -> None:
    code = printed(printing, "pink")["code"]
    printing.do(f"admit {printing.her}", {"identity": {"last_name": "Инакова"}})
    assert printing.do(f"paper {code}").data["state"] == "same"
    printing.do(f"admit {printing.her}", {"identification_number": "KG-2026-119"})
    assert printing.do(f"paper {code}").data["changed"] == ["/identification_number"]


def test_a_sheet_that_shows_her_name_is_held_against_her_name(printing: "Desk") -> None:
    told = printing.do(f"form monitoring-report {printing.her} --names --out names.txt")
    code = told.data["printed"][0]["code"]
    assert printing.do(f"paper {code}").data["state"] == "same"
    printing.do(f"admit {printing.her}", {"identity": {"last_name": "Инакова"}})
    changed_ = printing.do(f"paper {code}")
    assert changed_.data["changed"] == ["/identity/last_name"]
    assert "Инакова" not in changed_.out


def test_what_is_struck_through_makes_its_sheet_void(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    (blue,) = [entry for entry in printing.record()["agreements"] if entry["form"] == "blue"]
    printing.do(f"void {printing.her} {blue['id']} --reason-code entered_twice")
    answer = printing.do(f"paper {code}")
    assert (answer.data["state"], answer.codes("open")) == ("struck", ["paper/struck"])


def test_signing_changes_nothing_on_the_sheet_that_was_signed(printing: "Desk") -> None:
    code = printed(printing, "pink")["code"]
    signed = {"signed": {"language": "ru", "copies": 2}}
    printing.do(f"agreement {printing.her} --form pink --number SH-2026-7 --sign --on 2026-11-25", signed)
    assert printing.do(f"paper {code}").data["state"] == "same"


def test_recording_that_she_signed_the_rules_changes_nothing_on_the_sheet(printing: "Desk") -> None:
    code = printed(printing, "shelter-rules")["code"]
    printing.do(f"admit {printing.her}", {"admission": {"rules": {"signed_on": "2026-11-22"}}})
    assert printing.do(f"paper {code}").data["state"] == "same"


def test_a_draft_that_was_marked_is_another_sheet_than_the_one_to_sign(printing: "Desk") -> None:
    printing.do(f"agreement {printing.her} --form blue", PAPERS["blue"] | {"drafted_by": ["manager"]})
    draft = printed(printing, "blue")["code"]
    printing.do(f"agreement {printing.her} --form blue", PAPERS["blue"])
    told = printing.do(f"paper {draft}").data
    assert (told["state"], told["changed"]) == ("changed", ["/not_for_signature"])
    assert printed(printing, "blue")["code"] != draft


def test_a_code_that_is_not_noted_is_not_found_and_what_is_no_code_is_a_mistake(printing: "Desk") -> None:
    assert (printing.refused("paper 000-000-000").code, printing.refused("paper 000-000-000").error) == (
        3,
        "paper/unknown",
    )
    refused = printing.refused("paper Айгуль")
    assert (refused.code, refused.error) == (2, "usage/code-of-sheet")
    assert "Айгуль" not in refused.out


def test_what_is_only_shown_is_not_noted(printing: "Desk") -> None:
    before = printing.digest_of_store()
    code = printing.do(f"form blue {printing.her} --names").data["printed"][0]["code"]
    assert printing.digest_of_store() == before
    assert printing.refused(f"paper {code}").error == "paper/unknown"
    assert printed(printing, "blue", "en")["code"] == code


def test_the_answer_says_each_thing_once(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    (line,) = printing.run(f"paper {code}").out.splitlines()
    assert line.startswith("blue form, ")
    (line,) = printing.run(f"paper {code} --lang ru").out.splitlines()
    assert line.startswith("голубая форма, ")


def test_a_wrong_print_is_struck_through_and_counts_no_more(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    (entry,) = noted(printing)
    printing.do(f"void {printing.her} {entry['id']} --reason-code entered_twice")
    assert "void" in noted(printing)[0]
    assert printing.do(f"paper {code}").data["state"] == "struck"
    printed(printing, "blue")
    assert len(noted(printing)) == 2
    assert printing.do(f"paper {code}").data["state"] == "same"


def test_her_file_with_prints_in_it_is_shown_and_checked(printing: "Desk") -> None:
    for form in FORMS:
        printed(printing, form)
    assert len(noted(printing)) == len(FORMS) - 2  # what staff sign is noted beside the staff
    assert printing.do("check").page["status"] in ("ok", "open")
    for words in (f"show {printing.her}", f"show {printing.her} --all", f"show {printing.her} --all --lang ru"):
        assert printing.run(words).code == 0
    assert noted(printing)[0]["code"] in json.dumps(printing.do(f"show {printing.her} --all").data["record"])


def test_no_fragment_notes_a_print(printing: "Desk") -> None:
    entry = {"code": CODE, "form": "blue", "language": "ru", "facts": {}}
    for words in (f"admit {printing.her}", f"monitor record {printing.her}", "staff add s-gulnara"):
        assert printing.refused(words, {"printed": [entry]}).refusals[0] == "shape/unknown-key"


def test_names_of_staff_are_kept_beside_their_prints(printing: "Desk") -> None:
    code = printed(printing, "confidentiality-agreement")["code"]
    printing.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Иначева"})
    assert printing.do(f"paper {code}").data["changed"] == ["/name"]
    printing.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Образцова"})
    assert printing.do(f"paper {code}").data["state"] == "same"


def test_the_code_of_a_whole_sheet_is_the_codes_of_its_facts_with_the_key_of_the_store(papers: "Desk") -> None:
    paper = filled(papers, "blue", "ru")
    key = load_identity(papers.key, None)
    (kept,) = read_document(key.open((papers.store / "secrets.yaml.age").read_bytes())).value["sheet_codes"]
    assert paper.code == make_sheet_code(bytes.fromhex(kept["key"]), papers.her, "blue", "ru", paper.entry, paper.facts)


def test_whoever_has_a_sheet_and_guesses_every_fact_on_it_has_nothing_to_try_them_with(papers: "Desk") -> None:
    paper = filled(papers, "blue", "ru")
    bound = json.dumps([papers.her, "blue", "ru", paper.entry, sorted(paper.facts.items())], ensure_ascii=False)
    for secret in (b"", bytes(32), papers.her.encode(), b"shelterctl"):
        tried = int.from_bytes(hmac.digest(secret, bound.encode(), "sha256")[:8], "big")
        assert "".join(ID_ALPHABET[tried >> 5 * place & 31] for place in range(9)) != str(paper.code).replace("-", "")
    unkeyed = int.from_bytes(hashlib.sha256(bound.encode()).digest()[:8], "big")
    assert "".join(ID_ALPHABET[unkeyed >> 5 * place & 31] for place in range(9)) != str(paper.code).replace("-", "")


def test_a_print_says_which_key_its_code_was_made_with(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    (entry,) = noted(printing)
    assert entry["code"] == code
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", entry["key"])
    assert "paper/old-code" not in printing.do(f"paper {code}").codes()


def test_a_line_that_the_manual_has_no_longer_is_still_named(printing: "Desk", tmp_path: Path) -> None:
    code = printed(printing, "blue")["code"]
    shutil.copytree(open_rulebook().folder, tmp_path / "manual")
    file = tmp_path / "manual/tracks/blue.yaml"
    text = file.read_text("utf-8")
    begun, ended = text.index("  1b:\n"), text.index("  1c:\n")
    file.write_text(text[:begun] + text[ended:], "utf-8")
    answer = printing.ask(f"paper {code}", env={"SHELTERCTL_MANUAL": str(tmp_path / "manual")})
    assert answer.data["changed"] == ["/lines/1b/amount", "/lines/1b/goods", "/total", "/not_for_signature"]
    assert "line 1b, amount" in answer.finding("paper/changed")["message"]


def test_what_stands_there_now_is_told_at_a_terminal_alone(printing: "Desk") -> None:
    code = printed(printing, "blue")["code"]
    printing.do(f"agreement {printing.her} --form blue", PAPERS["blue"] | {"ngo_representative": "Г. Инакова"})
    answer = printing.do(f"paper {code}")
    assert answer.data["changed"] == ["/ngo_representative"]
    assert "Инакова" not in answer.out
    assert "Инакова" not in printing.run(f"paper {code}").out
    seen = Terminal(printing).run(f"paper {code}", [""])
    assert "Representative of the NGO is now: Г. Инакова" in " ".join(seen.text.split())
    assert "Инакова" not in seen.left
