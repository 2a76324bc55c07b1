"""Case records of shelters for victims of trafficking: care, rehabilitation and reintegration by IOM's manual."""

__version__ = "0.7.0"
