"""Files that hold others, mails with attachments and zip archives → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import email
import email.policy
import email.utils
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.message import EmailMessage, MIMEPart
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.language import detect
from corpus.readers.container import open_zip, read_part
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    clean,
    decode,
    flat,
    in_utf8,
    one_line,
)
from corpus.readers.html import read_html
from corpus.readers.text import read_txt

if TYPE_CHECKING:
    import zipfile

Reader = Callable[[bytes], Draft]
Readers = Callable[[str], Reader | None]
"""The reader of a suffix such as ".pdf"; None for one that cannot be read."""

MAIL_LABELS: Final = {
    "es": ("De", "Para", "CC", "Fecha", "Asunto"),
    "en": ("From", "To", "Cc", "Date", "Subject"),
}
"""How the head of a mail says who wrote it, to whom, when and about what, by the language of its text."""

MAIL_SUFFIXES: Final = frozenset({".eml", ".msg"})

_MAX_MEMBERS: Final = 2_000
_MAX_FORWARDED: Final = 5
# The flag of a member whose name is in UTF-8
_IN_UTF_8: Final = 0x800


# What stands in encoded words that say ISO-8859-1 and mean the encoding of Windows
_MEANT_BY_WINDOWS: Final = {n: bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xA0)}


class _Policy(email.policy.EmailPolicy):
    """Reads lines of the head beyond ASCII, which old programs write as they are, as text is read whose encoding nobody says."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        raw = value.encode("utf-8", "surrogateescape")
        if value.isascii():
            return name, value
        try:
            return name, decode(raw)
        except UnreadableDocumentError:
            return name, raw.decode("utf-8", "replace")


def read_eml(data: bytes, readers: Readers) -> Draft:
    """A mail: who wrote it to whom and when as labels, its text, and its attachments below a heading each."""
    message = email.message_from_bytes(data, policy=_Policy())
    if not isinstance(message, EmailMessage) or not any(
        message[name] for name in ("From", "To", "Subject", "Date", "Received")
    ):
        raise UnreadableDocumentError(
            "this is not a mail (.eml): it has no From, To, Subject or Date; save the mail again"
        )
    draft = Draft(heading_is_title=False)
    _mail(message, readers, draft, 0)
    draft.title = _header(message, "Subject")
    return draft


def _mail(message: EmailMessage, readers: Readers, draft: Draft, depth: int) -> None:
    body, left_out = _body(message)
    draft.left_out += left_out
    values = [
        *(_header(message, name) for name in ("From", "To", "Cc")),
        _date(_header(message, "Date")),
        _header(message, "Subject"),
    ]
    _letter(values, body, draft)
    for attached in message.iter_attachments():
        _attached(attached, readers, draft, depth)


def _letter(values: Sequence[str], body: Sequence[Part], draft: Draft) -> None:
    """Adds who wrote to whom and when, as labels in the language of the text, and the text."""
    lang, _ = detect(clean(" ".join(part.text for part in body)))
    names = MAIL_LABELS["es" if lang == "es" else "en"]
    first = True
    for name, value in zip(names, values, strict=True):
        if value:
            text = f"{name}: {value}"
            glue = PARAGRAPH if first else LINE
            draft.parts.append(Part(text, glue=glue, kind="label", cells=(name, value)))
            first = False
    draft.parts += body


def read_msg(data: bytes, readers: Readers) -> Draft:
    """A mail as Outlook keeps it, with all that :func:`read_eml` gives of one."""
    from oxmsg import Message

    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocumentError(
            "this is not a mail of Outlook (.msg); save the mail again, or as .eml"
        )
    message = Message.load(data)
    draft = Draft(heading_is_title=False, title=flat(clean(message.subject)))
    headers = {name.lower(): value for name, value in message.message_headers.items()}
    to = ", ".join(f"{one.name} <{one.email_address}>" for one in message.recipients)
    sent = message.sent_date
    values = [
        message.sender or "",
        headers.get("to") or to,
        headers.get("cc") or "",
        _date(headers.get("date") or "") or (f"{sent:%Y-%m-%d %H:%M}" if sent else ""),
        message.subject,
    ]
    text, page = ((one or "").encode(errors="replace") for one in (message.body, message.html_body))
    inner = _fuller(text, page)
    draft.left_out = inner.left_out
    _letter([flat(clean(value)) for value in values], inner.parts, draft)
    for attached in message.attachments:
        name = flat(clean(attached.file_name or ""))
        _member(name, attached.file_bytes or b"", readers, draft)
    return draft


def _header(message: EmailMessage, name: str) -> str:
    return _said(str(message[name] or ""))


def _said(value: str) -> str:
    return flat(clean(value.translate(_MEANT_BY_WINDOWS)))


