"""The manual as data: reading its files and building from them the types of core.

Reading one file and compiling the shipped ones (files), reading its types by their annotations (reader, derivations),
the class Rulebook with its fingerprints, the stories of Chapter IV and the checks of a revised rulebook (lint) belong
here. What a rule means and how it is judged belongs in core.rules; the JSON Schemas that are generated from it belong
in schemas; its texts in people's words in explain.
"""
