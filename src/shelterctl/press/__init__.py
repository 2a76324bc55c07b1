"""Turns facts into files: templates in a small subset of HTML become one tree for each sheet, and the tree becomes PDF,
HTML, Markdown or text.

This is the only package that imports Jinja and Typst. It knows no form, record or store; `paper` decides which facts go
on a sheet.
"""
