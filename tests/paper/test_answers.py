"""What a sheet of many entries proves, answer by answer, and blanks that a pen can fill, measured in the PDF."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from html import unescape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shelterctl.act.change import save_client_file
from shelterctl.act.register import register_context
from shelterctl.act.stay_context import stay_context
from shelterctl.core.manual.sheet import LEDGER_SHEET, LOG_SHEET
from shelterctl.core.manual.track import Track
from shelterctl.core.record.client import Client, value_at
from shelterctl.core.record.entries import Entry, read_entry
from shelterctl.core.rules.context import Context
from shelterctl.core.rules.names import find_name
from shelterctl.language import format_fact
from shelterctl.paper.answers import answerable_fields
from shelterctl.paper.code import LAYOUT_PLACE
from shelterctl.paper.request import REPORT_FORM, PaperRequest, PreparedPaper, printable_tracks
from shelterctl.paper.sheet import TrackSheet, make_track_sheet, prints_all_entries
from shelterctl.press.sheet import PAPER_A4, PAPER_US_LETTER, Medium, RenderedFile, render_sheets
from shelterctl.rulebook.rulebook import open_rulebook
from shelterctl.session import Session as Sitting
from tests.support import pdf
from tests.support.command import one_line
from tests.support.desk import copied
from tests.support.papers import DAY, FORMS, LANGUAGES, NAME, OTHER, PAPERS, answered, blank, filled, seated
from tests.support.pdf import outside, overlaid, printed

if TYPE_CHECKING:
    from tests.support.desk import Desk


SHELF = open_rulebook()
TRACKS = {track.form: track for track in printable_tracks(SHELF)}
OPEN = [track for track in TRACKS.values() if not track.seal]
ROWED = [track.form for track in OPEN if prints_all_entries(track)]
NAMED = {"staff": "s-zh17", "ngos": "ngo-zh8", "providers": "clinic-zh4", "iom_contacts": "iom-zh9"}
NAMELESS = {"staff": "s-aida", "ngos": "sezim", "providers": "s-aida", "iom_contacts": "s-aida"}
LONGEST = {"staff": "s-long", "ngos": "ngo-long", "providers": "clinic-long", "iom_contacts": "iom-long"}
"""Codes of registers, with a name behind each, with none, and with one of a single long part."""
OWNERS = {"house": "bishkek", "staff": NAMED["staff"], "ngo": NAMED["ngos"], "provider": NAMED["providers"]}
"""Whose registers are printed, by home."""

AFTER_A_HYPHEN = re.compile(r"(?<=-)(?=.)")
TAG = re.compile(r"<[^>]*>")
PUNCTUATION = "«»“”().,;:!?*"


@pytest.fixture(scope="module")
def sitting(_admitted: "Desk", tmp_path_factory: pytest.TempPathFactory) -> tuple[Sitting, Client, dict[str, str]]:
    """A house whose people and partners have the longest names, a client with a name as long, a consent of hers."""
    desk = copied(_admitted, tmp_path_factory.mktemp("names") / "desk")
    desk.do(f"staff add {NAMED['staff']} --role social_worker", {"name": NAME})
    desk.do(f"ngo add {NAMED['ngos']}", {"name": NAME})
    desk.do(f"provider add {NAMED['providers']}", {"name": NAME})
    desk.do(f"iom-contact add {NAMED['iom_contacts']}", {"name": NAME})
    longest = {"name": "Шаршенкубанычтурдумаматов"}
    desk.do(f"staff add {LONGEST['staff']} --role social_worker", longest)
    desk.do(f"ngo add {LONGEST['ngos']}", longest)
    desk.do(f"provider add {LONGEST['providers']}", longest)
    desk.do(f"iom-contact add {LONGEST['iom_contacts']}", longest)
    first, last = OTHER.split()
    desk.do(f"admit {desk.her}", {"identity": {"first_name": first, "last_name": last}})
    given = {"kind": "information_sharing", "recipient": OTHER, "given_on": "2026-11-23", "signed": True}
    ids = {
        "consent": desk.do(f"add {desk.her} consent", given).data["entry"],
        "plan": desk.do(f"add {desk.her} plan", {"kind": "assistance", "on": "2026-11-24"}).data["entry"],
        "pink": desk.do(f"agreement {desk.her} --form pink", PAPERS["pink"]).data["agreement_id"],
        "blue": desk.do(f"agreement {desk.her} --form blue", PAPERS["blue"]).data["agreement_id"],
    }
    session = seated(desk)
    return session, session.store.client(desk.her)[0], ids


def entries(sitting: tuple[Sitting, Client, dict[str, str]], name: str, party: dict[str, str]) -> list[Entry]:
    track, (_, her, ids) = TRACKS[name].whole, sitting
    told = enumerate(answered(track, {**party, "clients": her.id}, ids), 2)
    return [read_entry(track, {"id": f"K7M2Q{number}", **written}) for number, written in told]


def surroundings(sitting: tuple[Sitting, Client, dict[str, str]], track: Track) -> Context:
    """What an entry of the track has around it: her file, the joined record of a home, or the register of codes."""
    session, her, _ = sitting
    if track.is_coded:
        return register_context(session, {}, "code")
    if track.of_register is None:
        return stay_context(session, her, her.stay, session.today)
    return stay_context(session, session.store.subject(OWNERS[track.of_register])[0], None, session.today)


def printed_sheet(
    sitting: tuple[Sitting, Client, dict[str, str]], name: str, language: str, told: list[Entry]
) -> PreparedPaper:
    """The sheet of these entries: of hers, of a home's register, or of what is registered under a code."""
    session, her, _ = sitting
    track, wanted = TRACKS[name], PaperRequest(name, language, names=True)
    if not track.is_coded and track.of_register is None:
        return make_track_sheet(session, her, her.stay, track, wanted, told)
    code = OWNERS.get(track.of_register or "", "code")
    around, called = surroundings(sitting, track), None if track.is_coded else OTHER
    return TrackSheet(session, track.whole, wanted, told, around=around, registered=code, called=called).make_paper()


