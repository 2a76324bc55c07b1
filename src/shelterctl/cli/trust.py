"""shelterctl trust: who may read and write in a store, and why this computer believes it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl import ask
from shelterctl.act import device
from shelterctl.act.comparison import asked_number, compared, words_at
from shelterctl.act.handed import Handed, handed
from shelterctl.act.recovery import paper_in, unsigned
from shelterctl.cli.options import As, Ctx, Overwrite, desk
from shelterctl.core.finding import Outcome, Said
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import Conflict, Usage
from shelterctl.language import N_
from shelterctl.trust import four_words

ONE = N_("Take one of --begin, --accept and --join at a time.")
STORE = N_("Store {store}. Its words: {words}.")
NUMBER = N_("The number for the sheet in the safe: {number}. The words of this moment: {moment}.")
PAPER = N_("The recovery paper has signed.")
NO_PAPER = N_(
    "The recovery paper has not signed yet. Write the store's words on it, and let it sign with: shelterctl check "
    "--recovery FILE"
)
ADOPTED = N_("The store was taken over from 0.1.0 on {on}.")
UNREMEMBERED = N_(
    "The computer that took it over remembered nothing of it: a person compared the number of clients and the last day."
)
BEGUN = N_(
    "The store has its list of who may read and write now, and can be written to again. Its words: {words}. "
    "Number: {number}."
)
WRITE = N_("Write the words and the store {store} on the recovery paper, and on a sheet for the safe of the house.")
COMPARE = N_(
    "This computer remembers nothing of this store. It holds {clients} clients and was changed last on {last}. "
    "Is that what you expect?"
)
NOT_CONFIRMED = N_("Nothing was taken over. Ask whoever worked here last, and look for the newest copy of the store.")
COMPARED = N_("Nobody sits here to compare: say how many clients there are, with --clients N.")
OTHER_COUNT = N_("The store holds {clients} clients. Nothing was taken over.")
NEW = {
    "device": N_("New on the list: computer {device} may read and write; admitted by {by} on {at}."),
    "end": N_("New on the list: computer {device} is shut out; by {by} on {at}."),
    "recovery": N_("New on the list: another recovery paper takes the place of the old one; by {by} on {at}."),
    "accept": N_("New on the list: the recovery paper has signed; by {by} on {at}."),
}
NEWER = N_("New on the list: something that only a newer shelterctl knows; by {by} on {at}.")
ACCEPT = N_("Do you know of this, and is it right?")
REFUSED = N_("Nothing was accepted. Stop, change nothing, and call the data officer.")
ACCEPTED = N_("Accepted: new entries {count}. This computer writes again.")
NOTHING = N_("There is nothing new on the list of who may read and write.")
JOINED = N_("This computer works with the store now: device {device}, of {staff}. Files sealed anew: {files}.")
TAKE_BACK = N_(
    "Take the paper out of the house again, and erase the file with its key. Then make a backup: shelterctl backup DIR"
)
NO_RECOVERY = N_("Only the paper can admit a new computer: add --recovery FILE.")

MEDIA = ("pdf", "html", "md", "txt")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl trust")
def trust(
    ctx: Ctx,
    begin: Annotated[bool, typer.Option("--begin", help="Take over a store that 0.1.0 made.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept what is new on the list of who may read and write.")
    ] = False,
    join: Annotated[
        bool, typer.Option("--join", help="Let this computer work with the store, by the recovery paper.")
    ] = False,
    recovery: Annotated[
        Path | None, typer.Option("--recovery", metavar="FILE", help="The line of the recovery paper, in a file.")
    ] = None,
    clients: Annotated[
        int | None, typer.Option("--clients", metavar="N", help="With --begin: how many clients there are.")
    ] = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="The last number on the sheet in the safe.")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", metavar="WORDS", help="The four words, to be compared.")
    ] = None,
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="With --join: leave a new key unprotected, for scripts.")
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Print the sheet for the safe into FILE: .pdf, .html, .md or .txt."),
    ] = None,
    as_: As = None,
    overwrite: Overwrite = False,
) -> Outcome:
    """Say who may read and write in the store; take a store over, accept a change, or join with a new computer."""
    here = desk(ctx)
    if begin + accept + join > 1:
        raise Usage("usage/one-thing", ONE)
    if begin:
        return _begin(here, recovery, clients)
    if join:
        return _join(here, recovery, number, words, no_passphrase)
    return _accept(here) if accept else _shown(here, handed(out, as_, overwrite, MEDIA, json=here.json))


def _shown(here: Desk, to: Handed | None) -> Outcome:
    store = here.store
    journal, chain = store.vault.journal, store.vault.journal.chain
    if not chain.root:
        raise Conflict(store.told[0].code, store.told[0].message, hint=store.told[0].hint)
    heads = journal.heads()
    rows = [
        {
            "device": one.code,
            "staff": one.staff,
            "may": list(one.may),
            "lines": heads[one.code][0] if one.code in heads else 0,
            "state": "ended" if one.ended else "here" if one.code == store.identity.device else "in_force",
        }
        for one in chain.devices.values()
    ]
    facts = {"store": chain.store, "words": four_words(chain.root), "number": journal.number()}
    if to:
        from shelterctl.paper.safe import printed  # noqa: PLC0415 - otherwise nothing is printed here

        return printed(here, facts, to)
    moment = words_at(journal, journal.number())
    said: Said = ((STORE, facts), (NUMBER, {**facts, "moment": moment}), (PAPER if chain.paper[1] else NO_PAPER, {}))
    said = (*said, *_adopted(chain))
    sheet = {**facts, "moment": moment, "paper_signed": chain.paper[1] is not None}
    data = {"sheet": sheet, "rows": rows}
    return Outcome(data=data, said=said)


def doubts(chain: Any) -> Said:
    """What the list does not prove: said by every check for as long as it is so."""
    unsigned = bool(chain.root) and not chain.paper[1]
    unremembered = bool(chain.adopts) and not chain.adopts["remembered"]
    return (*(((NO_PAPER, {}),) if unsigned else ()), *(_adopted(chain) if unremembered else ()))


def _adopted(chain: Any) -> Said:
    """That a store was taken over, and what nobody could know then; said for ever."""
    if not chain.adopts:
        return ()
    from shelterctl.trust.statement import read  # noqa: PLC0415

    root = read(chain.lines.partition(b"\n")[0], first=True)
    said: Said = ((ADOPTED, {"on": root.said["at"][:10]}),)
    return said if chain.adopts["remembered"] else (*said, (UNREMEMBERED, {}))


def _begin(here: Desk, recovery: Path | None, clients: int | None) -> Outcome:
    # Gather.
    paper = paper_in(recovery)[0] if recovery else None
    store = here.store
    if store.vault.journal.chain.root:
        if not device.unfinished(store):
            raise Usage("trust/begun", device.ALREADY)
        device.finish(here)
    else:
        remembered = _remembered(here)

        # Decide.
        if not remembered:
            count, last = len(list(store.ids())), (store.vault.journal.latest() or "")[:10]
            if clients is not None:
                if clients != count:
                    raise Conflict("trust/other-count", OTHER_COUNT, clients=count)
            elif not walked(here):
                raise Usage("trust/compare", COMPARED)
            elif not ask.confirm(COMPARE, {"clients": count, "last": last}):
                return Outcome(said=((NOT_CONFIRMED, {}),))

        # Act.
        device.begin(here, paper, remembered=remembered)
    fresh = Desk(here.given).store
    chain, journal = fresh.vault.journal.chain, fresh.vault.journal
    facts = {"store": chain.store, "words": four_words(chain.root), "number": journal.number()}
    said: Said = ((BEGUN, facts), (WRITE, facts), *(() if chain.paper[1] else ((NO_PAPER, {}),)))
    _forget_notes(here)
    return Outcome(data={"sheet": {**facts, "paper_signed": chain.paper[1] is not None}}, said=said)


def _forget_notes(here: Desk) -> None:
    """What was told of the store as it was before is no longer so."""
    here.store.told.clear()


def _remembered(here: Desk) -> bool:
    """Whether this computer knows how far the store had come."""
    from shelterctl.store import OldMemory  # noqa: PLC0415

    store = here.store
    return OldMemory(here.heads / store.vault.journal.chain.store, store.identity).recall() is not None


def _accept(here: Desk) -> Outcome:
    from shelterctl.trust.statement import read  # noqa: PLC0415

    # Gather.
    store = here.store
    chain, known = store.vault.journal.chain, store.vault.journal.known
    if not chain.root or known is None:
        if store.vault.closed:
            raise store.vault.closed
        return Outcome(said=((NOTHING, {}),))
    lines = chain.lines.splitlines()[known.trust[0] :]
    found = [_news(read(line, first=False).said) for line in lines]
    news: Said = tuple((NEW.get(one["kind"], NEWER), one) for one in found)
    if not news:
        return Outcome(said=((NOTHING, {}),))

    # Decide.
    if walked(here):
        from shelterctl import screen  # noqa: PLC0415

        for sentence, facts in news:
            screen.tell(sentence, facts)
        if not ask.confirm(ACCEPT):
            return Outcome(said=((REFUSED, {}),))

    # Act.
    store.vault.journal.remember()
    store.told.clear()
    return Outcome(
        data={"accepted": [dict(facts) for _, facts in news]}, said=(*news, (ACCEPTED, {"count": len(news)}))
    )


def _news(said: Any) -> dict[str, Any]:
    """What a statement says, by codes."""
    about = said.get("device")
    device_ = about["code"] if isinstance(about, dict) else about or ""
    return {"kind": said["kind"], "device": device_, "by": said["by"], "at": said["at"][:10]}


def _join(here: Desk, recovery: Path | None, number: int | None, words: str | None, no_passphrase: bool) -> Outcome:
    # Gather.
    if recovery is None:
        raise Usage("trust/needs-paper", NO_RECOVERY)
    from shelterctl.act.computer import key_of, known_here  # noqa: PLC0415
    from shelterctl.store import open_store  # noqa: PLC0415

    staff = code(here.option("staff") or "manager", "--staff")
    paper, written = paper_in(recovery)
    if known_here(here):
        raise Usage("trust/here-already", device.HERE_ALREADY)
    if unsigned(here, paper):
        raise Conflict("trust/paper-cannot", device.NOT_SIGNED, hint=device.DRILL)
    opened = open_store(here.root, paper, here.shelf, None)
    journal = opened.vault.journal
    compared(journal, asked_number(number, sitting=walked(here)), words or written)

    # Decide.
    whole = device.to_join(opened)
    key, _ = key_of(here, no_passphrase)

    # Act.
    store = device.join(opened, here.heads, whole, key, staff=staff, at=_now(opened))
    files = sum(name.endswith(".age") for name in store.vault.journal.files())
    facts = {"device": key.device, "staff": staff, "files": files}
    data = {**facts, "sheet": {"number": store.vault.journal.number()}}
    return Outcome(data=data, said=((JOINED, facts), (TAKE_BACK, {})))


def _now(store: Any) -> str:
    from shelterctl.desk import now_at  # noqa: PLC0415

    return now_at(store.offset).isoformat(timespec="minutes")
