"""The voice that asks. Nothing else prompts."""

from shelterctl.ask.choosing import Option, choice, pick
from shelterctl.ask.line import line
from shelterctl.ask.lock import EVER, Left, lock
from shelterctl.ask.passphrase import PRESENT, asking, locking, passphrase, unlocking
from shelterctl.ask.putting import Answer, Move, confirm, echo, question
from shelterctl.screen import interactive as at_terminal

__all__ = [
    "EVER",
    "PRESENT",
    "Answer",
    "Left",
    "Move",
    "Option",
    "asking",
    "at_terminal",
    "choice",
    "confirm",
    "echo",
    "line",
    "lock",
    "locking",
    "passphrase",
    "pick",
    "question",
    "unlocking",
]
