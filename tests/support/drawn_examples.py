"""How hypothesis draws its examples, here and inside Windows: loaded by conftest, and there as a plugin of pytest."""

from hypothesis import HealthCheck, settings

# How long an example takes says something of the machine alone.
settings.register_profile("drawn anew", deadline=None, suppress_health_check=[HealthCheck.too_slow])

# A check of one commit says one thing, whoever runs it: `make fuzz` draws the examples anew.
settings.register_profile("in company", settings.get_profile("drawn anew"), derandomize=True)

# The same Python judges the same values elsewhere: inside Windows it is asked whether they are read there at all.
settings.register_profile("a few", settings.get_profile("in company"), max_examples=15)

settings.load_profile("in company")
