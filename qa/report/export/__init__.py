"""Answers, conversations and baskets as reports that can be read, edited, checked with `qa verify` and refreshed."""
