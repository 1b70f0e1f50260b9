"""Files of questions, and of the texts to search -> frozen values [I/O].

Every reader takes plain or gzipped files and raises `index.errors.InputError` with the file, the line or
place in it, what is wrong and what to do.
"""

from __future__ import annotations

from qa.eval.datasets.beir import BeirDocument, BeirQuery, BeirSet, read_beir
from qa.eval.datasets.conversations import (
    GoldConversation,
    GoldTurn,
    PassageConversation,
    PassageSet,
    RewrittenTopic,
    read_conversations,
)
from qa.eval.datasets.questions import (
    ForeignQuestion,
    GoldQuestion,
    GoldSentence,
    read_foreign_questions,
    read_questions,
)
from qa.eval.datasets.sample import sample
from qa.eval.datasets.squad import SquadParagraph, SquadQuestion, SquadSet, read_squad, read_titles

__all__ = [
    "BeirDocument",
    "BeirQuery",
    "BeirSet",
    "ForeignQuestion",
    "GoldConversation",
    "GoldQuestion",
    "GoldSentence",
    "GoldTurn",
    "PassageConversation",
    "PassageSet",
    "RewrittenTopic",
    "SquadParagraph",
    "SquadQuestion",
    "SquadSet",
    "read_beir",
    "read_conversations",
    "read_foreign_questions",
    "read_questions",
    "read_squad",
    "read_titles",
    "sample",
]
