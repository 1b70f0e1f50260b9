"""Markdown -> blocks, with its marks masked so that offsets stay those of the file. Pure.

markdown-it-py says which lines are paragraphs, block quotes, tables and code (code holds no quotations); footnotes
and front matter, which CommonMark does not know, are taken out before.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.report.drafts import Draft, line_starts, lines_with_ends
from qa.report.drafts.text import note_label
from qa.report.quotations import Block
from qa.report.quotations_tokens import FILLER

__all__ = ["read"]

_FOOTNOTE = re.compile(r" {0,3}\[\^(?P<label>[^\]\s]+)\]:[ \t]*")
_INDENTED = re.compile(r"(?: {4}|\t)")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+|#{1,6}[ \t]+)*")
_QUOTE_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*")
_SKIPPED_HTML = re.compile(r"\s*<(?:!--|script|style|pre|textarea|\?|!)", re.IGNORECASE)
_CELL = re.compile(r"(?<!\\)\|")
_QUOTE_MARKS = re.compile("[\"'“”„«»‹›‘’‚]")
_INLINE = re.compile(
    r"""
    \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?<!`)(?P<ticks>`+)(?!`)(?P<code>.{1,5000}?)(?<!`)(?P=ticks)(?!`)
    | <!--.{0,5000}?-->
    | </?[a-zA-Z][^<>]{0,1000}>
    | <[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*>
    | !\[[^\[\]]{0,500}\](?:\([^()\s]*(?:\s+"[^"\n]*")?\)|\[[^\[\]]*\])
    | \[(?P<shown>(?!\^|@)[^\[\]]{1,500})\]\((?P<url>(?:[^()\s]|\([^()\s]*\))*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\)
    | &(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});
    | \*+ | ~~ | (?<![^\W_])_+ | _+(?![^\W_])
    """,
    re.VERBOSE | re.DOTALL,
)


def read(text: str) -> Draft:
    """Take Markdown apart."""
    lines = list(lines_with_ends(text))
    starts = [begin for begin, _ in line_starts(text)]
    left, notes = _without_notes(lines, starts)
    blocks = [*_blocks("".join(left), left, starts), *notes]
    blocks.sort(key=lambda block: block.start)
    return Draft(text=text, blocks=tuple(blocks), lines=line_starts(text), format="markdown")


def _without_notes(lines: Sequence[str], starts: Sequence[int]) -> tuple[list[str], list[Block]]:
    """The lines with front matter and notes blanked, and the notes."""
    left, notes, number = list(lines), list[Block](), _front_matter(lines)
    left[:number] = ["\n"] * number
    fence: str | None = None
    while number < len(lines):
        line = lines[number]
        fence = _fence(line, fence)
        match = None if fence else _FOOTNOTE.match(line)
        label = match["label"] if match else None if fence else note_label(line)
        if label is None:
            number += 1
            continue
        end = _end_of_note(lines, number) if match else number + 1
        begin = match.end() if match else line.index("]") + 1
        raw = line[begin:] + "".join(lines[number + 1 : end])
        notes.append(Block(text=_masked(raw), start=starts[number] + begin, note=label))
        left[number:end] = ["\n"] * (end - number)
        number = end
    return left, notes


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines the YAML at the beginning has."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], start=1) if line.rstrip() in {"---", "..."}), 0)


def _fence(line: str, fence: str | None) -> str | None:
    """The fence of the code that goes on behind a line."""
    stripped = line.strip()
    if fence is not None:
        return None if stripped.startswith(fence) and not stripped.strip(fence[0]) else fence
    match = re.match(r"`{3,}|~{3,}", stripped)
    return match.group() if match else None


def _end_of_note(lines: Sequence[str], number: int) -> int:
    """The line behind a footnote: it goes on over lines in a row, and over indented paragraphs."""
    end = number + 1
    while end < len(lines):
        if lines[end].strip():
            in_a_row = bool(lines[end - 1].strip())
            goes_on = not _FOOTNOTE.match(lines[end]) and (in_a_row or _INDENTED.match(lines[end]) is not None)
        else:
            following = next((line for line in lines[end:] if line.strip()), "")
            goes_on = bool(_INDENTED.match(following))
        if not goes_on:
            break
        end += 1
    return end


def _blocks(text: str, lines: Sequence[str], starts: Sequence[int]) -> Iterator[Block]:
    depth = 0
    in_table = False
    rows = set[int]()
    # What stands within a line is read here, with its place; markdown-it-py would not say where it stands.
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(text.replace(FILLER, " ")):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        in_table = token.type == "table_open" or (in_table and token.type != "table_close")
        if token.map is None or not _holds_text(token):
            continue
        first, last = token.map
        if not in_table:
            yield _block(lines, starts, first, last, depth)
        elif first not in rows:
            rows.add(first)
            yield from _cells(lines[first], starts[first])


def _holds_text(token: Token) -> bool:
    return token.type == "inline" or (token.type == "html_block" and not _SKIPPED_HTML.match(token.content))


def _block(lines: Sequence[str], starts: Sequence[int], first: int, last: int, depth: int) -> Block:
    masked = []
    for number in range(first, last):
        prefix = _PREFIX if number == first else _QUOTE_PREFIX
        end = match.end() if (match := prefix.match(lines[number])) else 0
        masked.append(FILLER * end + lines[number][end:])
    raw = "".join(masked)
    quoted = depth > 0 or raw.lstrip().lower().startswith("<blockquote")
    return Block(text=_masked(raw), start=starts[first], quoted=quoted)


def _cells(line: str, start: int) -> Iterator[Block]:
    begin = 0
    for match in [*_CELL.finditer(line), None]:
        end = match.start() if match else len(line)
        if line[begin:end].strip():
            yield Block(text=_masked(line[begin:end]), start=start + begin)
        begin = end + 1


def _masked(text: str) -> str:
    """The text with the marks of Markdown masked, of the same length."""
    return _INLINE.sub(_mask, text.replace("\r\n", f"{FILLER}\n"))


def _mask(match: re.Match[str]) -> str:
    whole = match.group()
    if match["escaped"]:
        return FILLER + match["escaped"]
    if match["code"]:
        return _padded(_QUOTE_MARKS.sub(FILLER, match["code"]), match, "code")
    if match["shown"]:
        return _padded(_masked(match["shown"]), match, "shown")
    if whole.startswith("&"):
        shown = html.unescape(whole)
        return shown + FILLER * (len(whole) - len(shown)) if shown != whole else whole
    return FILLER * len(whole)


def _padded(shown: str, match: re.Match[str], group: str) -> str:
    return FILLER * (match.start(group) - match.start()) + shown + FILLER * (match.end() - match.end(group))
