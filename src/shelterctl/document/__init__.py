"""YAML text to a mapping with places, and back: strict, in one canonical form, and silent about values.

The only package that imports yaml. It knows neither schemas nor the manual; whether a mapping is right is decided
by validation and core. Import from its modules: subset, reading, writing.
"""
