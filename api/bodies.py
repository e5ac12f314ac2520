"""The body of a request as text that all who read it here understand."""

from __future__ import annotations

import codecs
from email.message import Message
from typing import Final

from api.problems import ProblemError

_CHARSETS: Final = frozenset(
    {"utf-8", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)


class InUtf8:
    """A JSON body piece by piece, from the charset that its ``Content-Type`` names to UTF-8 without a byte order mark. A body that is
    no JSON, in UTF-8 or in a charset that is not known stays as it is.

    JSON is UTF-8 (RFC 8259), and readers of it look at no charset; programs of long ago still send ISO-8859-1 and say so.
    """

    def __init__(self, content_type: str) -> None:
        head = Message()
        head["Content-Type"] = content_type
        try:
            name = codecs.lookup(head.get_content_charset("utf-8")).name
        except LookupError:
            name = ""
        kind = head.get_content_type()
        is_json = kind == "application/json" or kind.endswith("+json")
        self._decoder = (
            codecs.getincrementaldecoder(name)()
            if is_json and name in _CHARSETS - {"utf-8"}
            else None
        )
        self._begins = is_json

    def piece(self, body: bytes, *, is_last: bool) -> bytes:
        """The next piece; raises ProblemError for one that is not in that charset."""
        if self._decoder is not None:
            try:
                body = self._decoder.decode(body, is_last).encode()
            except UnicodeError as error:
                raise ProblemError("bad_request", "unreadable_body") from error
        if self._begins and body:
            self._begins = False
            body = body.removeprefix(codecs.BOM_UTF8)
        return body
