"""Care, rehabilitation and reintegration of victims of trafficking, by the manual, over plain-text records."""

__version__ = "0.3.8"
