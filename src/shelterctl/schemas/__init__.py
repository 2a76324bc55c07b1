"""The published JSON Schemas, generated from the fields of the rulebook's tracks.

stored: files that a store keeps; input: what commands take with --from; page: what they print with --json;
published: all of them by name. Checking a mapping against a schema belongs in validation.
"""
