"""A moment and a length of time as a person reads them: the hour, its day where that is another one, and how long."""

from datetime import date, datetime

from shelterctl.language import N_, SPOKEN, Text, say, shown

MINUTES = N_("{minutes} min")
HOURS = N_("{hours} h {minutes} min")
DAYS = N_("{days} d {hours} h {minutes} min")

HOUR, DAY = 60, 24 * 60
"""How many minutes they have."""


def hour(at: datetime, today: date) -> Text:
    """The local hour as it was written down; the day before it, where it is not today."""
    clock = f"{at:%H:%M}"
    return {spoken: clock if at.date() == today else f"{shown(at.date(), spoken)} {clock}" for spoken in SPOKEN}


def length(minutes: int) -> Text:
    """So many minutes as days, hours and minutes."""
    days, hours = minutes // DAY, minutes % DAY // HOUR
    facts = {"days": days, "hours": hours, "minutes": minutes % HOUR}
    sentence = DAYS if days else HOURS if hours else MINUTES
    return {spoken: say(sentence, facts, spoken) for spoken in SPOKEN}
