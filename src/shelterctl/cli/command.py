"""Where the words of each command are taken in: a module of its own, imported only when the command is named."""

from importlib import import_module
from typing import Any

from shelterctl.cli.registry import DEEDS, REGISTERS


def app_of(command: str) -> Any:
    """What takes in the words of one command, or of a group; one module makes those of all registers."""
    if command in REGISTERS:
        return import_module("shelterctl.cli.register").register(command)
    if command in DEEDS:
        return import_module("shelterctl.cli.deed").command(command)
    return import_module(f"shelterctl.cli.{command}").app
