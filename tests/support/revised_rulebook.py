"""A store before which a copy of the manual lies, to be revised by text alone; a third financial form for it."""

import atexit
import json
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from shelterctl.edition import MANUAL_VARIABLE
from shelterctl.errors import ShelterError
from shelterctl.rulebook.rulebook import Rulebook, open_rulebook
from shelterctl.store.folder import REMEMBERED_STORE_FILE
from tests.support.command import one_line
from tests.support.desk import TODAY, Desk
from tests.support.terminal import Terminal

LANGUAGES = ("en", "ru")
"""In each of these what is revised is asked, refused and printed."""


class Trial(Desk):
    """A desk at which a copy of the manual is read."""

    def __init__(self, folder: Path, manual: Path, her: str = "") -> None:
        super().__init__(folder, her)
        self.manual = manual

    @property
    def env(self) -> dict[str, str]:
        """Whoever sits here, with a copy named that says the same as theirs does now."""
        return {**super().env, MANUAL_VARIABLE: str(shelved(self.manual))}

    def read_ahead(self) -> None:
        """The manual, so that whoever is forked from here has it."""
        with suppress(ShelterError), pytest.MonkeyPatch.context() as here:
            here.setenv(MANUAL_VARIABLE, str(shelved(self.manual)))
            open_rulebook()


