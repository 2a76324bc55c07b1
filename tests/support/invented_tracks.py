"""Invented tracks whose sheets are on trial: a card, a ledger, a letter, every kind of answer, and what is sealed."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.support.desk import Desk
from tests.support.revised_rulebook import Revised

ERRAND = """schema: track/1
track: errand
text: {en: an errand, ru: выход по делу, ky: иш менен чыгуу}
clause: R4.0.9
home: stay
at: errands
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day of it, ru: Когда, ky: Качан}}
  kind:
    is: code
    text: {en: To whom, ru: К кому, ky: Кимге}
    codes: {doctor: {en: to a doctor, ru: к врачу, ky: дарыгерге}, court: {en: to court, ru: в суд, ky: сотко}}
  tooth: {is: text, with: {kind: [doctor]}, text: {en: What hurts, ru: Что болит, ky: Эмне ооруйт}}
  case: {is: text, with: {kind: [court]}, text: {en: Which case, ru: Какое дело, ky: Кайсы иш}}
  by: {is: party, of: [staff], text: {en: Who went along, ru: Кто сопровождал, ky: Ким коштоду}}
  paid: {is: yes_no, unknown: true, text: {en: Was it paid for, ru: Оплачено ли, ky: Төлөндүбү}}
  at: {is: time, text: {en: Left the house at, ru: Когда вышли, ky: Качан чыкты}}
  cost: {is: som, zero: true, text: {en: What it cost, ru: Сколько стоило, ky: Канча турду}}
  way:
    is: group
    text: {en: The way, ru: Дорога, ky: Жол}
    fields:
      by: {is: text, text: {en: By what means, ru: На чём, ky: Эмне менен}}
      days: {is: span, text: {en: Days on the way, ru: Дни в пути, ky: Жолдогу күндөр}}
  things:
    is: group
    several: true
    text: {en: Things taken along, ru: Что взяли с собой, ky: Эмнени алып жүрдү}
    fields:
      what: {is: text, text: {en: Thing, ru: Вещь, ky: Буюм}}
      count: {is: whole, text: {en: How many, ru: Сколько, ky: Канча}}
"""
LEDGER = """schema: track/1
track: allowance
text: {en: pocket money, ru: карманные деньги, ky: чөнтөк акча}
clause: R1.0.2
home: stay
at: allowances
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Paid on, ru: Когда выдали, ky: Качан берилди}}
  amount: {is: som, text: {en: Amount, ru: Сумма, ky: Сумма}}
  words: {is: text, text: {en: For what, ru: На что, ky: Эмнеге}}
sheet:
  kind: ledger
  title: {en: Pocket money paid, ru: Ведомость карманных денег, ky: Чөнтөк акча тизмеси}
  signed_by: [client, manager]
  columns: ["on", amount, words]
"""
LETTER = """schema: track/1
track: plea
text: {en: a plea, ru: просьба, ky: өтүнүч}
clause: R1.0.2
home: client
at: pleas
keeps: many
day: "on"
fields:
  on: {is: day, must: true, text: {en: Day of it, ru: Когда, ky: Качан}}
  recipient: {is: party, of: [ngos], open: true, text: {en: To whom, ru: Кому, ky: Кимге}}
  words: {is: text, text: {en: What is asked, ru: О чём просьба, ky: Эмне суралат}}
sheet: {kind: letter, signed_by: [staff]}
"""
MIXED = """schema: track/1
track: mixed
text: {en: a bit of all, ru: всего понемногу, ky: баарынан аздан}
clause: R1.0.2
home: client
at: mixed
keeps: many
fields:
  born: {is: partial, text: {en: Born, ru: Родился, ky: Туулган}}
  hours: {is: clock, several: true, text: {en: At what hours, ru: В какие часы, ky: Саат канчада}}
  months: {is: months, text: {en: Months, ru: Месяцы, ky: Айлар}}
  child: {is: entry, of: child, text: {en: Which child, ru: Какой ребёнок, ky: Кайсы бала}}
  sure: {is: yes_no, unknown: true, text: {en: Sure, ru: Уверены, ky: Ишеним}}
  needs: {is: text, several: true, text: {en: Needs, ru: Нужно, ky: Керек}}
  tongues: {is: code, of: languages, several: true, open: true, text: {en: Languages, ru: Языки, ky: Тилдер}}
  course:
    is: span
    text: {en: Course, ru: Курс, ky: Окуу}
    fields:
      trade: {is: text, text: {en: Trade, ru: Профессия, ky: Кесип}}
      from: {is: day, text: {en: Course from, ru: Начало курса, ky: Окуунун башы}}
      to: {is: day, text: {en: Course to, ru: Конец курса, ky: Окуунун аягы}}
  many:
    is: group
    several: true
    text: {en: Journeys, ru: Поездки, ky: Сапарлар}
    fields: {a: {is: text}, b: {is: text}, c: {is: text}, d: {is: text}, e: {is: text}, f: {is: text}, g: {is: text}}
