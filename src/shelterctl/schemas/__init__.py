"""The published JSON Schemas, most of them generated from the fields of the rulebook's tracks.

fields: the schema of one field; stored: files that a store keeps; input: what commands take with --from; page: what
they print with --json, from a table of its own; published: all of them by name. Checking a mapping against a schema
belongs in validation.
"""
