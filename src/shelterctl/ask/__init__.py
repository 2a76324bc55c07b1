"""The voice that asks. Nothing else prompts."""

from shelterctl.ask.line import line
from shelterctl.ask.passphrase import PRESENT, UNLOCKING, asking, passphrase
from shelterctl.ask.putting import Answer, Move, choice, confirm, echo, question
from shelterctl.screen import interactive as at_terminal

__all__ = [
    "PRESENT",
    "UNLOCKING",
    "Answer",
    "Idle",
    "Move",
    "asking",
    "at_terminal",
    "choice",
    "confirm",
    "echo",
    "line",
    "locking",
    "passphrase",
    "question",
]
