"""The clock of the house of these tests, as the program reads it: six hours east, whatever the computer is set to."""

from datetime import UTC, date, datetime, timedelta, timezone

HOUSE_ZONE = timezone(timedelta(hours=6))


def house_now() -> datetime:
    """This moment in the house."""
    return datetime.now(UTC).astimezone(HOUSE_ZONE)


def house_day() -> date:
    """The day that it is in the house: it begins six hours before that of UTC."""
    return house_now().date()
