"""Loading the models and asking questions, one at a time; those sent meanwhile wait for their turn."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.worker import get_current_worker

from index.entities import Filter
from qa.entities import Conversation
from qa.events import Answered, Retrieved, Searching
from qa.tui import workers
from qa.tui.messages import (
    Asked,
    AssistantFailed,
    AssistantReady,
    ConversationBegun,
    EarlierQuestions,
    IndexDone,
    IndexFailed,
    IndexProgress,
    NotKept,
    QuestionFailed,
    QuestionProgressed,
    QuestionStopped,
)
from qa.tui.screens.chat_commands import ChatCommands
from qa.tui.widgets.answer_block import AnswerBlock
from qa.tui.workers import Limits, Question

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.tui.services import Services

__all__ = ["Asking"]


@dataclass(slots=True)
class _Waiting:
    """A question that waits for its turn, and where it is to be searched."""

    block: AnswerBlock
    limits: Limits


class Asking(ChatCommands):
    """The conversation of the chat screen."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.assistant: Assistant | None = None
        self.conversation = Conversation(id="", title="")
        self.limits = Limits()
        self._asked_within = self.limits
        """Of the question that is being answered."""
        self._waiting: deque[_Waiting] = deque()
        self._answering: AnswerBlock | None = None
        self._asked = 0
        self._opening = False
        self._articles = 0

    def on_mount(self) -> None:
        """The first paint waits for nothing; then the models are loaded."""
        self.call_after_refresh(self.open)

    # --- the assistant -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Load the models if there is an index."""
        if self.assistant is not None or self._opening:
            return
        if not self.services.index_exists():
            self.say_ready()
            return
        self._opening = True
        self.status.say("loading the models; type ahead", busy=True)
        self._open_assistant()

    @work(thread=True, group="open")
    def _open_assistant(self) -> None:
        workers.open_assistant(self.services, self.post_message)
        self.post_message(EarlierQuestions(workers.earlier_questions(self.services)))

    @on(AssistantReady)
    def _ready(self, message: AssistantReady) -> None:
        self.assistant, self._articles, self._opening = message.assistant, message.articles, False
        self.say_ready()
        self._next()

    @on(AssistantFailed)
    async def _not_ready(self, message: AssistantFailed) -> None:
        self._opening = False
        self.say_ready()
        if message.no_index and self.chat_app.index_job.state.running:
            for waiting in self._waiting:
                waiting.block.say("waiting for the index")
            return
        if not self._waiting:
            await self.transcript.note(message.reason, error=True)
        while self._waiting:
            self._waiting.popleft().block.stop(f"not asked: {message.reason}", error=True)

    @on(EarlierQuestions)
    def _earlier(self, message: EarlierQuestions) -> None:
        self.prompt.remember([*message.questions, *self.prompt.asked])

    @on(IndexProgress)
    def _index_progressed(self) -> None:
        self.show_limits()
        if self._waiting:
            self.open()  # the first articles are enough

    @on(IndexDone)
    def _indexed(self) -> None:
        self.show_limits()
        self.open()
        self.prompt.articles = None
        self._count_articles()

    @on(IndexFailed)
    async def _index_failed(self, message: IndexFailed) -> None:
        self.show_limits()
        if self.is_active:  # a screen above says it itself
            await self.transcript.note(message.reason, error=True)
        while self.assistant is None and not self._opening and self._waiting:
            self._waiting.popleft().block.stop("not asked: there is no index", error=True)

    @work(thread=True, exclusive=True, group="count")
    def _count_articles(self) -> None:
        if self.services.index_exists():
            _, total = self.services.count_allowed(self.services.resolve_filter())
            self.app.call_from_thread(self._counted, total)

    def _counted(self, articles: int) -> None:
        self._articles = articles
        if self._answering is None and not self._opening:
            self.say_ready()

    @property
    def busy(self) -> bool:
        """Whether a question is being answered, or waits."""
        return self._answering is not None or bool(self._waiting)

    # --- questions ---------------------------------------------------------------------------------------------

    @on(Asked)
    async def ask(self, message: Asked) -> None:
        """Put a question into the line."""
        self._asked += 1
        block = AnswerBlock(self._asked, message.question)
        self._waiting.append(_Waiting(block, self.limits))
        self.limits = replace(self.limits, article="", article_title="")
        self.show_limits()
        await self.transcript.add(block)
        self.open()
        if self.assistant is None and not self._opening:
            if self.chat_app.index_job.state.running:
                block.say("waiting for the index")
            else:
                self._waiting.pop()
                block.stop("not asked: there is no index yet; /index FOLDER makes one", error=True)
        elif self._answering not in (None, block):
            block.say("waiting for the answer above")
        self._next()

    def _next(self) -> None:
        if self.assistant is None or self._answering is not None or not self._waiting:
            return
        waiting = self._waiting.popleft()
        block, self._answering, self._asked_within = waiting.block, waiting.block, waiting.limits
        if not self.conversation.id and self.services.history is not None:
            self.conversation = replace(self.conversation, id=self.services.history.start())
        question = Question(
            number=block.number, text=block.question, conversation=self.conversation, limits=waiting.limits
        )
        self._answer(self.assistant, question)

    @work(thread=True, group="answer")
    def _answer(self, assistant: Assistant, question: Question) -> None:
        worker = get_current_worker()
        workers.answer_question(
            self.services, assistant, question, post=self.post_message, cancelled=lambda: worker.is_cancelled
        )
        self.post_message(QuestionStopped(question.number))

    @on(QuestionProgressed)
    def _progressed(self, message: QuestionProgressed) -> None:
        if self._answering is None or self._answering.number != message.number:
            return  # cancelled meanwhile
        block, event = self._answering, message.event
        block.report(event)
        if isinstance(event, Searching):
            self.status.say(f"searching {event.passages:,} passages", busy=True)
        elif isinstance(event, Retrieved):
            self.status.say(f"reading {len(event.hits)} passages", busy=True)
        elif isinstance(event, Answered):
            self.conversation = self.conversation.append(event.answer)
            self._keep_limits(event.answer.where)
            if self.transcript.current is block:
                self.transcript.take(block)

    def _keep_limits(self, where: Filter) -> None:
        """What the question said of dates holds for those after it, unless others were set meanwhile."""
        stay = self._asked_within.after(where)
        for waiting in self._waiting:
            if waiting.limits == self._asked_within:
                waiting.limits = stay
        if self.limits == replace(self._asked_within, article="", article_title=""):
            self.limits = stay
            self.show_limits()

    @on(QuestionFailed)
    def _failed(self, message: QuestionFailed) -> None:
        if self._answering is not None and self._answering.number == message.number:
            self._answering.stop(message.reason, error=True)

    @on(QuestionStopped)
    def _stopped(self, message: QuestionStopped) -> None:
        if self._answering is not None and self._answering.number == message.number:
            self._answering = None
            self.say_ready()
            self._next()

    @on(ConversationBegun)
    async def _begun_anew(self, message: ConversationBegun) -> None:
        if self.conversation.id == message.deleted:
            self.conversation = replace(self.conversation, id=message.conversation_id)
            await self.transcript.note(workers.CONVERSATION_DELETED)

    @on(NotKept)
    async def _not_kept(self, message: NotKept) -> None:
        await self.transcript.note(f"The answer was not kept: {message.reason}", error=True)

    def cancel(self) -> bool:
        """Give up the running answer, or the last one that waits; False when there is none."""
        block = self._answering or (self._waiting.pop().block if self._waiting else None)
        if block is None or block.answer is not None:
            return False
        block.stop("cancelled")
        if block is self._answering:
            self._answering = None
            self.workers.cancel_group(self, "answer")
            self.say_ready()
            self._next()
        return True

    async def begin(self, conversation: Conversation | None = None) -> None:
        """Leave this conversation, which is kept, for a new one or for one that was kept."""
        while self.cancel():
            pass
        self.conversation = conversation or Conversation(id="", title="")
        self.limits = Limits().after(self.conversation.turns[-1].answer.where if self.conversation.turns else Filter())
        self.show_limits()
        await self.transcript.clear()
        for turn in self.conversation.turns:
            self._asked += 1
            block = AnswerBlock(self._asked, turn.question)
            await self.transcript.add(block)
            block.show_answer(turn.answer)
        if (last := self.transcript.blocks[-1:]) != []:
            self.transcript.take(last[0])
        self.prompt.focus()

    @work(thread=True, exclusive=True, group="resume")
    def resume(self, conversation_id: str) -> None:
        """Go on with a kept conversation, its citations checked against the files of today."""
        try:
            kept = workers.read_conversation(self.services, conversation_id)
        except Exception as error:  # the worker's outer edge
            self.app.call_from_thread(self.notify, workers.explain_failure(error), severity="error", markup=False)
            return
        if kept is None:
            self.app.call_from_thread(self.notify, "This conversation is no longer kept.", severity="warning")
        else:
            self.app.call_from_thread(self.call_later, self.begin, kept)
