"""shelterctl staff, ngo, provider and facility: the registers, each to register or change what it has, and to list."""

from typing import Annotated, Any

import typer

from shelterctl.act import discretion
from shelterctl.act.register import entries, judged, lies, named, save
from shelterctl.cli.asked import NO_ROW, Columns, Count, Where, Wish
from shelterctl.cli.list import NAMES_ALONE, NOT_HERE
from shelterctl.cli.options import LACKING, Ctx, desk
from shelterctl.cli.registry import REGISTERS, words
from shelterctl.core.finding import Outcome, refused
from shelterctl.core.track import Track
from shelterctl.desk import Desk, code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_, with_codes
from shelterctl.view.register import of_register, told, with_names, working
from shelterctl.view.table import table_of
from shelterctl.view.wish import asked
from shelterctl.walk.register import asked_too, newcomer, returned, stays

NO_ROLE = N_("There is no such role. The roles are {roles}.")
NEEDS_NAME = N_(
    "A provider is registered with its name: at a terminal it is asked for, else it comes with --from FILE."
)
NOBODY = N_("Nobody was registered.")
NOTHING = N_("Nothing is registered there yet.")


def register(name: str) -> typer.Typer:
    """The commands of one register."""
    it = REGISTERS[name]
    app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
    app.callback()(lambda: None)

    def add(ctx: Ctx, entry: str | None = None, source: str | None = None, **options: Any) -> Outcome:
        # Gather.
        here = desk(ctx)
        track = here.shelf.tracks[name]
        if entry is None and (source is not None or not walked(here)):
            raise Usage("usage/missing", LACKING, option="CODE", see=f"shelterctl {name} add")
        new = newcomer(here, track) if entry is None else None
        if entry is None and new is None:
            return Outcome(said=((NOBODY, {}),))
        entry = new.code if new else code(entry or "", "CODE")
        said = {option: _said(here, track, option, typed) for option, typed in options.items() if typed is not None}
        said |= new.said if new else returned(here, track, entry, said)
        if source is None and not it.options and new is None:  # nothing can be said of it here but that it is there
            if not walked(here):
                raise Usage("usage/provider", NEEDS_NAME)
            saved = asked_too(here, track, entry, source)
            return Outcome(data={name: entry}, said=((it.saved if saved else it.same, {name: entry}),))
        was, (clear, findings) = entries(lies(here, track)[1], track).get(entry), judged(here, track, entry, said)
        answer = told(track, entry, clear)
        if stayed := stays(here, track, answer):
            return stayed
        changes, wrong = named(here, track, entry, source, said)

        # Decide.
        if refused((*wrong, *findings)):
            return Outcome(findings=(*wrong, *findings))

        # Act.
        saved = save(here, track, entry, clear, changes)
        saved = asked_too(here, track, entry, source, new=new is not None) or saved
        answer = told(track, entry, entries(lies(here, track)[1], track).get(entry, clear) if clear else clear)
        facts = {key: value for key, value in answer.items() if isinstance(value, str | int)}  # no sentence has a group
        more = working(here, track, entry, was)
        return Outcome(data=answer, findings=findings, said=((it.saved if saved else it.same, facts), *more))

    add.__dict__["__signature__"] = words(it)
    app.command("add", help=it.does, epilog=f"Example: shelterctl {name} add {it.example}")(add)
    for command, example, done in it.more:
        app.command(command, epilog=f"Example: shelterctl {name} {command} {example}")(done)

    @app.command("list", epilog=f"Example: shelterctl {name} list --format csv")
    def list_(
        ctx: Ctx,
        names: Annotated[
            bool, typer.Option("--names", help="Names and telephones too, on a screen that is gone when it is left.")
        ] = False,
        columns: Columns = None,
        where: Where = None,
        count: Count = False,
    ) -> Outcome:
        """List what is registered, by code; names at a terminal alone."""
        # Gather.
        here, wish = desk(ctx, lists=True), Wish(columns, where or (), count)
        if names and not discretion.named(here):
            raise Usage("usage/names", NOT_HERE)
        if names and not wish.plain:
            raise Usage("usage/one-thing", NAMES_ALONE)

        # Decide.
        track = here.shelf.tracks[name]
        table, none = table_of(here.shelf, f"{name} list", lambda: here.today), NO_ROW if wish.where else NOTHING
        told = asked(here, table, wish, of_register(here, track), ((none, {}),))
        return with_names(here, track, told) if names else told

    return app


def _said(here: Desk, track: Track, option: str, typed: Any) -> Any:
    """What was typed, as the field of that name has it; of a group its first field is meant."""
    one = {**track.fields, **track.clear}[option]
    first, one = next(iter(one.fields.items()), ("", one))
    if one.name == "role" and typed not in one.codes:
        raise Usage("usage/role", NO_ROLE, roles=with_codes(one.codes))
    if one.kind == "party":
        return code(typed, f"--{option}")
    if one.kind != "day":
        return typed
    day = here.dated(typed, f"--{option}").isoformat()
    return {first: day} if first else day