def _date(value: str) -> str:
    """The day and time as 2024-05-03 09:30, as they were where the mail was written."""
    try:
        return email.utils.parsedate_to_datetime(value).strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError, IndexError):
        return value


def _body(message: EmailMessage) -> tuple[list[Part], tuple[LeftOut, ...]]:
    """The text of a mail, and what is left out of it."""
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    text, page = (_content(part) if part is not None else b"" for part in parts)
    if text and all(one.get_content_type() != "multipart/alternative" for one in message.walk()):
        page = b""  # Something else beside the text
    inner = _fuller(text, page)
    return inner.parts, inner.left_out


# Of the words of a page its text alone has about as many; far fewer only say that there is a page.
_LEAST_SHARE: Final = 0.5


def _fuller(text: bytes, page: bytes) -> Draft:
    """What a mail says that is there as text and as a page: the text, unless it says far less."""
    told = read_txt(text, titled=False) if text.strip() else Draft()
    if page.strip():
        shown = read_html(page)
        if told.parts.n_chars < _LEAST_SHARE * shown.parts.n_chars:
            return shown
    return told


def _content(part: MIMEPart) -> bytes:
    """What a part of a mail holds; a text in UTF-8 where the mail says in which encoding it is, and else as a file is that does not say."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    text = part.get_content_maintype() == "text"
    return in_utf8(content, part.get_content_charset()) if text else content


def _attached(part: MIMEPart, readers: Readers, draft: Draft, depth: int) -> None:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        if isinstance(inner, EmailMessage) and depth < _MAX_FORWARDED:
            draft.parts.append(Part(_header(inner, "Subject") or "mail", level=1))
            _mail(inner, readers, draft, depth + 1)
        return
    _member(_said(part.get_filename() or ""), _content(part), readers, draft)


def _member(name: str, data: bytes, readers: Readers, draft: Draft) -> None:
    """Adds a file inside another, below its name; what cannot be read is left out and told."""
    suffix = PurePosixPath(name).suffix.lower()
    reader = readers(suffix)
    if reader is None:
        draft.left_out += (LeftOut(name, 0, "a file of another format"),)
        return
    try:
        inner = reader(data)
    except Exception as error:  # as in corpus.parse: one bad file of many does not stop the others
        draft.left_out += (LeftOut(name, 0, f"cannot be read: {one_line(error)}"),)
        return
    for part in inner.parts:
        part.page = 0
        if part.kind == "heading":
            part.level = min(6, part.level + 1)
    if inner.parts:
        draft.parts += [Part(PurePosixPath(name).name, level=1), *inner.parts]
    draft.left_out += tuple(replace(one, page=0) for one in inner.left_out)


# What a letter of a name becomes where it is read with the code page of another country, and the letters that it may be.
_MISREAD: Final = re.compile("[\u0370-\u03ff\u2500-\u259f]")
_MEANT: Final = re.compile("[\\x20-\\x7eáéíóúüïñàèòçÁÉÍÓÚÜÏÑÀÈÒÇªº¿¡·]+")


def _member_name(entry: zipfile.ZipInfo) -> str:
    """What a file in an archive is called; where nothing says how its name is coded, in UTF-8 as macOS does, or as Spanish Windows does."""
    if entry.flag_bits & _IN_UTF_8 or entry.filename.isascii():
        return entry.filename
    try:
        coded = entry.filename.encode("cp437")
    except UnicodeEncodeError:  # A field of the entry said the name
        return entry.filename
    try:
        return coded.decode("utf-8")
    except UnicodeDecodeError:
        meant = coded.decode("cp850")
    misread = _MISREAD.search(entry.filename) and _MEANT.fullmatch(meant)
    return meant if misread else entry.filename


def read_archive(data: bytes, readers: Readers) -> Draft:
    """The documents in a zip archive, each below its name; archives inside it are not opened."""
    what = "a zip archive (.zip)"
    container = open_zip(data, what)
    draft = Draft(heading_is_title=False)
    n_members = 0
    for entry in container.infolist():
        path = PurePosixPath(_member_name(entry))
        hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts)
        suffix = path.suffix.lower()
        if entry.is_dir() or hidden or suffix == ".zip":
            continue
        n_members += 1
        if n_members > _MAX_MEMBERS:
            raise UnreadableDocumentError(
                f"the archive holds more than {_MAX_MEMBERS:,} documents; unpack it into the documents folder"
            )
        data = read_part(container, entry.filename) if readers(suffix) is not None else b""
        _member(path.name, data, readers, draft)
    if not draft.parts:
        raise UnreadableDocumentError(
            "the archive holds no document that can be read; unpack it, or remove it"
        )
    return draft
