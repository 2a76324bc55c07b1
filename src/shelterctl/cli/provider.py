"""shelterctl provider: whoever gives courses and services, to be offered when an agreement asks for it."""

from typing import Annotated

import typer

from shelterctl.act.register import named
from shelterctl.cli.options import Ctx, From, desk
from shelterctl.cli.register import listing
from shelterctl.core.finding import Outcome
from shelterctl.desk import code, walked
from shelterctl.errors import Usage
from shelterctl.language import N_
from shelterctl.walk import register

SAVED = N_("The provider {provider} is registered.")
SAME = N_("The provider {provider} was registered just so; nothing changed.")
NEEDS_NAME = N_(
    "A provider is registered with its name: at a terminal it is asked for, else it comes with --from FILE."
)

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)
app.callback(help=N_("Whoever gives courses and services: register or change, and list."))(lambda: None)


@app.command(epilog="Example: shelterctl provider add lyceum-12 --from lyceum.yaml")
def add(
    ctx: Ctx,
    provider: Annotated[str, typer.Argument(metavar="CODE", help="A code for the provider.")],
    source: From = None,
) -> Outcome:
    """Register a provider, or change it; name, address and telephone are asked for, or come from --from."""
    # Gather.
    here, provider = desk(ctx), code(provider, "CODE")
    if source is None and walked(here):
        return register.walk(here, "providers", provider)
    if source is None:
        raise Usage("usage/provider", NEEDS_NAME)

    # Decide.
    changes, findings = named(here, "providers", provider, source)
    if findings:
        return Outcome(findings=findings)

    # Act.
    if changes:
        here.write(changes, "provider")
    return Outcome(data={"provider": provider}, said=((SAVED if changes else SAME, {"provider": provider}),))


listing(app, "providers", ())
