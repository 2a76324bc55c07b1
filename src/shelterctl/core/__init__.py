"""The study: values in, values out. Opens nothing, asks no clock."""