def printed_log(
    sitting: tuple[Sitting, Client, dict[str, str]], name: str, language: str = "ru", party: dict[str, str] = NAMED
) -> list[PreparedPaper]:
    """The sheet with all these entries, or the sheets of each."""
    told, made = entries(sitting, name, party), partial(printed_sheet, sitting, name, language)
    return [made(told)] if prints_all_entries(TRACKS[name]) else [made([one]) for one in told]


@pytest.mark.parametrize("name", ROWED)
def test_every_answer_of_an_entry_stands_on_its_log_or_the_shelf_says_why_not(
    name: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    track = TRACKS[name]
    (paper,) = printed_log(sitting, name)
    told = one_line(render_sheets(paper.sheets, Medium.MARKDOWN).data.decode())
    around = surroundings(sitting, track)
    seen = set[str]()
    for entry in entries(sitting, name, NAMED):
        place = f"/{entry.written['id']}/"
        for path, one in answerable_fields(track.fields):
            signed = path in (*track.sheet.signed, *track.sheet.signs)
            idle = value_at(entry.written, path) is None or not find_name(entry, path, around).is_asked(entry, around)
            if signed or path in track.sheet.leaves_out or idle:
                continue
            written = place + path.replace(".", "/")  # of a list of groups each answer has a place within it
            assert any(each == written or each.startswith(f"{written}/0/") for each in paper.facts), path
            within = one.fields if one.kind == "group" and path not in track.sheet.columns else {path: one}
            assert [name for name, each in within.items() if format_fact(each.paper_text, "ru") not in told] == []
            seen.add(path)
    rest = {path for path, _ in answerable_fields(track.fields)} - seen
    assert rest <= {*track.sheet.signed, *track.sheet.signs, *track.sheet.leaves_out}
    assert all(len(reason) > 20 for reason in track.sheet.leaves_out.values())
    assert not [path for path in track.sheet.leaves_out if any(path in place for place in paper.facts)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_of_disclosures_proves_an_emergency_an_access_and_a_refusal(language: str, admitted: "Desk") -> None:
    admitted.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Образцова"})
    admitted.do("staff add s-head --role manager", {"name": OTHER})
    urgent = {
        "kind": "emergency", "recipient": "скорая помощь", "what": ["группа крови"], "at": "2026-11-24T03:10+06:00",
        "by": "s-gulnara",
        "emergency": {"reason": "без сознания", "supervisor": "s-head", "permitted_at": "2026-11-24T03:05+06:00"},
    }  # fmt: skip
    refused = {
        "kind": "own_access",
        "requested_on": "2026-11-23",
        "withheld_reason": "там данные другой",
        "what": ["всё"],
    }
    seen = {"kind": "own_access", "requested_on": "2026-11-21", "granted_on": "2026-11-22", "what": ["дело"]}
    given = {"kind": "information_sharing", "recipient": "следователь", "given_on": "2026-11-23", "signed": True}
    consent = admitted.do(f"add {admitted.her} consent", given).data["entry"]
    inquiry = {"kind": "authority_investigation", "recipient": "следователь", "what": ["адрес"], "via": "directly"}
    inquiry |= {"at": "2026-11-24T09:00+06:00", "consent": consent}
    first, *_ = [
        admitted.do(f"add {admitted.her} disclosure", each).data["entry"] for each in (urgent, refused, seen, inquiry)
    ]
    admitted.do(f"authorise {admitted.her} disclosure {first} --on 2026-11-24 --staff s-head")
    told = admitted.do(f"form disclosure {admitted.her} --lang {language} --out log.pdf").data["printed"][0]
    page = pdf.paper((admitted.folder / "log.pdf").read_bytes()).text
    fields = SHELF.tracks["disclosure"].fields
    day = {"en": "2026-11-{}", "ru": "{}.11.2026", "ky": "{}.11.2026"}[language]
    labels = dict(answerable_fields(fields))
    for name, value in (
        ("emergency.reason", "без сознания"), ("emergency.supervisor", OTHER), ("authorised.by", OTHER),
        ("emergency.permitted_at", f"{day.format(24)} 03:05"), ("authorised.on", day.format(24)),
        ("requested_on", day.format(23)), ("requested_on", day.format(21)), ("granted_on", day.format(22)),
        ("withheld_reason", "там данные другой"), ("via", format_fact(fields["via"].codes["directly"], language)),
        ("consent", f"{format_fact(SHELF.tracks['consent'].text, language)}, {day.format(23)}"),
    ):  # fmt: skip
        assert pdf.squeezed(f"{format_fact(labels[name].paper_text, language)}: {value}") in page, name
    assert admitted.do(f"paper {told['code']}").data["state"] == "same"


def test_a_log_that_an_earlier_version_printed_had_no_place_for_what_stands_below_its_rows(admitted: "Desk") -> None:
    given = {"kind": "own_access", "requested_on": "2026-11-23", "what": ["дело"]}
    entry = admitted.do(f"add {admitted.her} disclosure", given).data["entry"]
    code = admitted.do(f"form disclosure {admitted.her} --out log.txt").data["printed"][0]["code"]
    session = seated(admitted)
    held = session.store.read(admitted.her)
    sheet = held.value["printed"][-1]
    before = {place: fact for place, fact in sheet["facts"].items() if "requested_on" not in place}
    assert len(before) < len(sheet["facts"])
    save_client_file(
        session,
        {**held.value, "printed": [{**sheet, "facts": {**before, LAYOUT_PLACE: "00000002"}}]},
        held.version,
        "print",
    )
    assert admitted.do(f"paper {code}").data["state"] == "same"
    admitted.do(f"add {admitted.her} disclosure", {"id": entry, "by": "s-gulnara", "granted_on": "2026-11-24"})
    assert admitted.do(f"paper {code}").data["changed"] == [f"/{entry}/by"]


@pytest.mark.parametrize("name", [track.form for track in OPEN])
def test_a_name_is_read_in_its_order_and_broken_at_its_own_hyphens_alone(
    name: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    for language in LANGUAGES if prints_all_entries(TRACKS[name]) else ("ru",):
        held_to_whole_names(printed_log(sitting, name, language))


@pytest.mark.parametrize("name", ROWED)
def test_a_name_of_one_long_part_is_whole_though_a_column_has_to_go_below(
    name: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    longest = "Шаршенкубанычтурдумаматов"
    (paper,) = printed_log(sitting, name, "ru", LONGEST)
    words = [word.text.strip(PUNCTUATION) for word in pdf.words(pdf.printed(paper.sheets).data)]
    text = columns(render_sheets(paper.sheets, Medium.TEXT).data.decode())
    facts = [*paper.facts.values()].count(longest)
    for found in (words, [word.strip(PUNCTUATION) for word in text]):
        assert found.count(longest) == facts
        assert "".join(found).count("турдумаматов") == facts


IN_FIGURES = {"en": r"\d{4}-\d\d-\d\d", "ru": r"\d\d\.\d\d\.\d{4}", "ky": r"\d\d\.\d\d\.\d{4}"}
IN_WORDS = {"en": r"\d [A-Z][a-z]+ \d{4}", "ru": r"\d [а-я]+ \d{4} г\.", "ky": r"\d{4}-жылдын \d+-[а-я]+"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [track.form for track in OPEN])
def test_a_sheet_has_one_way_to_write_a_day_and_says_where_the_manual_has_it(
    name: str, language: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    track = TRACKS[name]
    place = format_fact(SHELF.clauses[track.sheet.clause or track.clause]["heading"], language).partition(":")[0]
    for paper in (blank(name, language), *printed_log(sitting, name, language)):
        told = one_line(render_sheets(paper.sheets, Medium.TEXT).data.decode())
        assert not (re.search(IN_FIGURES[language], told) and re.search(IN_WORDS[language], told))
        assert (f": {place} " in told) is not track.sheet.outside


NEEDS = [f"помощь номер {number}" for number in range(1, 31)]


@pytest.mark.parametrize("needs", [NEEDS, NEEDS[:4], NEEDS[:5]])
def test_many_answers_are_a_list_and_few_a_line(
    needs: list[str], sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    session, her, _ = sitting
    written = {"on": DAY, "by": "NGO Coordinator", "status": "recognised", "needs": needs}
    entry = read_entry(SHELF.tracks["instruction"], written)
    wanted = PaperRequest("instruction", "ru")
    paper = make_track_sheet(session, her, her.stay, SHELF.tracks["instruction"], wanted, [entry])
    told = render_sheets(paper.sheets, Medium.TEXT).data.decode()
    listed = [f"- {each}" for each in needs]
    assert [line for line in told.splitlines() if line.startswith("- ")] == (listed if len(needs) > 4 else [])
    assert ("; ".join(needs) in one_line(told)) is (len(needs) == 4)
    assert paper.facts["/needs"] == "; ".join(needs)


AGREES = {"en": "agree", "ru": "соглашаюсь", "ky": "макулмун"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, AGREES),
        ({"given_on": DAY}, AGREES),
        ({"refused_on": DAY}, {"en": "refuse", "ru": "отказываюсь", "ky": "баш тартам"}),
        ({"given_on": DAY, "withdrawn_on": DAY}, {"en": "take back", "ru": "отзываю", "ky": "кайтарып алам"}),
    ],
)
def test_a_consent_is_what_she_says_in_her_own_person(
    written: dict[str, str], said: dict[str, str], sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    session, her, _ = sitting
    for language, words in said.items():
        wanted = PaperRequest("consent", language, names=True)
        entry = read_entry(SHELF.tracks["consent"], {"kind": "service", **written})
        paper = make_track_sheet(session, her, her.stay, SHELF.tracks["consent"], wanted, [entry] if written else [])
        told = one_line(render_sheets(paper.sheets, Medium.TEXT).data.decode())
        person = {"en": "I", "ru": "Я", "ky": "Мен"}[language]
        assert re.search(rf"{person}, {OTHER}, [^.]*{words}", told)
        plain = one_line(render_sheets(blank("consent", language).sheets, Medium.TEXT).data.decode())
        assert re.search(rf"{person}, _{{30,}}, ", plain)


@pytest.mark.parametrize("name", ["rental", "opinion"])
def test_what_is_paid_by_or_goes_to_a_court_speaks_of_nobody_as_she(name: str) -> None:
    told = one_line(render_sheets(blank(name, "ru").sheets, Medium.TEXT).data.decode())
    assert not re.findall(r"\b(она|её|ей|неё|ней|почему|снимаем|снята|хватит)\b", told.casefold())


SHE = {
    "en": r"\b(she|her|hers|herself)\b", "ky": r"\b(she|she's)\b",
    "ru": r"\b(она|её|ей|неё|сама|клиентк\w+|признана|пришла|согласна|вышла|вернулась|расписалась|сдала|закончила)\b",
}  # fmt: skip
OF_THINGS = ("помощь с ней", "за неё платят", "как её закончить", "сама история")
"""Where Russian speaks of studies or of work, which are feminine."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [track.form for track in OPEN])
def test_a_mans_sheets_speak_of_a_man(
    name: str, language: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    session, her, ids = sitting
    him = replace(her, facts={**her.facts, "identity": {**her.facts["identity"], "sex": "male"}})
    for hers, paper in zip(
        printed_log(sitting, name, language), printed_log((session, him, ids), name, language), strict=True
    ):
        assert paper.facts == hers.facts  # what is noted of a sheet is the same
        told_of_him = one_line(render_sheets(paper.sheets, Medium.TEXT).data.decode()).lower()
        for phrase in OF_THINGS:
            told_of_him = told_of_him.replace(phrase, "")
        if TRACKS[name].of_register:  # which speaks of no client in particular
            told_of_him = told_of_him.replace("клиентк", "")
        assert not re.findall(SHE[language], told_of_him)


@pytest.mark.parametrize("form", FORMS)
def test_so_is_one_on_a_form(form: str, papers: "Desk", tmp_path: Path) -> None:
    desk = copied(papers, tmp_path / "desk")
    first, last = OTHER.split()
    desk.do(f"admit {desk.her}", {"identity": {"first_name": first, "last_name": last}})
    desk.do("staff add s-gulnara --role social_worker", {"name": NAME})
    desk.do("ngo add sezim", {"name": NAME})
    for each in ("pink", "blue"):
        parties = {"ngo_representative": NAME, "iom_representative": OTHER}
        desk.do(f"agreement {desk.her} --form {each}", {**PAPERS[each], **parties})
    told = [filled(desk, form, language, names=True) for language in LANGUAGES]
    held_to_whole_names(told, apart=form == REPORT_FORM)


def held_to_whole_names(papers: list[PreparedPaper], *, apart: bool = False) -> None:
    """Each name on these sheets is whole in every medium, and within its page; first and last may stand *apart*."""
    sheets_ = [sheet for paper in papers for sheet in paper.sheets]
    data = pdf.printed(sheets_).data
    assert not pdf.outside(data)
    assert not pdf.overlaid(data)
    assert not [word for word in pdf.words(data) if "\N{SOFT HYPHEN}" in word.text]
    for words in (
        [word.text for word in pdf.words(data)],
        columns(render_sheets(sheets_, Medium.TEXT).data.decode()),
        pdf.markdown(render_sheets(sheets_, Medium.MARKDOWN).data).text.split(),
        unescape(TAG.sub(" ", render_sheets(sheets_, Medium.HTML).data.decode())).split(),
    ):
        pieces = [piece.strip(PUNCTUATION) for word in words for piece in AFTER_A_HYPHEN.split(word)]
        told = "".join(words)
        for name in (NAME, OTHER):
            first, last = name.split()
            for word in (first, last):
                assert whole(pieces, word) == told.count(AFTER_A_HYPHEN.split(word)[-1])
            if not apart:
                assert whole(pieces, name) == whole(pieces, first) == whole(pieces, last)
            assert whole(pieces, name) or not any(name in fact for paper in papers for fact in paper.facts.values())


def whole(pieces: list[str], name: str) -> int:
    """How often a name stands there, in order and with no part of it broken."""
    parts = [part for word in name.split() for part in AFTER_A_HYPHEN.split(word)]
    return sum(pieces[place : place + len(parts)] == parts for place in range(len(pieces)))


def columns(text: str) -> list[str]:
    """The words of a text, of a table column by column."""
    found: dict[int, list[str]] = {}
    for line in text.splitlines():
        for place, cell in enumerate(re.split(r" \|(?: |$)", line)):
            found.setdefault(place, []).extend(cell.split())
    return [word for words in found.values() for word in words]


@pytest.mark.parametrize("party", [NAMED, NAMELESS])
@pytest.mark.parametrize("name", [track.form for track in OPEN])
def test_no_code_stands_for_a_name_or_a_word(
    name: str, party: dict[str, str], sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    codes = {*party.values(), *(code for one in SHELF.places.values() for code in one.codes)}
    owner, as_codes = OWNERS.get(TRACKS[name].of_register or ""), set[str]()
    for paper in printed_log(sitting, name, "ru", party):
        told = render_sheets(paper.sheets, Medium.MARKDOWN).data.decode().replace("\\", "")
        told = TAG.sub(" ", told).replace(f"**{owner}**", "", 1)  # whose register it is
        as_codes |= codes & {*re.findall(r"[a-z][a-z0-9_-]+", told)}
    if owner and party is NAMELESS:  # the sheet of a register has a code where there is no name
        assert as_codes <= {*NAMELESS.values()}
        assert as_codes
    else:
        assert not as_codes


def test_where_the_register_has_no_name_there_is_a_line_to_write_on(
    sitting: tuple[Sitting, Client, dict[str, str]],
) -> None:
    (log,) = printed_log(sitting, "service", "en", NAMELESS)
    assert re.search(
        r"\| 2026-11-24 \|[^|]+\| [^|]+ \|  \|  \|", render_sheets(log.sheets, Medium.MARKDOWN).data.decode()
    )
    card, *_ = printed_log(sitting, "training", "en", NAMELESS)
    label = format_fact(SHELF.tracks["training"].fields["provider"].paper_text, "en")
    assert re.search(rf"{label}: \W*____", render_sheets(card.sheets, Medium.TEXT).data.decode())


ROW, SUM, SIGNED, SIGNED_IN_A_ROW = 8.0, 28.0, (60.0, 11.0), (45.0, 10.0)
REQUESTED, TOTAL = 60, 20
"""Millimetres from the right edge of the page: in the column of amounts, and in that of sums."""
SIZES = {PAPER_A4: (210.0, 297.0), PAPER_US_LETTER: (215.9, 279.4)}
EVERY = list(product(FORMS, LANGUAGES, SIZES))
LONG_FORMS = {"code-of-conduct": {PAPER_A4: 3, PAPER_US_LETTER: 4}}
"""The pages of forms that have several, for lines to be written on under each of their sections."""
LOGS = [track.form for track in printable_tracks(open_rulebook()) if track.sheet.kind in (LOG_SHEET, LEDGER_SHEET)]


@cache
def made(form: str, language: str, size: str = PAPER_A4) -> RenderedFile:
    return printed(blank(form, language).sheets, size)


def lines(data: bytes, page: int = 0) -> list[pdf.Rule]:
    """What is ruled on one page, without the edges of its tint."""
    return [rule for rule in pdf.rules(data) if rule.page == page and rule.left > 1]


def body(data: bytes) -> list[float]:
    """How high the rows of the first table are below its head, as long as a hand can write in them."""
    gaps = pdf.gaps([rule for rule in lines(data) if rule.long > 150])[1:]
    return gaps[: next((place for place, gap in enumerate(gaps) if gap < ROW - 0.1), len(gaps))]


@pytest.mark.parametrize(("form", "language", "size"), EVERY)
def test_every_blank_form_stands_on_its_pages_of_either_size_and_most_on_one(
    form: str, language: str, size: str
) -> None:
    one = made(form, language, size)
    assert set(one.pages) == {LONG_FORMS.get(form, {}).get(size, 1)}
    assert outside(one.data) == []
    assert overlaid(one.data) == []
    wide, high = SIZES[size]
    assert all(0 < rule.left < rule.right < wide and rule.down < high - 12 for rule in lines(one.data))


@pytest.mark.parametrize(("form", "language"), list(product(FORMS, LANGUAGES)))
def test_a_blank_form_is_set_once_for_on_a4_it_has_room_for_its_own_letters(form: str, language: str) -> None:
    assert {10.0, 12.0} & pdf.letters(made(form, language).data)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["pink", "blue"])
def test_every_amount_has_a_row_and_every_sum_a_column_that_a_hand_can_write_in(
    form: str, language: str, size: str
) -> None:
    wide = SIZES[size][0]
    ruling = lines(made(form, language, size).data)
    table = [rule for rule in ruling if rule.long > 150]
    within = [rule for rule in ruling if table[0].down <= rule.down <= table[-1].down]
    amounts = [rule for rule in pdf.column(within, wide - REQUESTED) if not 80 < rule.long < 150]
    heads = {place for place, rule in enumerate(amounts) if rule.long < 40 and amounts[place - 1].long > 150}
    rows = [gap for place, gap in enumerate(pdf.gaps(amounts), 1) if place not in heads and place > 1]
    assert len(rows) > 9
    assert min(rows) >= ROW - 0.1  # a heading over several lines has no amount of its own
    assert min(pdf.gaps(table)[1:]) >= ROW - 0.1
    requested = next(rule for rule in amounts if rule.long < 40)
    assert requested.long >= SUM
    assert table[0].right - requested.right >= SUM - 0.2
    words = [rule for rule in within if table[-2].down < rule.down < table[-1].down and 80 < rule.long < 150]
    assert len(words) == 2
    assert words[1].down - words[0].down >= ROW


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_in_a_sentence_have_room_and_the_lines_lie_apart(language: str) -> None:
    for form in ("pink", "blue"):
        ruling = lines(made(form, language).data)
        table = next(rule for rule in ruling if rule.long > 150)
        above = [rule for rule in ruling if rule.down < table.down]
        assert sum(rule.long >= 55 for rule in above) >= 4
        apart = {rule.down for rule in above}
        assert min(pdf.gaps([above[0]._replace(down=down) for down in sorted(apart)])) >= ROW - 0.1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_the_report_has_lines_of_eight_millimetres_and_words_have_two(language: str, size: str) -> None:
    ruling = lines(made("monitoring-report", language, size).data)
    general = [rule for rule in ruling if 110 < rule.long < 130]
    assert len(general) == 7
    assert min(pdf.gaps(general)) >= ROW - 0.1
    answers = [rule for rule in ruling if rule.long > 150]
    assert len(answers) == 11
    assert min(pdf.gaps(answers)) >= ROW - 0.1


@pytest.mark.parametrize("name", LOGS)
def test_a_log_has_rows_for_a_hand_down_to_the_foot_of_its_page(name: str) -> None:
    for language in LANGUAGES:
        one = made(name, language)
        assert one.pages == (1,)
        assert len(body(one.data)) >= (12 if blank(name, language).sheets[0].wide else 17)


def test_a_filled_ledger_is_signed_in_its_rows_and_can_be_gone_on_with_by_hand(papers: "Desk") -> None:
    for number in (1, 2, 3):
        given = {"on": "2026-11-22", "span": {"from": f"2026-11-2{number + 1}", "to": f"2026-11-2{number + 1}"}}
        papers.do(f"add {papers.her} pocket-money", {**given, "amount": 50, "by": "s-gulnara"})
    data = printed(filled(papers, "pocket-money", "ru").sheets).data
    assert len(body(data)) > 18


@pytest.mark.parametrize("form", ["plan", "consent"])
def test_whoever_signs_a_card_has_room_and_no_page_has_signatures_alone(form: str, papers: "Desk") -> None:
    paper: PreparedPaper = filled(papers, form, "ru")
    one = printed(paper.sheets)
    for page in range(sum(one.pages)):
        ruling = lines(one.data, page)
        signed = [rule for rule in ruling if rule.long > 150]
        assert len(ruling) > len(signed)
    assert max(pdf.gaps([rule for rule in lines(one.data, sum(one.pages) - 1) if rule.long > 150])) >= SIGNED[1] - 0.1


NUMBER_OF_CLIENT = {
    "en": "Identification number of the client", "ru": "Идентификационный номер клиента",
    "ky": "Кардардын идентификациялык номери",
}  # fmt: skip


def whose(track: Track, language: str) -> tuple[str, float]:
    """What every page of a blank asks for, and how long its line is: a client's number, or the code of a home."""
    if track.of_register is None:
        return NUMBER_OF_CLIENT[language], 37.2
    coded = next(one for one in SHELF.registers if track.of_register in one.home)
    return format_fact(coded.title, language), 43.4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_blank_has_a_line_for_her_number_or_for_the_house(language: str) -> None:
    long = [track for track in printable_tracks(SHELF) if made(track.form, language).pages != (1,)]
    assert len([track for track in long if track.of_register is None]) >= 5
    assert {"check", "incident"} <= {track.form for track in long}
    for track in long:
        data, (label, long_) = made(track.form, language).data, whose(track, language)
        assert all(pdf.squeezed(f"{label}:") in pdf.squeezed(page) for page in pdf.pages(data))
        for page in range(1, made(track.form, language).pages[0]):
            assert abs(lines(data, page)[0].long - long_) < 2
            assert lines(data, page)[0].down < 12


SIGNATURE = {"en": "Signature", "ru": "Подпись", "ky": "Кол"}


def room_to_sign(data: bytes, heads: Iterable[str]) -> list[tuple[float, float]]:
    """How wide each column is whose head begins with one of these words, and how high the row below its head."""
    found = []
    for word in pdf.words(data):
        if word.text.rstrip(":") in heads:
            page, at = word.page - 1, word.left * pdf.POINT
            edges = pdf.uprights(data, page, word.base * pdf.POINT)
            if edges and edges[0] < at < edges[-1]:
                left, right = max(edge for edge in edges if edge < at), min(edge for edge in edges if edge > at)
                below = [rule for rule in pdf.column(lines(data, page), at) if rule.down > word.base * pdf.POINT]
                found.append((round(right - left, 1), pdf.gaps(below)[0]))
    return found


CARDS = [track.form for track in OPEN if track.sheet.signed_by and track.sheet.kind != LEDGER_SHEET]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_whoever_signs_below_a_sheet_has_sixty_millimetres(
    name: str, language: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    papers_ = printed_log(sitting, name, language)[:1]
    for data in (made(name, language).data, printed([sheet for paper in papers_ for sheet in paper.sheets]).data):
        room = room_to_sign(data, {SIGNATURE[language]})
        assert len(room) == 1
        assert room[0][0] >= SIGNED[0]
        assert room[0][1] >= SIGNED[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [track.form for track in OPEN if track.sheet.kind == LEDGER_SHEET])
def test_whoever_signs_in_a_row_has_forty_five_millimetres(
    name: str, language: str, sitting: tuple[Sitting, Client, dict[str, str]]
) -> None:
    track = TRACKS[name]
    signs = {format_fact(track.fields[one].text, language).split()[0] for one in track.sheet.signs}
    log = printed_log(sitting, name, language)[0]
    for data in (made(name, language).data, printed(log.sheets).data):
        room = room_to_sign(data, signs or {SIGNATURE[language]})
        assert len(room) >= max(len(track.sheet.signs), 1)
        assert min(width for width, _ in room) >= SIGNED_IN_A_ROW[0]
    rows = body(made(name, language).data)
    assert min(rows[:-1]) >= SIGNED_IN_A_ROW[1]  # below the last may stand who else signs


SIGNED_BY_THE_MANUAL = {
    "instruction": "coordinator", "document": "coordinator", "coordinator-agreement": "coordinator",
    "primary-interview": "staff", "primary-evaluation": "staff", "rental": "social_worker", "training": "social_worker",
}  # fmt: skip


def test_what_iom_or_an_interviewer_answers_for_is_signed_by_them() -> None:
    assert {name: TRACKS[name].sheet.signed_by[0] for name in SIGNED_BY_THE_MANUAL} == SIGNED_BY_THE_MANUAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_social_worker_who_monitored_has_a_line_of_sixty_millimetres_to_sign_on(language: str) -> None:
    ruling = lines(made(REPORT_FORM, language).data)
    general = next(rule for rule in ruling if 110 < rule.long < 130)
    assert sorted(rule.long for rule in ruling if rule.down < general.down)[-2] >= SIGNED[0]