def shelved(manual: Path) -> Path:
    """A copy of a manual that nobody changes, one for all that say the same: it is read and checked once for them."""
    seen = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(manual.rglob("*")))
    if seen not in LOOKED_AT:
        LOOKED_AT[seen] = Rulebook(manual).digest
    digest = LOOKED_AT[seen]
    if digest not in SHELVED:
        folder = Path(tempfile.mkdtemp(prefix="shelterctl-manual-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        SHELVED[digest] = Path(shutil.copytree(manual, folder / "manual"))
    return SHELVED[digest]


LOOKED_AT: dict[tuple[tuple[str, int, int], ...], str] = {}
"""What manuals say, by when their files were written."""

SHELVED: dict[str, Path] = {}
"""Copies of manuals, by what they say."""


def copy_of_the_manual(folder: Path) -> Path:
    """The manual as somebody copies it who tries a revision: it says that it is none of the shipped ones."""
    shutil.copytree(open_rulebook().folder, folder)
    edition = folder / "edition.yaml"
    edition.write_text(edition.read_text("utf-8") + "shelf: trial\n", "utf-8")
    return folder


def retold(desk: Desk) -> None:
    """Make the store of a desk anew, as it was made, by rules on trial: whoever tries a revision has one of its own."""
    if (told := json.dumps(desk.done, default=str)) not in MADE:
        folder = Path(tempfile.mkdtemp(prefix="shelterctl-retold-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        made = Trial(folder / "desk", copy_of_the_manual(folder / "manual"))
        made.folder.mkdir()
        for words, given, how in desk.done:
            own = given if isinstance(given, Path) else json.loads(_hers(json.dumps(given), desk, made))
            said = made.do(_hers(words, desk, made), own, **how)
            made.her = made.her or (said.data["id"] if words.startswith("admit") else "")
        MADE[told] = made
    made = MADE[told]
    for old in (desk.store, desk.key.with_name("key.heads")):
        shutil.rmtree(old)
    shutil.copytree(made.folder, desk.folder, dirs_exist_ok=True)
    (desk.folder / "key.heads" / REMEMBERED_STORE_FILE).unlink(missing_ok=True)
    desk.her = made.her


MADE: dict[str, Trial] = {}
"""Stores that were made so, by what made them."""


def _hers(text: str, desk: Desk, made: Desk) -> str:
    return text.replace(desk.her, made.her) if desk.her and made.her else text


class Revised(Trial):
    """The same desk over a manual of its own: every command reads that, by file and at a terminal."""

    def __init__(self, desk: Desk) -> None:
        retold(desk)
        super().__init__(desk.folder, copy_of_the_manual(desk.folder.with_name("manual")), desk.her)

    @property
    def rulebook(self) -> Rulebook:
        """The copy as it stands now."""
        return Rulebook(self.manual)

    def edit(self, file: str, old: str, new: str) -> None:
        """Put *new* in the place of *old*, which stands there once."""
        path = self.manual / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {file}: {old}"
        path.write_text(text.replace(old, new), "utf-8")

    def add(self, file: str, text: str) -> None:
        """A file more."""
        assert not (self.manual / file).exists()
        (self.manual / file).write_text(text, "utf-8")

    def lose(self, *fields: str) -> None:
        """Say in every standard that it has no column for these fields of a client."""
        lose_fields(self.manual, *fields)

    def clause(self, name: str, words: str) -> None:
        """A clause of a revision, with the words in which it was written down."""
        said = f"  {name}:\n    heading: {{en: {words}}}\n    gist: {{en: {words}}}\n    text: {words}\n"
        self.edit("clauses.yaml", "\nclauses:\n", f"\nclauses:\n{said}")

    def sit(self, language: str, words: str, *typed: str, today: str = TODAY) -> str:
        """What is seen at a terminal high enough for every list, in one line; no answer is left over."""
        with Terminal(self, language, today, (120, 80)).live(words) as live:
            for answer in typed:
                live.type(answer)
            seen = replace(live.end(), language=language)
        return without_progress(seen.text)

    def paper(self, words: str, language: str, name: str = "paper.txt", **how: Any) -> str:
        """What a form prints, in one line."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        self.do(f"form {words} --lang {language} --out {path}", **how)
        if path.suffix == ".pdf":
            return without_progress(" ".join(page.extract_text() for page in PdfReader(path).pages))
        return without_progress(path.read_text("utf-8"))


def lose_fields(manual: Path, *fields: str) -> None:
    """Say in every standard of a manual that it has no column for these fields of a client."""
    before = "\nloses:\n  names_her:\n"
    more = "".join(f"    - {name}\n" for name in fields)
    for path in sorted((manual / "standards").iterdir()):
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, before + more), "utf-8")


def without_progress(text: str) -> str:
    """A text in one line, without how far one is behind each question."""
    return re.sub(r" \(\d+ (?:of|из) \d+\)", "", one_line(text))


GREEN = """schema: track/1
track: green
text: {en: green form, ru: зелёная форма}
clause: IOM-2026-14
family: agreement
tells: {form: green}
unlisted: IOM-2026-14
advice: {en: Ask IOM., ru: Спросите МОМ.}
fields:
  school: {is: text, letters: true, text: {en: School, ru: Школа}}
  boards: {is: yes_no, text: {en: She boards there, ru: Живёт при школе}}
  warden: {is: text, letters: true, with: {boards: ["yes"]}, text: {en: Warden, ru: Комендант}}
  begins_on: {is: day, text: {en: First day at school, ru: Первый день в школе}}
  term: {is: span, ahead: true, text: {en: Term, ru: Учебный год}}
rules:
  - {needs: [school, term], act: sign, clause: IOM-2026-14}
parts:
  a:
    text: {en: "School fees ({at_most} Soms a month)", ru: "Плата за школу (не более {at_most} сомов в месяц)"}
    clause: IOM-2026-14
    fields: {months: {is: months, text: {en: months, ru: месяцы}}}
    rules:
      - {amount: amount, at_most: 700, times: [months], clause: IOM-2026-14}
  b: {text: {en: Books, ru: Книги}, clause: IOM-2026-14}
sheet:
  tint: white
  sentences:
    - mark: "1."
      clause: IOM-2026-14
      text:
        en: "School: {school}, from {begins_on}, term {term_from} to {term_to}. She boards there: {boards}."
        ru: "Школа: {school}, с {begins_on}, учебный год с {term_from} по {term_to}; живёт при школе: {boards}."
  texts:
    title: {en: AGREEMENT FOR SCHOOLING, ru: СОГЛАШЕНИЕ О ШКОЛЕ}
    subtitle: {en: (Green Form), ru: (зелёная форма)}
    number: {en: AGREEMENT NO., ru: СОГЛАШЕНИЕ №}
    place: {en: Bishkek, ru: г. Бишкек}
    date: {en: Date, ru: Дата}
    preamble: {en: "{ngo} ({ngo_representative}) and IOM ({iom_representative}):", ru: "{ngo} и МОМ:"}
    description: {en: Description, ru: Описание}
    requested: {en: Requested, ru: Запрошено}
    total: {en: Total, ru: Итого}
    in_writing: {en: "In writing:", ru: "Прописью:"}
    guidelines: {en: The standards apply., ru: Действуют стандарты.}
    signed: {en: "Signed:", ru: "Подписали:"}
    ngo: {en: for the NGO, ru: от НПО}
    iom: {en: for IOM, ru: от МОМ}
    name: {en: Name, ru: Имя}
"""
TERM = {"from": "2027-09-01", "to": "2028-05-31"}
