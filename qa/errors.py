"""What can go wrong between a question and an answer.

QaError
├── QuestionError      the question is empty or far too long
├── SourceReferenceError    a reference such as ID:7-9 names nothing, or more than one article
├── CitationError      there is nothing to cite, or a citation cannot be written
├── BasketError        a basket, or a pin in it, is not there or cannot be named so
├── ExportError        a report cannot be written, or a file is none
├── DraftError         a draft cannot be read, or its marked copy not written
├── HistoryError       the file with earlier questions and answers cannot be used
│   └── ConversationNotFoundError   an id names no conversation, or more than one
└── SettingsError      a settings file, variable or option cannot be used

`index` has a tree of its own (index/errors.py).
"""

from __future__ import annotations

__all__ = [
    "BasketError",
    "CitationError",
    "ConversationNotFoundError",
    "DraftError",
    "ExportError",
    "HistoryError",
    "QaError",
    "QuestionError",
    "SettingsError",
    "SourceReferenceError",
]


class QaError(Exception):
    """Base of every error that `qa` raises on purpose."""


class QuestionError(QaError):
    """The question cannot be asked."""


class SourceReferenceError(QaError):
    """A reference names nothing, or more than one article."""


class CitationError(QaError):
    """There is nothing to cite by that name, or a citation cannot be written to its file."""


class BasketError(QaError):
    """There is no such basket or pin, or a basket cannot have that name."""


class ExportError(QaError):
    """A report cannot be written, or a file is no report of ours; the message names the file and the next step."""


class DraftError(QaError):
    """A draft cannot be read, or its marked copy cannot be written; the message names the file and the next step."""


class HistoryError(QaError):
    """The history cannot be used, or not like that; the message names the file or value and the next step."""


class ConversationNotFoundError(HistoryError):
    """An id names no conversation, or more than one."""


class SettingsError(QaError):
    """A setting cannot be used; the message names where it stands."""
