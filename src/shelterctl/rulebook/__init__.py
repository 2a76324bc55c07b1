"""The manual as data: its files read, and built into the types of core.

Files, fingerprints and the class Rulebook belong here. What a rule means and how it is judged belongs in
core.rules; the JSON Schemas that are generated from it belong in schemas; its texts in people's words in explain.
"""
