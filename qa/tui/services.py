"""Everything the screens may call. Each call blocks, so it is made in a thread worker only.

The command line builds the real one from its context; tests build theirs. Nothing here imports textual, numpy or a
model, so that the first paint waits for none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.history.entities import ConversationSummary

if TYPE_CHECKING:
    from index.entities import Article, Filter, Place, Sentence
    from index.sync_report import Progress, SyncReport
    from qa.assistant import Assistant
    from qa.entities import Answer, Citation, Conversation, RelatedPassage
    from qa.report.cited import CitedPassage
    from qa.report.verify_report import Report
    from qa.report.whence import Match
    from qa.tui.reports import Reports

__all__ = ["ArticleRow", "ConversationStore", "Paths", "Preferences", "Services"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article in a list."""

    id: str
    title: str
    date: str | None
    """ISO 8601."""
    outlet: str | None
    path: str
    """Absolute, POSIX separators; of the first place, empty when there is none."""
    words: int
    """About: a sixth of the characters."""
    sentences: int
    place: Place | None = None
    """The first place, with what its file was like when it was indexed."""
    copies: int = 1
    """Places with the same text."""


class ConversationStore(Protocol):
    """Conversations that are kept; `qa.history.History` is one."""

    def start(self, title: str = "") -> str:
        """Begin a conversation and return its id; one without an answer is not listed."""
        ...

    def append(self, conversation_id: str, answer: Answer) -> None:
        """Keep one more answer."""
        ...

    def list(self) -> tuple[ConversationSummary, ...]:
        """All conversations, the latest first."""
        ...

    def read(self, conversation_id: str) -> Conversation | None:
        """The whole conversation, None when there is none with this id."""
        ...

    def search(self, query: str) -> tuple[ConversationSummary, ...]:
        """Those whose title or one of whose turns holds all words of `query`, the latest first; without words, all."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it another title."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Forget it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where things are."""

    index: Path
    """The index folder (`.qa`), whether it exists or not."""
    state: Path
    """The person's state folder: last copies, screenshots, the theme chosen last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What the person set."""

    theme: str | None = None
    """None: the one chosen last, otherwise the default."""
    reduced_motion: bool = False
    clipboard: str = "auto"
    """`auto`, `native`, `osc52`, `file` or `off`."""
    citation_style: str | None = None
    """`plain` or one of `qa.report.styles.Style`; None: the one chosen last, otherwise `plain`."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id -> keys, with commas between them."""


class Services(Protocol):
    """What stands behind the screens."""

    @property
    def history(self) -> ConversationStore | None:
        """Kept conversations; None with `--no-history`."""
        ...

    @property
    def reports(self) -> Reports:
        """Baskets and exports."""
        ...

    @property
    def paths(self) -> Paths:
        """Where things are."""
        ...

    @property
    def preferences(self) -> Preferences:
        """What the person set."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock, with its time zone."""
        ...

    def index_exists(self) -> bool:
        """Whether there is an index file; a `stat`, nothing is opened."""
        ...

    def open_assistant(self) -> Assistant:
        """Load the models and open the index; takes a second.

        Raises:
            CorpusError: there is no usable index, or a model is missing.
        """
        ...

    def resolve_filter(
        self, *, since: str | None = None, until: str | None = None, source: str | None = None, article: str = ""
    ) -> Filter:
        """The filter with real dates; words such as "last month" count from the clock.

        Args:
            since: First day, as typed.
            until: Last day, as typed.
            source: Glob on paths and outlets.
            article: Id of the only article that is searched; it stands in place of `source`.

        Raises:
            SettingsError: a value names no days.
        """
        ...

    def count_allowed(self, where: Filter) -> tuple[int, int]:
        """How many articles a filter allows, and how many there are."""
        ...

    def article(self, article_id: str) -> Article | None:
        """The article with its whole text; None when the index has it no more."""
        ...

    def sentences(self, article_id: str) -> tuple[Sentence, ...]:
        """All sentences of an article, in order."""
        ...

    def places(self, article_id: str) -> tuple[Place, ...]:
        """Where an article lies."""
        ...

    def recheck(self, answer: Answer) -> Answer:
        """A kept answer with today's status of every citation."""
        ...

    def cite(self, sources: Sequence[Citation | RelatedPassage], *, accessed: date) -> tuple[CitedPassage, ...]:
        """What to cite of each source, as it stands today; passages that are in no index any more are left out.

        Args:
            sources: Of one answer.
            accessed: When they were looked up.
        """
        ...

    def verify(self, file: Path) -> Report:
        """Check the quotations of a draft.

        Raises:
            DraftError: it cannot be read.
            CorpusError: there is no usable index.
        """
        ...

    def whence(self, excerpt: str) -> tuple[Match, ...]:
        """Where an excerpt comes from, best first; only where no words are found, the encoder is loaded.

        Raises:
            QuestionError: it holds no word, or is far too long.
            CorpusError: there is no usable index.
        """
        ...

    def list_articles(self) -> tuple[ArticleRow, ...]:
        """Every article, newest first, undated last."""
        ...

    def preview(self, folders: Sequence[Path]) -> SyncReport:
        """What `sync` would do; nothing is written. No folders: those that the index knows.

        Raises:
            CorpusError: a folder cannot be used.
        """
        ...

    def sync(
        self,
        folders: Sequence[Path],
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None] = lambda _: None,
        allow_removal: bool = False,
    ) -> SyncReport:
        """Bring the index to the state of its folders; takes minutes.

        Args:
            folders: To add first; empty for those that the index knows.
            on_progress: Told between files, in the calling thread.
            cancelled: Asked between files; what is in hand is committed.
            on_report: Told what there is to wait for, such as another process that is writing; empty when that is over.
            allow_removal: More than a tenth of the articles may be removed.

        Raises:
            CorpusError: a folder cannot be used, or another process is writing.
        """
        ...

    def index_samples(
        self,
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        on_report: Callable[[str], None] = lambda _: None,
    ) -> SyncReport:
        """`sync` with the sample articles."""
        ...

    def remove(self, article_id: str) -> None:
        """Take one article out of the index; its file stays.

        Raises:
            CorpusError: another process is writing.
        """
        ...

    def settings_file(self) -> Path:
        """The person's settings; written with every setting explained when there is none."""
        ...

    def remembered_theme(self) -> str | None:
        """The theme chosen last."""
        ...

    def remember_theme(self, name: str) -> None:
        """Keep the theme for the next start."""
        ...

    def remembered_style(self) -> str | None:
        """The style of citations chosen last."""
        ...

    def remember_style(self, name: str) -> None:
        """Keep it for the next start."""
        ...