"""
SAID = {
    "born": "2019-05", "hours": ["08:00", "20:00"], "months": ["2027-01", "2026-12"], "sure": "unknown",
    "needs": ["хлеб", "сон"], "tongues": ["ky", "sw"],
    "course": {"from": "2026-12-01", "to": "2027-01-31", "trade": "швея"},
}  # fmt: skip
SAID_ON_PAPER = {
    "en": "Born: May 2019 At what hours: 08:00, 20:00 Months: 2026-12, 2027-01 Which child: a child, {day} "
    "Sure: unknown Needs: хлеб; сон Languages: Kyrgyz, sw Course: 1 December 2026 – 31 January 2027 Trade: швея",
    "ru": "Родился: май 2019 г. В какие часы: 08:00, 20:00 Месяцы: 12.2026, 01.2027 Какой ребёнок: ребёнок, {day} "
    "Уверены: неизвестно Нужно: хлеб; сон Языки: кыргызский, sw Курс: 1 декабря 2026 г. – 31 января 2027 г. "
    "Профессия: швея",
    "ky": "Туулган: 2019-жылдын майы Саат канчада: 08:00, 20:00 Айлар: 12.2026, 01.2027 Кайсы бала: бала, {day} "
    "Ишеним: белгисиз Керек: хлеб; сон Тилдер: кыргызча, sw Окуу: 2026-жылдын 1-декабры – 2027-жылдын 31-январы "
    "Кесип: швея",
}
SEALED = """schema: track/1
track: finding
text: {en: a finding, ru: находка, ky: табылга}
clause: R4.0.9
sealed: {part: medical}
keeps: many
day: "on"
fields:
  on: {is: day, text: {en: Day of it, ru: Когда, ky: Качан}}
  words: {is: text, text: {en: What was found, ru: Что нашли, ky: Эмне табылды}}
"""
OWN = {
    "errand": ERRAND,
    "allowance": LEDGER,
    "plea": LETTER,
    "mixed": MIXED.replace("{is: text}", "{is: text, text: {en: Word, ru: Слово, ky: Сөз}}"),
    "finding": SEALED,
}
WENT: dict[str, Any] = {
    "on": "2026-11-24", "kind": "doctor", "by": "s-gulnara", "paid": True, "at": "2026-11-24T08:15+06:00", "cost": 1250,
    "way": {"days": {"from": "2026-11-24", "to": "2026-11-25"}},
}  # fmt: skip
LONG = ("Она рассказала всё подробно. " * 700)[:20_000]
WORD = "ж" * 300
WENT_ON_PAPER = {
    "en": "Day of it: 24 November 2026 To whom: to a doctor What hurts: {line} {line} Who went along: Гульнара "
    "Образцова Was it paid for: yes Left the house at: 24 November 2026, 08:15 What it cost: 1,250.00 som",
    "ru": "Когда: 24 ноября 2026 г. К кому: к врачу Что болит: {line} {line} Кто сопровождал: Гульнара Образцова "
    "Оплачено ли: да Когда вышли: 24 ноября 2026 г., 08:15 Сколько стоило: 1 250,00 сом",
    "ky": "Качан: 2026-жылдын 24-ноябры Кимге: дарыгерге Эмне ооруйт: {line} {line} Ким коштоду: Гульнара Образцова "
    "Төлөндүбү: ооба Качан чыкты: 2026-жылдын 24-ноябры, 08:15 Канча турду: 1 250,00 сом",
}
"""What was answered, what is still to be written, and nothing that another answer made idle."""


def with_own_sheets(admitted: Desk) -> Revised:
    """A shelf with tracks of its own, and names behind the codes of staff."""
    session = Revised(admitted)
    for name, text in OWN.items():
        session.add(f"tracks/{name}.yaml", text)
    session.do("staff add s-gulnara --role social_worker", {"name": "Гульнара Образцова"})
    return session


def added(desk: Revised, track: str, given: Mapping[str, Any]) -> str:
    return str(desk.do(f"add {desk.her} {track}", given).data["entry"])


def pages(data: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]
