"""What can go wrong between a question and an answer.

QaError
├── QuestionError      the question is empty or far too long
├── SourceReferenceError    a reference such as ID:7-9 names nothing, or more than one article
└── SettingsError      a settings file, variable or option cannot be used

`index` has a tree of its own (index/errors.py).
"""

from __future__ import annotations

__all__ = ["QaError", "QuestionError", "SettingsError", "SourceReferenceError"]


class QaError(Exception):
    """Base of every error that `qa` raises on purpose."""


class QuestionError(QaError):
    """The question cannot be asked."""


class SourceReferenceError(QaError):
    """A reference names nothing, or more than one article."""


class SettingsError(QaError):
    """A setting cannot be used; the message names where it stands."""
