"""What was agreed, spent and left, and pocket money day by day: each held against a count by hand."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelterctl.core.manual.track import Track
from shelterctl.core.money.account import Account, AccountLine, agreement_state, build_account
from shelterctl.core.money.account import sum_outlays as spent_on
from shelterctl.core.money.allowance import Allowance, compute_allowance, least_allowance
from shelterctl.core.record.client import Client
from shelterctl.core.rules.context import Context, Tracks
from shelterctl.core.rules.deadlines import list_track_obligations
from shelterctl.core.rules.judgement import judge_track_entries
from shelterctl.core.tables.list_rows import entry_list_rows
from shelterctl.core.values.days import Span
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.view.lists import make_list_table
from tests.support.written_rules import read_rule

SHELF = open_rulebook()
OUTLAY = SHELF.tracks["outlay"]
DAY = date(2026, 12, 20)
PINK = {"id": "P1", "form": "pink", "number": "SH-1", "date": "2026-11-05", "signed": {"on": "2026-11-05"}}
BLUE = {"id": "B1", "form": "blue", "number": "S-NGO-1", "date": "2026-12-01", "signed": {"on": "2026-12-01"},
        "period": {"from": "2026-12-01", "to": "2027-03-31"}}  # fmt: skip
RECEIPT = {"number": "17", "on": "2026-12-05"}


def client(*agreements: dict[str, Any], outlays: list[dict[str, Any]], **facts: Any) -> Client:
    """A client with a stay in which these outlays lie, each with an id of its own."""
    listed = [{"id": f"O{number}", "on": "2026-12-05", "item": "food", **one} for number, one in enumerate(outlays)]
    stay = {"id": "S1", "received": {"at": "2026-11-02T21:00+06:00"}, "outlays": listed}
    return Client({"id": "7QF2-M9KD", "stays": [stay], "agreements": [*agreements], **facts})


def account_of(her: Client) -> Account:
    return build_account(her, SHELF.forms, OUTLAY)


def line_sums(one: AccountLine) -> tuple[Any, ...]:
    name = str(one.agreement.facts["id"])
    return name, one.number, str(one.agreed), str(one.spent), str(one.left), len(one.outlays), one.without_document


def on(agreement: str, line: str, amount: Any, **more: Any) -> dict[str, Any]:
    return {"agreement": agreement, "line": line, "amount": amount, **more}


def test_each_line_has_what_was_agreed_spent_and_left_in_the_order_of_the_form() -> None:
    pink = {**PINK, "lines": {"3": {"amount": 6000, "days": 30, "persons": 1}, "1.1": {"amount": "450.50"}}}
    her = client(pink, outlays=[on("P1", "3", "200.25", document=RECEIPT), on("P1", "3", 100), on("P1", "1.1", 451)])
    assert [line_sums(line) for line in account_of(her).lines] == [
        ("P1", "1.1", "450.50", "451", "-0.50", 1, 1),
        ("P1", "3", "6000", "300.25", "5699.75", 2, 1),
    ]
    total = account_of(her).total
    assert (total.agreed, total.spent, total.left) == (Decimal("6450.50"), Decimal("751.25"), Decimal("5699.25"))
    assert (total.outlays, total.without_document, str(total.drafts)) == (3, 2, "0")


def test_signed_ones_come_first_then_those_that_were_terminated_then_drafts_and_void_ones_never() -> None:
    lines = {"lines": {"7a": {"amount": 100}}}
    draft = {name: value for name, value in BLUE.items() if name != "signed"} | {"id": "B0", "number": "S-NGO-0"}
    over = {**BLUE, **lines, "id": "B2", "number": "S-NGO-2", "terminated": {"on": "2026-12-10"}}
    struck = {**BLUE, **lines, "id": "B3", "void": {"on": "2026-12-02"}}
    her = client({**draft, **lines}, over, struck, {**BLUE, **lines}, outlays=[])
    assert [(line.agreement.facts["id"], agreement_state(line.agreement)) for line in account_of(her).lines] == [
        ("B1", "signed"), ("B2", "terminated"), ("B0", "draft"),
    ]  # fmt: skip
    assert (str(account_of(her).total.agreed), str(account_of(her).total.drafts)) == ("300", "100")


def test_what_was_spent_on_a_line_that_was_not_agreed_is_told_under_it_and_on_no_line_at_last() -> None:
    her = client({**PINK, "lines": {"3": {"amount": 600}}}, outlays=[
        on("P1", "2b", 70, item="clothes"), on("P1", "9", 5), {"agreement": "P1", "amount": 6}, on("P1", "3", 1),
    ])  # fmt: skip
    assert [line_sums(line)[1:5] for line in account_of(her).lines] == [
        ("2b", "0", "70", "-70"), ("3", "600", "1", "599"), (None, "0", "11", "-11"),
    ]  # fmt: skip


def test_only_the_agreement_that_is_named_pays_whichever_other_has_the_same_line() -> None:
    first, second = {**PINK, "lines": {"2b": {"amount": 100}}}, {**PINK, "id": "P2", "lines": {"2b": {"amount": 100}}}
    her = client(first, second, outlays=[on("P2", "2b", 30, item="clothes")])
    assert [line_sums(line)[:5] for line in account_of(her).lines] == [
        ("P1", "2b", "100", "0", "100"), ("P2", "2b", "100", "30", "70"),
    ]  # fmt: skip


def test_what_no_agreement_pays_for_is_told_by_what_it_was_for() -> None:
    struck = {**PINK, "id": "P0", "void": {"on": "2026-12-02"}, "lines": {"3": {"amount": 600}}}
    her = client(struck, outlays=[
        {"item": "clothes", "amount": 5}, {"item": "food", "amount": 7}, on("P0", "3", 11), on("P9", "3", 13),
        {"item": "food", "amount": 17, "void": {"on": "2026-12-06"}},
    ])  # fmt: skip
    outside = [(item, sum(one.values["amount"] for one in each)) for item, each in account_of(her).by_item(OUTLAY)]
    assert outside == [("food", 31), ("clothes", 5)]
    assert account_of(her).lines == ()


@pytest.mark.parametrize(
    ("agreed", "said", "months"),
    [
        ({"rate": 1000, "months": 4}, [["2026-12"], ["2027-01"]], (4, 2)),
        ({"rate": 1000, "months": ["2026-12", "2027-01"]}, [["2026-12"], ["2026-12", "2027-01"]], (2, 2)),
        ({"rate": 1000, "months": 4}, [2, ["2026-12"]], (4, 3)),
        ({"rate": 1000, "months": 4}, [], (4, 0)),
        ({"rate": 1000, "months": 4}, [None], (4, None)),
    ],
)
def test_months_are_counted_each_once(agreed: Any, said: list[Any], months: Any) -> None:
    paid = [on("B1", "4", 900, item="scholarship", **({"months": one} if one else {})) for one in said]
    (line,) = account_of(client({**BLUE, "lines": {"4": agreed}}, outlays=paid)).lines
    assert (line.months_agreed, line.months_paid) == months


def test_a_line_that_is_not_paid_by_the_month_has_none() -> None:
    (line,) = account_of(
        client({**BLUE, "lines": {"7a": {"amount": 100}}}, outlays=[on("B1", "7a", 5, months=2)])
    ).lines
    assert (line.months_agreed, line.months_paid) == (None, None)


NO_RECEIPTS = [None, {"number": "17"}, {"on": "2026-12-05"}, {"number": " ", "on": "2026-12-05"}]


@pytest.mark.parametrize(("document", "lacking"), [*((one, 1) for one in NO_RECEIPTS), (RECEIPT, 0)])
def test_a_document_has_a_number_and_a_day(document: Any, lacking: int) -> None:
    spent = on("P1", "3", 5, **({"document": document} if document else {}))
    (line,) = account_of(client({**PINK, "lines": {"3": {"amount": 600}}}, outlays=[spent])).lines
    assert line.without_document == lacking


def test_a_client_without_a_stay_has_her_outlays_beside_her_agreements() -> None:
    spent = {"id": "O1", "on": "2026-12-05", "item": "goods", **on("B1", "1b", 70)}
    her = Client({"id": "7QF2-M9KD", "agreements": [{**BLUE, "lines": {"1b": {"amount": 100}}}], "outlays": [spent]})
    assert [line_sums(line)[3:5] for line in account_of(her).lines] == [("70", "30")]


SOM = st.integers(1, 10**7).map(lambda tyiyn: Decimal(tyiyn) / 100)
NUMBERS = {name: sorted(form.parts) for name, form in SHELF.forms.items()}


@st.composite
def agreements(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        form = draw(st.sampled_from(sorted(NUMBERS)))
        lines = draw(st.dictionaries(st.sampled_from(NUMBERS[form]), SOM, max_size=4))
        how = draw(st.sampled_from(("signed", "draft", "terminated", "void")))
        facts = {**(PINK if form == "pink" else BLUE), "id": f"A{number}", "number": f"N-{number}"}
        facts["lines"] = {line: {"amount": f"{amount:.2f}"} for line, amount in lines.items()}
        if how == "draft":
            del facts["signed"]
        elif how != "signed":
            facts[how] = {"on": "2026-12-03"}
        made.append(facts)
    return made


OUTLAYS = st.lists(
    st.fixed_dictionaries(
        {
            "on": st.dates(date(2026, 11, 1), date(2027, 2, 28)).map(str),
            "item": st.sampled_from(sorted(OUTLAY.fields["item"].codes)),
        },
        optional={
            "amount": SOM.map("{:.2f}".format),
            "agreement": st.sampled_from(["A0", "A1", "A2", "A9"]),
            "line": st.sampled_from([*NUMBERS["pink"], *NUMBERS["blue"], "9"]),
            "document": st.sampled_from([{"number": "1"}, RECEIPT]),
            "void": st.just({"on": "2026-12-06"}),
        },
    ),
    max_size=12,
)


def spent_by_hand(her: Client) -> dict[tuple[str | None, str | None], Decimal]:
    """What was spent by agreement and line, counted off the file; under none that lives it is under None."""
    found: dict[tuple[str | None, str | None], Decimal] = defaultdict(Decimal)
    forms = {one["id"]: one["form"] for one in her.facts["agreements"] if "void" not in one}
    for one in her.facts["stays"][0]["outlays"]:
        if "void" in one or "amount" not in one:
            continue
        paid = one.get("agreement") if one.get("agreement") in forms else None
        line = one.get("line") if paid and one.get("line") in NUMBERS[forms[paid]] else None
        found[paid, line] += Decimal(one["amount"])
    return found


def sums(found: Account) -> dict[tuple[str | None, str | None], Decimal]:
    outside = spent_on(found.outside)
    lines = {(line.agreement.facts["id"], line.number): line.spent for line in found.lines if line.spent}
    return {**lines, **({(None, None): outside} if outside else {})}


@given(agreements(), OUTLAYS)
def test_every_som_is_told_once_where_it_belongs(agreed: list[Any], spent: list[Any]) -> None:
    her = client(*agreed, outlays=spent)
    found = account_of(her)
    assert sums(found) == spent_by_hand(her)
    for line in found.lines:
        assert line.spent + line.left == line.agreed
        assert 0 <= line.without_document <= len(line.outlays)
    total = found.total
    assert total.spent + total.left == total.agreed
    assert total.agreed == sum(
        Decimal(line["amount"]) for one in agreed if "void" not in one for line in one["lines"].values()
    )
    assert total.outlays + len(found.outside) == sum("void" not in one for one in spent)


@given(agreements(), OUTLAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_written_down_does_not_matter(
    agreed: list[Any], spent: list[Any], lot: random.Random
) -> None:
    one, other = client(*agreed, outlays=spent), client(*agreed, outlays=lot.sample(spent, len(spent)))
    assert [line_sums(line) for line in account_of(one).lines] == [line_sums(line) for line in account_of(other).lines]
    assert sums(account_of(one)) == sums(account_of(other))


@given(agreements(), OUTLAYS)
def test_whatever_is_struck_through_might_as_well_not_be_there(agreed: list[Any], spent: list[Any]) -> None:
    live = client(*[one for one in agreed if "void" not in one], outlays=[one for one in spent if "void" not in one])
    whole = client(*agreed, outlays=spent)
    assert [line_sums(line) for line in account_of(live).lines] == [line_sums(line) for line in account_of(whole).lines]
    assert sums(account_of(live)) == sums(account_of(whole))


@given(agreements(), OUTLAYS)
def test_a_line_is_over_if_and_only_if_its_outlays_are_told_of(agreed: list[Any], spent: list[Any]) -> None:
    her = client(*agreed, outlays=spent)
    around = Context(day=DAY, today=DAY, client=her, stay=her.stay, tracks=SHELF.tracks)
    over = {
        one.where
        for one in judge_track_entries(OUTLAY, around)
        if one.code == "track/amount" and one.clause == "M2.1.11"
    }
    for line in account_of(her).lines:
        told_of = {f"{one.where}/amount" for one in line.outlays} & over
        assert bool(told_of) is (line.agreed_as is not None and line.left < 0)


@given(agreements(), OUTLAYS)
def test_the_list_of_outlays_adds_up_to_the_account_by_line_and_to_the_files_by_month(
    agreed: list[Any], spent: list[Any]
) -> None:
    her = client(*agreed, outlays=spent)
    table = make_list_table(SHELF, "agreements --outlays", lambda: DAY)
    names = ("outlay.agreement", "form", "line", "month", "amount", "document", "item")
    columns = {name: table.find_columns(name)[0].read for name in names}
    rows: list[dict[str, Any]] = [
        {name: read(row) for name, read in columns.items() if read}
        for row in entry_list_rows(SHELF.tracks["outlay"], [her])
    ]
    listed: dict[Any, Decimal] = defaultdict(Decimal)
    months: dict[Any, Decimal] = defaultdict(Decimal)
    for row in rows:
        paid = row["outlay.agreement"] if row["form"] else None
        listed[paid, row["line"]] += row["amount"] or 0
        months[row["month"]] += row["amount"] or 0
    assert {place: sum_ for place, sum_ in listed.items() if sum_} == sums(account_of(her))
    files: dict[str, Decimal] = defaultdict(Decimal)
    for one in spent:
        if "void" not in one:
            files[one["on"][:7]] += Decimal(one.get("amount", 0))
    assert months == files


TRACK = open_rulebook().tracks["pocket-money"]
RULE = next(rule for rule in TRACK.rules if rule.verb == "amount")
NOW = RULE.rulings[-1].params.facts["at_least"]
CAME = date(2026, 11, 2)


def ruled(*later: dict[str, Any]) -> Track:
    """The track with a minimum that changes."""
    written = {"amount": "amount", "at_least": 50, "times": [{"days_of": "span"}], "clause": "R1.0.2"}
    changes = {"later": [{"clause": "R1.0.2", **one} for one in later]} if later else {}
    return replace(TRACK, rules=(read_rule({**written, **changes}),))


FIFTY = ruled()
RISING = ruled({"since": "2026-11-05", "at_least": 60}, {"since": "2026-11-08", "repealed": True})


def paid(first: date, last: date, amount: Any) -> dict[str, Any]:
    return {"id": "M", "on": str(first), "span": {"from": str(first), "to": str(last)}, "amount": amount}


def stay(*payments: dict[str, Any], left: date | None = None, **facts: Any) -> Client:
    whole = {"id": "S1", "received": {"at": f"{CAME}T21:00+06:00"}, "pocket_money": [*payments], **facts}
    return Client({"id": "7QF2-M9KD", "stays": [{**whole, **({"discharge": {"on": str(left)}} if left else {})}]})


def allowance_of(her: Client, today: date, track: Track = FIFTY) -> Allowance | None:
    return compute_allowance(track, her.stays[0], today)


def allowance_sums(one: Allowance | None) -> tuple[int, int, str, str, str]:
    assert one
    return one.days, one.covered, str(one.owed), str(one.paid), str(one.left)


def day(number: int) -> date:
    return date(2026, 11, number)


CASES: list[tuple[str, Client, date, tuple[Any, ...]]] = [
    ("today counts, and provisional reception too (X92)", stay(), CAME, (1, 0, "50", "0", "50")),
    ("up to the day before she left", stay(left=day(5)), day(30), (3, 0, "150", "0", "150")),
    ("not yet left on the day that is asked for", stay(left=day(5)), day(3), (2, 0, "100", "0", "100")),
    ("who is not admitted was there all the same", stay(admission={"not_admitted": {"on": "2026-11-04"}}), day(30),
     (2, 0, "100", "0", "100")),
    ("paid for all days", stay(paid(day(2), day(6), 250)), day(6), (5, 5, "250", "250", "0")),
    ("more for some days pays no other one", stay(paid(day(2), day(3), 500)), day(6), (5, 2, "250", "500", "150")),
    ("less than the minimum is owed still", stay(paid(day(2), day(6), "200.50")), day(6),
     (5, 5, "250", "200.50", "49.50")),
    ("paid ahead", stay(paid(day(2), day(8), 350)), day(3), (2, 2, "100", "350", "0")),
    ("paid ahead, and she left before", stay(paid(day(2), day(8), 200), left=day(4)), day(30),
     (2, 2, "100", "200", "0")),
    ("a day twice is a day", stay(paid(day(2), day(4), 150), paid(day(4), day(5), 100)), day(6),
     (5, 4, "250", "250", "50")),
    ("days before she came cover nothing", stay(paid(date(2026, 10, 30), day(1), 150)), day(3),
     (2, 0, "100", "150", "100")),
    ("one that is struck through is none", stay({**paid(day(2), day(6), 250), "void": {"on": "2026-11-06"}}), day(6),
     (5, 0, "250", "0", "250")),
]  # fmt: skip


@pytest.mark.parametrize(("her", "today", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_owed_paid_and_left(her: Client, today: date, found: tuple[Any, ...]) -> None:
    assert allowance_sums(allowance_of(her, today)) == found


@pytest.mark.parametrize("her", [
    stay(left=CAME), stay(received={"at": "2026-12-02T21:00+06:00"}), stay(received={}),
])  # fmt: skip
def test_a_stay_of_no_day_so_far_has_none(her: Client) -> None:
    assert allowance_of(her, day(30)) is None


def test_what_was_paid_in_a_stay_of_no_day_is_told_all_the_same() -> None:
    assert allowance_sums(allowance_of(stay(paid(day(2), day(2), 50), received={}), day(30))) == (0, 0, "0", "50", "0")


def test_nothing_is_left_for_days_for_which_it_is_written_why_less_was_paid() -> None:
    reason = {**paid(day(4), day(6), 10), "not_paid_reason": "не хотела"}
    assert allowance_sums(allowance_of(stay(paid(day(2), day(3), 100), reason, left=day(7)), day(20), TRACK))[-1] == "0"
    lacking = {name: said for name, said in reason.items() if name != "not_paid_reason"}
    assert (
        allowance_sums(allowance_of(stay(paid(day(2), day(3), 100), lacking, left=day(7)), day(20), TRACK))[-1] == "140"
    )


def test_a_change_of_the_minimum_splits_the_days() -> None:
    assert allowance_sums(allowance_of(stay(), day(10), RISING)) == (
        9,
        0,
        "330",
        "0",
        "330",
    )  # 3 × 50, 3 × 60, and nothing from the 8th on
    assert allowance_sums(allowance_of(stay(paid(day(4), day(6), 160)), day(10), RISING)) == (
        9,
        3,
        "330",
        "160",
        "170",
    )  # and 10 lacking


def test_the_number_is_that_of_the_shelf() -> None:
    assert least_allowance(TRACK, Span(day(2), day(8))) == 7 * NOW


@st.composite
def payments(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for _ in range(draw(st.integers(0, 5))):
        first = CAME + timedelta(draw(st.integers(-3, 25)))
        made.append(paid(first, first + timedelta(draw(st.integers(0, 9))), f"{draw(st.integers(1, 99999)) / 100:.2f}"))
    return made


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def a_day(one: date) -> int:
    return 50 if one < day(5) else 60 if one < day(8) else 0


def allowance_by_hand(given_: Sequence[dict[str, Any]], left: date | None, today: date) -> tuple[Any, ...]:
    there = days(CAME, min(today, left - timedelta(1)) if left else today)
    known = [
        (days(*(date.fromisoformat(one["span"][end]) for end in ("from", "to"))), Decimal(one["amount"]))
        for one in given_
    ]
    covered = [one for one in there if any(one in span for span, _ in known)]
    lacking = [
        max(sum(a_day(one) for one in span if one >= CAME and (left is None or one < left)) - amount, Decimal(0))
        for span, amount in known
        if any(one >= CAME and (left is None or one < left) for one in span)
    ]
    owed = sum(a_day(one) for one in there)
    unpaid = sum(a_day(one) for one in there if one not in covered)
    return len(there), len(covered), owed, sum((amount for _, amount in known), Decimal(0)), unpaid + sum(lacking)


@given(payments(), st.none() | st.integers(1, 30), st.integers(0, 30))
def test_day_by_day_it_is_the_same(given_: list[dict[str, Any]], stayed: int | None, passed: int) -> None:
    left = CAME + timedelta(stayed) if stayed else None
    found = allowance_of(stay(*given_, left=left), CAME + timedelta(passed), RISING)
    assert found
    assert (found.days, found.covered, found.owed, found.paid, found.left) == allowance_by_hand(
        given_, left, CAME + timedelta(passed)
    )


@given(payments(), st.integers(0, 30))
def test_the_days_that_nothing_covers_are_those_that_are_due(given_: list[dict[str, Any]], passed: int) -> None:
    """Only how much was paid is another matter, so all of these are of the least at least."""
    whole = [{**one, "amount": 10**5} for one in given_]
    today = CAME + timedelta(passed)
    her = stay(*whole)
    found = allowance_of(her, today, TRACK)
    around = Context(day=today, today=today, client=her, stay=her.stay, tracks=Tracks({TRACK.name: TRACK}))
    rows = [*list_track_obligations([TRACK], around, 0)]
    assert found
    gaps = found.days - found.covered
    assert sum(row.gaps or 0 for row in rows) in (gaps, gaps - 1)  # today itself is due, and not over
    assert found.left == gaps * NOW


@given(payments(), st.randoms(use_true_random=False))
def test_the_order_of_payments_does_not_matter(given_: list[dict[str, Any]], lot: Any) -> None:
    one, other = stay(*given_), stay(*lot.sample(given_, len(given_)))
    assert allowance_sums(allowance_of(one, day(20))) == allowance_sums(allowance_of(other, day(20)))


def test_what_is_paid_again_or_over_the_least_is_beyond_it_and_what_is_paid_ahead_is_not() -> None:
    def beyond(*payments: dict[str, Any]) -> str:
        one = allowance_of(stay(*payments), day(5))
        assert one
        return str(one.beyond)

    assert beyond(paid(day(2), day(5), 200)) == "0"
    assert beyond(paid(day(2), day(9), 400)) == "0"  # four of its days are still to come
    assert beyond(paid(day(2), day(5), 230)) == "30"
    assert beyond(paid(day(2), day(3), 100), paid(day(3), day(4), 100)) == "50"
    assert beyond() == "0"
