"""What each command takes from the file of --from: the schema of it, by the name under which it is published."""

from shelterctl.cli.registry import DEEDS, REGISTERS

TAKES = {
    "admit": "fragment",
    "add": "track-TRACK",
    "agreement": "agreement-FORM",
    "discharge": "discharge",
    "find": "find",
    "terminate": "termination",
    "repair": "given-up",
    "monitor record": "monitoring-report",
    "monitor attempt": "attempt",
    "monitor close": "closing",
    "monitor schedule": "schedule",
    **dict.fromkeys(DEEDS, "track-TRACK"),
    **{f"{name} add": f"{name}-entry" for name in REGISTERS},
}
"""By the command as it is typed; what stands in capitals is typed too, and ends the name."""
