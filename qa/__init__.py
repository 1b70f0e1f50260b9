"""Turns questions into answers whose every statement is a slice of an article."""

__version__ = "0.1.0"
