"""How long a run waits while another command is at work in the store."""

from shelterctl.bound import PATIENCE

_seconds: list[float] = [PATIENCE]


def patient(seconds: float) -> None:
    """Wait so long from now on."""
    _seconds[0] = seconds


def patience() -> float:
    """How many seconds another command is waited for."""
    return _seconds[0]
