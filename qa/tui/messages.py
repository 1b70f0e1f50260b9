"""What widgets and workers tell the screens. Article text in them is raw; it is made visible where it is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from index.sync_report import SyncReport
    from qa.assistant import Assistant
    from qa.entities import Answer, Conversation, RelatedPassage
    from qa.entities import Citation as CitationValue
    from qa.events import Event
    from qa.tui.services import ArticleRow

__all__ = [
    "ArticleFound",
    "ArticlesListed",
    "Asked",
    "AssistantFailed",
    "AssistantReady",
    "BlockChosen",
    "CommandGiven",
    "ConversationBegun",
    "ConversationRead",
    "EarlierQuestions",
    "IndexDone",
    "IndexFailed",
    "IndexProgress",
    "NotKept",
    "QuestionFailed",
    "QuestionProgressed",
    "QuestionStopped",
    "Quotation",
    "SourceChosen",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A cited or related quotation with what stands around it."""

    source: CitationValue | RelatedPassage
    before: str
    """The sentence in front of it; empty at the beginning, or when the article is no longer there."""
    after: str
    files: int = 1
    """How many hold the same text."""


@dataclass
class Asked(Message):
    """The person sent a question."""

    question: str


@dataclass
class CommandGiven(Message):
    """The person sent a slash command."""

    name: str
    argument: str


@dataclass
class ArticleFound(Message):
    """The person picked an article with `@`."""

    article: ArticleRow


@dataclass
class ArticlesListed(Message):
    """The titles that `@` offers are known."""

    articles: tuple[ArticleRow, ...]


@dataclass
class EarlierQuestions(Message):
    """What was asked in earlier conversations is known."""

    questions: list[str]


@dataclass
class ConversationRead(Message):
    """A kept conversation that is to go on."""

    conversation: Conversation


@dataclass
class AssistantReady(Message):
    """Models are loaded; questions can be answered."""

    assistant: Assistant
    articles: int


@dataclass
class AssistantFailed(Message):
    """Models or the index could not be loaded."""

    reason: str
    no_index: bool


@dataclass
class QuestionProgressed(Message):
    """One more event of the answer that is being made."""

    number: int
    """Of the question in this transcript."""
    event: Event


@dataclass
class QuestionFailed(Message):
    """A question could not be answered."""

    number: int
    reason: str


@dataclass
class NotKept(Message):
    """An answer could not be added to the history."""

    reason: str


@dataclass
class ConversationBegun(Message):
    """An answer was kept in a new conversation, as the one it belongs to was deleted meanwhile."""

    deleted: str
    """Its id."""
    conversation_id: str
    """Of the new one."""


@dataclass
class QuestionStopped(Message):
    """The worker of a cancelled question has come to its end."""

    number: int


@dataclass
class BlockChosen(Message):
    """An answer was clicked."""

    number: int


@dataclass
class SourceChosen(Message):
    """A citation or a related passage was chosen; `follow` opens it in the reader."""

    answer: Answer
    position: int
    """From 0, in the answer's citations, or in its related passages when it has none."""
    follow: bool


@dataclass
class IndexProgress(Message, bubble=False):
    """How far the indexing is. Each screen on the stack gets one."""

    words: str
    """For a status bar, such as "indexing 12/340, 3 min left"."""


@dataclass
class IndexDone(Message, bubble=False):
    """The indexing has ended. Each screen on the stack gets one."""

    report: SyncReport


@dataclass
class IndexFailed(Message, bubble=False):
    """The indexing could not be done. Each screen on the stack gets one."""

    reason: str
