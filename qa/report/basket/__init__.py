"""Baskets: quotations pinned for a report, in order, with notes and headings, kept beside the conversations."""
