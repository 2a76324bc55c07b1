"""Papers printed at the terminal: which, in which language, into which file, and whether they are signed by then."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shelterctl import ask, machine, screen
from shelterctl.core.finding import Outcome, Said
from shelterctl.core.record import Client
from shelterctl.desk import Desk
from shelterctl.errors import Disk
from shelterctl.language import N_, Sentence
from shelterctl.paper.agreement import lacking
from shelterctl.paper.client import ClientPaper, made_of, papers_of, unsigned
from shelterctl.paper.delivery import CODE, IN_CLEAR, MARKED, deliver
from shelterctl.paper.pack import contents, others, understood
from shelterctl.paper.request import PACK, REPORT, Paper, Request, unreviewed
from shelterctl.walk.destination import where
from shelterctl.walk.language import language_of_all, named
from shelterctl.walk.remark import remark
from shelterctl.walk.signing import record
from shelterctl.walk.title import called, calm

TITLE = N_("File {id}: papers")
WHICH = N_("Which paper is to be printed? Enter goes back.")
ALL = N_("everything that is to be signed today, in one file ({count})")
ROW = N_("{paper}: {state}")
IN_ITS_OWN = N_("{state} ({language})")
A_DRAFT = N_("{language}, a text that IOM has not approved yet")
NONE = N_("There is nothing to print in file {id}: she has no stay and no agreement.")
DRAFT = N_("{paper} is printed as a draft that is not to be signed, as long as this is so:")
NOW = N_("Print it now, to be signed? Enter: later.")
PRINT = N_("yes, print it")
CODES = N_("The codes at their feet: {codes}. Whether a sheet is still right is told by: shelterctl paper CODE")
CODES_HERE = N_("The codes at their feet: {codes}. Whether a sheet is still right is told in the menu, by the house.")
OPENED = N_("To see and print it, open it by a double click, or with: {opener} {file}")
NAMELESS = N_(
    "On the report her name, birth, address and telephone stay blank, so that a lost sheet tells nobody who she is. "
    "What must stand there is written in by hand."
)
LIES = N_("The papers are in {file}. Whoever has this file can read it: print it, then delete it.")


def walk(here: Desk, id_: str) -> Said:
    """Print papers of one client, and record what is signed by then; nothing is said where nothing was printed."""
    her, _ = here.store.client(id_)
    papers, beside = papers_of(here, her), others(here, her, None, Request(PACK))
    if not (papers or beside):
        return ((NONE, {"id": her.id}),)
    said: Said = ()
    with here.alone():
        screen.tell(TITLE, {"id": her.id}, bold=True)
        while not said and (chosen := _chosen(here, papers, len(beside))):
            said = _printed(here, her, *chosen)
    return said


def offered(here: Desk, id_: str, entry: object) -> Said:
    """Offer to print an agreement that was just saved; nothing is said where it is not printed.

    Ctrl-C is as good as later here: what was asked before is saved.
    """
    try:
        her, _ = here.store.client(id_)
        chosen = [one for one in unsigned(here, her) if one.entry and one.entry["id"] == entry]
        if not chosen or ask.choice(NOW, [(PRINT, {})]) is None:
            return ()
        return _printed(here, her, chosen, whole=False)
    except KeyboardInterrupt:
        screen.write([""])
        return ()


def delivered(here: Desk, stem: str, her: Client | None, made: Callable[[], Sequence[Paper]]) -> Path | None:
    """The file in which the papers are, once it is written; None where nobody wants one."""
    while to := where(here, stem, her):
        path = Path(to.out)
        try:
            done = deliver(here, made(), to)
        except Disk as error:
            if error.facts.get("place") != "--out":
                raise
            screen.tell(error.message, {**error.facts, "place": machine.spelt(path)}, indent="  ! ")
            continue
        screen.write([remark(here, finding) for finding in done.findings], indent="  ! ")
        if done.refused:
            continue
        _tell(here, done, path)
        return path
    return None


def _chosen(here: Desk, papers: Sequence[ClientPaper], beside: int) -> tuple[Sequence[ClientPaper], bool] | None:
    """The papers that are to be printed, and whether that is the whole pack, with so many *beside* them."""
    waiting = [one for one in papers if one.to_sign]
    every = [(ALL, {"count": len(waiting) + beside})] if len(waiting) > 1 or beside else []
    options: list[tuple[Sentence, Mapping[str, object]]] = [*every, *((ROW, _row(here, one)) for one in papers)]
    chosen = ask.choice(WHICH, options)
    if chosen is None:
        return None
    return (waiting, True) if chosen < len(every) else ([papers[chosen - len(every)]], False)


def _row(here: Desk, one: ClientPaper) -> Mapping[str, object]:
    state = screen.said(one.state, {"on": one.on})
    if one.language:
        language = named(here.shelf, one.language)
        language = screen.said(A_DRAFT, {"language": language}) if unreviewed(here.shelf, one.language) else language
        state = screen.said(IN_ITS_OWN, {"state": state, "language": language})
    return {"paper": called(one), "state": state}


def _printed(here: Desk, her: Client, papers: Sequence[ClientPaper], whole: bool) -> Said:
    """What is said of them when the screen is gone; nothing where they were not printed.

    The *whole* pack has what is to be signed besides too, in the language of what she is to understand.
    """
    for one in papers:
        _why_a_draft(here, her, one)
    languages: dict[bool, str] = {}
    for to_her in (True, False):
        group = [called(one) for one in papers if one.language is None and one.to_her is to_her]
        if group:
            language = language_of_all(here, group, her if to_her else None)
            if language is None:
                return ()
            languages[to_her] = language
    printed = [(one, one.language or languages[one.to_her]) for one in papers]
    stem = f"shelterctl-{her.id}-{here.today.isoformat()}"
    path = delivered(here, stem, her, lambda: _listed(here, her, printed, whole, languages.get(True)))
    said: Said = ((LIES, {"file": machine.spelt(path)}),) if path else ()
    if path and any(one.form == REPORT for one in papers):
        said = (*said, (NAMELESS, {}))
    return (*said, *record(here, her.id, printed)) if path else ()


def _why_a_draft(here: Desk, her: Client, one: ClientPaper) -> None:
    """What marks a sheet as a draft, before it is printed: whoever knows it may fill it in first."""
    if not (one.entry and one.form in here.shelf.forms):
        return
    lacks = lacking(here, her, here.shelf.form(one.form), one.entry)
    if lacks:
        screen.tell(DRAFT, {"paper": called(one)}, bold=True)
        screen.write([remark(here, finding) for finding in lacks], indent="  - ")


def _listed(
    here: Desk, her: Client, printed: Sequence[tuple[ClientPaper, str]], whole: bool, language: str | None
) -> Sequence[Paper]:
    """The papers, of the *whole* pack all of them, and of several a page that lists them."""
    made = [made_of(here, her, one, language) for one, language in printed]
    made += others(here, her, language or understood(here, her), Request(PACK)) if whole else ()
    return [contents(here, her, made), *made] if len(made) > 1 else made


def _tell(here: Desk, done: Outcome, path: Path) -> None:
    """What was printed, and how it is opened."""
    screen.clear()
    for sentence, facts in done.said:
        title: Any = facts.get("title")
        if sentence not in (CODE, IN_CLEAR, MARKED):
            screen.tell(sentence, {**facts, "title": calm(title) if title else None})
    codes = [str(facts["code"]) for sentence, facts in done.said if sentence == CODE]
    if codes:
        screen.tell(CODES_HERE if here.stays else CODES, {"codes": codes})
    screen.tell(OPENED, {"opener": machine.opener(), "file": _quoted(path)})


def _quoted(path: Path) -> str:
    """A path as a command line takes it."""
    text = machine.spelt(path)
    home, rest = ("~/", text[2:]) if text.startswith("~/") else ("", text)
    return home + (f'"{rest}"' if any(character.isspace() for character in rest) else rest)
