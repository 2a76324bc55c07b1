"""shelterctl completion: what a shell needs to complete commands, options, forms and topics."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shelterctl.cli.candidate import candidates
from shelterctl.cli.closed import SHELLS
from shelterctl.cli.options import Ctx, desk
from shelterctl.core.finding import Outcome
from shelterctl.errors import Usage
from shelterctl.language import N_

SCRIPTS = Path(__file__).parents[1] / "shells"

WHICH = N_("Which shell? Known are: {shells}.")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: shelterctl completion bash")
def completion(
    ctx: Ctx,
    shell: Annotated[
        str | None, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.", show_default=False)
    ] = None,
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="With --at: the words of the command so far, behind --.")
    ] = None,
    at: Annotated[
        int | None, typer.Option("--at", metavar="N", min=1, help="What could stand as word N; the scripts ask so.")
    ] = None,
) -> Outcome:
    """Print the script by which a shell completes commands, options, forms and topics. It opens no store.

    For bash: shelterctl completion bash >> ~/.bashrc

    For zsh, in a folder of $fpath: shelterctl completion zsh > _shelterctl

    For fish: shelterctl completion fish >> ~/.config/fish/config.fish

    For PowerShell: shelterctl completion powershell >> $PROFILE
    """
    desk(ctx)
    if at is not None:
        words = [word for word in (shell, *(typed or ())) if word is not None]
        kind, found = candidates(words, at)
        rows = [{"word": word, "means": means} for word, means in found]
        return _lines({"kind": kind, "rows": rows}, "\n".join([kind, *(f"{word}\t{means}" for word, means in found)]))
    name = {"pwsh": "powershell"}.get(shell or "", shell or "")
    if name not in SHELLS or typed:
        raise Usage("completion/shell", WHICH, shells=list(SHELLS))
    script = (SCRIPTS / SHELLS[name]).read_text("utf-8")
    return _lines({"shell": name, "script": script}, script)


def _lines(data: dict[str, Any], text: str) -> Outcome:
    """*text* as it stands for whoever reads no JSON, which here is a shell."""
    return Outcome(data=data, prose=tuple(("{it}" if line else "", {"it": line}) for line in text.splitlines()))
