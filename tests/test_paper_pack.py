"""The pack of one client: all that is to be signed today, in its copies, two sides never joining two of them."""

import re
from typing import TYPE_CHECKING, Any

from invented_sheets import pages
from sheets import HERS, PAPERS

if TYPE_CHECKING:
    from conftest import Desk


CONTENTS = "Contents of the folder"


def pack(desk: "Desk", words: str = "") -> list[str]:
    desk.do(f"form pack {desk.her} --out pack.pdf --overwrite {words}")
    return pages((desk.folder / "pack.pdf").read_bytes())


def agreed(desk: "Desk") -> "Desk":
    for what, given in PAPERS["names"].items():
        desk.do(what, given)
    for form in ("pink", "blue"):
        desk.do(f"agreement {desk.her} --form {form}", PAPERS[form])
    return desk


def test_everything_that_is_to_be_signed_comes_out_once_in_its_copies(admitted: "Desk") -> None:
    agreed(admitted)
    answer = admitted.do(f"form pack {admitted.her} --out pack.pdf")
    rows = answer.data["printed"]
    assert [(row["form"], row["language"]) for row in rows if row["form"] in ("pink", "blue")] == [
        ("pink", "ru"), ("blue", "en"),
    ]  # fmt: skip
    told = pages((admitted.folder / "pack.pdf").read_bytes())
    assert CONTENTS in told[0]
    assert all(row["code"] in told[0] for row in rows)
    assert admitted.her in told[0]
    assert not [hers for hers in HERS if hers in " ".join(told)]
    assert sum("Экземпляр 1 из 2 ФИНАНСОВОЕ" in page for page in told) == 1
    assert sum("Экземпляр 2 из 2 ФИНАНСОВОЕ" in page for page in told) == 1
    assert {entry["code"] for entry in admitted.record()["printed"]} == {row["code"] for row in rows}


def test_every_copy_begins_on_a_right_hand_page_and_its_pages_are_counted_together(admitted: "Desk") -> None:
    told = pack(agreed(admitted))
    begins = [number for number, page in enumerate(told) if re.search(r"\b1 / \d+", page)]
    assert len(begins) == 4  # contents, two copies of the pink form, one of the blue
    assert all(number % 2 == 0 for number in begins)
    for number, page in enumerate(told):
        begun = max(begin for begin in begins if begin <= number)
        found = re.search(r"\b(\d+) / (\d+)", page)
        assert (found is None) is (page == "")
        assert not found or int(found[1]) == number - begun + 1 <= int(found[2])


def test_the_pages_of_two_copies_that_were_shuffled_are_told_apart(admitted: "Desk") -> None:
    lines = PAPERS["pink"]["lines"] | {"5": {"amount": 700, "proceeding": "criminal", "case_reference": "дело " * 3000}}
    for what, given in PAPERS["names"].items():
        admitted.do(what, given)
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"] | {"lines": lines})
    admitted.do(f"form pink {admitted.her} --out pink.pdf")
    told = [page for page in pages((admitted.folder / "pink.pdf").read_bytes()) if page]
    marks = [re.findall(r"Экземпляр (\d) из 2 · дело \S+ · код листа: \S+.*?(\d+) / (\d+)", page)[-1] for page in told]
    count = len(told) // 2
    assert count > 3
    assert marks == [(str(copy), str(page), str(count)) for copy in (1, 2) for page in range(1, count + 1)]


def test_what_she_is_to_understand_is_in_a_language_of_hers(desk: "Desk") -> None:
    given: dict[str, Any] = {
        "identity": {
            "first_name": "Айгуль",
            "last_name": "Примерова",
            "sex": "female",
            "languages": ["kaa", "ky", "ru"],
        },
        "referral": {"sources": ["partner_ngo"], "partner_ngo": "ulybka", "received_at": "2026-11-20T21:30+06:00"},
    }
    desk.her = desk.do("admit", given).data["id"]
    rows = desk.do(f"form pack {desk.her} --out pack.pdf").data["printed"]
    assert {row["language"] for row in rows if row["form"] in ("shelter-rules", "resident-rights")} == {"ky"}
    rows = desk.do(f"form pack {desk.her} --lang en --out pack.pdf --overwrite").data["printed"]
    assert {row["language"] for row in rows if row["form"] in ("shelter-rules", "resident-rights")} == {"en"}


def test_a_plan_is_signed_until_it_is_begun_and_a_consent_until_she_signed_or_refused(admitted: "Desk") -> None:
    def waiting() -> list[str]:
        rows = admitted.do(f"form pack {admitted.her} --out pack.pdf --overwrite").data["printed"]
        return [row["form"] for row in rows if row["form"] in ("plan", "consent", "pocket-money")]

    on = "2026-11-25"
    admitted.do(f"agreement {admitted.her} --form pink", PAPERS["pink"] | {"ngo": "ulybka"})
    assert waiting() == []
    for kind in ("assistance", "reintegration"):
        admitted.do(f"add {admitted.her} plan", {"kind": kind, "on": on})
    for consent in (
        {"kind": "plan", "given_on": on},
        {"kind": "service", "given_on": on, "signed": True},
        {"kind": "training", "refused_on": on},
        {"kind": "treatment", "given_on": on, "signed": False},
    ):
        admitted.do(f"add {admitted.her} consent", consent)
    given = {"on": on, "span": {"from": on, "to": on}, "amount": 50, "by": "s-gulnara"}
    admitted.do(f"add {admitted.her} pocket-money", given)
    assert waiting() == ["consent", "consent", "plan", "plan", "pocket-money"]
    id_ = admitted.record()["stays"][-1]["pocket_money"][-1]["id"]
    admitted.do(f"add {admitted.her} pocket-money {id_}", {"signed_by_her": True})
    assert waiting() == ["consent", "consent", "plan", "plan"]
    admitted.do(f"add {admitted.her} consent", {"kind": "plan", "given_on": on, "signed": True})
    assert waiting() == ["consent", "plan", "plan"]  # the last of a kind counts


def test_a_pack_of_nothing_is_not_found_and_one_of_nobody_a_mistake(printing: "Desk") -> None:
    for form in ("pink", "blue"):
        told = {"signed": {"language": "ru", "copies": 2}}
        number = PAPERS[form]["number"]
        printing.do(f"agreement {printing.her} --form {form} --number {number} --sign --on 2026-11-25", told)
    refused = printing.refused(f"form pack {printing.her} --out pack.pdf")
    assert (refused.code, refused.error) == (3, "form/nothing")
    for words in ("form pack", "form pack --blank", f"form pack {printing.her} --blank"):
        assert printing.refused(words).error == "usage/pack"


def test_paper_of_another_size_is_asked_for_by_name(printing: "Desk") -> None:
    hers = f"form pink {printing.her}"
    for words, size in (
        (f"{hers} --paper letter", (612, 792)), (f"{hers} --paper white,letter", (612, 792)), (hers, (595, 841)),
        ("form pink --blank --lang ru --paper letter", (612, 792)),  # with an empty page behind each copy
    ):  # fmt: skip
        printing.do(f"{words} --out a.pdf --overwrite")
        boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", (printing.folder / "a.pdf").read_bytes())
        assert {tuple(int(float(side)) for side in box) for box in boxes} == {size}
    assert printing.refused(f"form pink {printing.her} --out b.pdf --paper pink").error == "usage/paper"
