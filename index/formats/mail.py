"""Newsletters saved as mail (.eml) -> the letter: subject, sender, the date with its offset, and the text.

The HTML part is read where there is one, since the plain one is often a makeshift. A letter is laid out in tables, so
its blocks are taken as they come, without what frames every issue: "view in browser", "unsubscribe", the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr

from index.formats.blocks import Block, Kind, join_blocks, without_title
from index.formats.dates import parse_date
from index.formats.decode import decode
from index.formats.entities import Extract, Extracted, FormatError, ReadOptions
from index.formats.fragment import blocks_of_page
from index.formats.header import Header, not_a_date, read_date_line
from index.formats.page_tree import parse_page

__all__ = ["read"]

_MIN_LETTERS = 20
"""Fewer in the HTML part: it is a picture, and the plain part is the letter."""
_FRAME = re.compile(
    r"\bunsubscribe\b|"
    r"\b(?:view|read|open|see) (?:this|it|the)?\s?(?:e-?mail|message|newsletter|issue|online|version)?\s?"
    r"(?:in|on) (?:your|a|the)?\s?(?:web )?(?:browser|web)\b|\bview online\b|\bmanage (?:your )?(?:\w+ )?preferences\b|"
    r"\bupdate (?:your )?(?:\w+ )?preferences\b|\byou(?:'|’)?(?:re| are)? (?:receiving|received|getting) this\b|"
    r"\bforward(?:ed)? this (?:e-?mail|message|newsletter|to)\b|"
    r"\bwas this (?:e-?mail |newsletter )?(?:forwarded|sent) to you\b|"
    r"^\W*subscribe here\W*$|^\W*(?:issue|no\.|number|volume|vol\.) ?#?\d+\b[^.!?]{0,60}$|"
    r"^\W*(?:read|continue|keep|see|learn|find out)\b[^.!?]{0,40}\b(?:more|reading|story|article|report|here)\W*$|"
    r"\bprivacy policy\b|^\s*(?:©|\(c\)|copyright)\s|"
    r"\ball rights reserved\b|\badd us to your address book\b",
    re.IGNORECASE,
)
_NETWORKS = re.compile(
    r"\W*(?:(?:x|twitter|facebook|instagram|linkedin|youtube|threads|mastodon|bluesky|tiktok|whatsapp|telegram|rss)\b\W*)+",
    re.IGNORECASE,
)
_FRAME_CHARS = 300
"""A longer paragraph that says such a thing is text."""
_ONLY_LINK = re.compile(r"\W*(?:https?://\S+\W*)+")
_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)


def read(data: bytes, *, options: ReadOptions) -> Extracted:
    """Return the article of a mail.

    Raises:
        FormatError: There is no text in it.
    """
    message = message_from_bytes(_without_envelope(data), policy=default)
    subject = _field(message, "subject")
    blocks = [block for block in _letter(message, options) if not _is_frame(block)]
    text = join_blocks(without_title(blocks, subject))
    header = read_date_line(text, _header(message, subject))
    attached = [name for part in message.iter_attachments() if (name := part.get_filename())]
    if not any(character.isalnum() for character in text):
        what = (
            f"no text in the mail, only {', '.join(attached[:3])}: save that as a file"
            if attached
            else "no text in the mail"
        )
        raise FormatError(what)
    extract = Extract(text=text, header=header, markdown=True)
    note = f"attached files are not read ({', '.join(attached[:3])}): save them beside the mail to have them indexed"
    return Extracted(extracts=(extract,), problems=(note,) if attached else ())


def _without_envelope(data: bytes) -> bytes:
    """Leave out the line "From …" that mailboxes put in front of a mail."""
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _header(message: EmailMessage, subject: str | None) -> Header:
    sent = _raw(message, "date")
    date = parse_date(sent) if sent else None
    sender, address = parseaddr(_field(message, "from") or "")
    listed, _ = parseaddr(_field(message, "list-id") or "")
    outlet = listed.strip() or sender.strip() or address.partition("@")[2] or None
    author = _without_outlet(sender.strip(), outlet or "")
    archived = (_field(message, "archived-at") or _field(message, "snapshot-content-location") or "").strip("<> ")
    return Header(
        title=subject,
        date=date,
        author=author,
        outlet=outlet,
        url=archived if archived.startswith(("https://", "http://")) else None,
        problems=(not_a_date(sent),) if sent and date is None else (),
    )


def _without_outlet(sender: str, outlet: str) -> str | None:
    """The person in a sender such as "Maj Lind | The Quay Letter" or "Maj from The Quay Letter"."""
    person = re.sub(rf"\s*(?:[|,–—-]|\b(?:at|from|of|via)\b)\s*{re.escape(outlet)}$", "", sender, flags=re.IGNORECASE)
    return person if person and person != outlet else None


def _field(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
        line = " ".join(str(value).split()) if value is not None else ""
    except Exception:  # the parser of header fields raises anything for broken ones
        line = _raw(message, name) or ""
    return line or None


def _raw(message: EmailMessage, name: str) -> str | None:
    found = next((value for key, value in message.raw_items() if key.lower() == name), None)
    return " ".join(str(found).split()) or None if found is not None else None


# --- the text ------------------------------------------------------------------------------------------


def _letter(message: EmailMessage, options: ReadOptions) -> list[Block]:
    page = message.get_body(("html",))
    plain = message.get_body(("plain",))
    if page is not None:
        blocks = [block for block in blocks_of_page(parse_page(_content(page, options))) if block.text.strip()]
        letters = sum(character.isalnum() for block in blocks for character in block.text)
        if letters >= _MIN_LETTERS or plain is None:
            return blocks
    return list(_plain_blocks(_content(plain, options))) if plain is not None else []


def _content(part: MIMEPart, options: ReadOptions) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)  # a part that is a body has no parts itself
    charset = part.get_content_charset()
    try:
        return data.decode(options.encoding or charset or "utf-8")
    except (LookupError, ValueError):
        return decode(data, encoding=options.encoding).text


def _plain_blocks(text: str) -> Iterator[Block]:
    signature = _SIGNATURE.search(text)
    for paragraph in re.split(r"\n[ \t]*\n", text[: signature.start() if signature else None].replace("\r\n", "\n")):
        lines = [line.strip() for line in paragraph.split("\n")]
        kept = [line for line in lines if line and not _ONLY_LINK.fullmatch(line) and line.strip("-=_*~# ")]
        items = [line for line in kept if line.startswith(("* ", "- ", "• "))]
        if items and items[0] == kept[0]:
            yield from (Block(text=item, kind=Kind.ITEM) for item in _items(kept))
        else:
            yield Block(text=" ".join(kept))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith(("* ", "- ", "• ")):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return items


def _is_frame(block: Block) -> bool:
    words = " ".join(block.text.split())
    if not words or _ONLY_LINK.fullmatch(words):
        return True
    return len(words) <= _FRAME_CHARS and bool(_FRAME.search(words) or _NETWORKS.fullmatch(words))
