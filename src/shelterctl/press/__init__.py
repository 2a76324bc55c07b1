"""Turns facts into files: templates in a small subset of HTML, one tree for each sheet, and from that tree PDF, HTML,
Markdown and text. It is the only package that imports Jinja and Typst. It knows no form, record or store; which
facts go on a sheet is decided in `paper`.
"""
