"""YAML text read into a mapping with places, and written back: strict, in one canonical form, and silent about values.

This is the only package that imports yaml. It knows neither schemas nor the manual: validation and core decide whether
a mapping is right. Import from its modules: subset, reading, writing.
"""
