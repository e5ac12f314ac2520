"""Addresses of documents and of places in them, and links that open one document without a key for a while."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from api.collections import DEFAULT
from corpus.document import SettingsError

SECRET_NAME = "link.key"
_HOUR_S = 3600


def composed(doc_id: str) -> str:
    """The id in NFC, as all ids are: some systems send an accent as a sign of its own."""
    return unicodedata.normalize("NFC", doc_id)


class Grants:
    """Makes and checks the part of a link that opens its document without a key: ``EXPIRY.SIGNATURE``.

    Whoever changes a letter of it, or the document or collection it is about, needs the secret of the data directory.
    """

    def __init__(self, secret: bytes, hours: int, clock: Callable[[], float] = time.time) -> None:
        self._secret, self._hours, self._clock = secret, hours, clock

    def grant(self, collection: str, doc_id: str) -> str:
        """For a document, from now on; the same one within an hour, so that a place has one address."""
        expiry = (int(self._clock()) // _HOUR_S + self._hours + 1) * _HOUR_S
        return f"{expiry}.{self._signature(expiry, collection, doc_id)}"

    def holds(self, grant: str, collection: str, doc_id: str) -> bool:
        """True when it was made for that document and its time is not over."""
        expiry, _, signature = grant.partition(".")
        if not (expiry.isascii() and expiry.isdigit() and len(expiry) < 12):
            return False
        own = self._signature(int(expiry), collection, doc_id)
        same = hmac.compare_digest(own.encode(), signature.encode("utf-8", "replace"))
        return same and self._clock() < int(expiry)

    def _signature(self, expiry: int, collection: str, doc_id: str) -> str:
        about = f"{expiry}\n{collection}\n{composed(doc_id)}".encode("utf-8", "replace")
        digest = hmac.new(self._secret, about, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()


def load_grants(data: Path, hours: int) -> Grants | None:
    """The grants of a data directory, whose secret is made when there is none; None where ``hours`` is 0.

    :raises SettingsError: when the secret can be neither read nor made.
    """
    if not hours:
        return None
    path = data / SECRET_NAME
    try:
        data.mkdir(parents=True, exist_ok=True)
        try:
            # Several workers start at once: one makes it whole under another name, all read the same
            made = path.with_name(f".{SECRET_NAME}.{os.getpid()}")
            made.write_bytes(secrets.token_bytes(32))
            made.chmod(0o600)
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink(missing_ok=True)
        secret = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"link_hours is {hours} but {path} cannot be used ({error.strerror}); expected a data directory that can be "
            "written to: make it so, or set link_hours to 0"
        ) from error
    if len(secret) < 32:
        raise SettingsError(
            f"{path} holds {len(secret)} bytes; expected 32: remove it, and a new one is made"
        )
    return Grants(secret, hours)


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses within one collection. ``root`` stands before them all: a path such as "/fuente" where they are for
    our own page, a whole address for others. With ``grants`` the reader's open without a key."""

    root: str = ""
    collection: str = DEFAULT
    grants: Grants | None = None

    @property
    def base(self) -> str:
        """Where the endpoints of the collection begin."""
        named = "" if self.collection == DEFAULT else f"/collections/{self.collection}"
        return f"{self.root}/v1{named}"

    def reader(self, doc_id: str, start: int | None = None, end: int | None = None) -> str:
        """The reader with a document, opened at ``[start, end)`` where a place is given."""
        named = [] if self.collection == DEFAULT else [f"collection={self.collection}"]
        if self.grants is not None:
            named.append(f"access={self.grants.grant(self.collection, doc_id)}")
        query = f"?{'&'.join(named)}" if named else ""
        place = "" if start is None else f"#char={start},{end}"
        return f"{self.root}/d/{quote(doc_id, safe='/')}{query}{place}"

    def document(self, doc_id: str) -> str:
        """The endpoint of one document."""
        return f"{self.base}/documents/{quote(doc_id, safe='/')}"

    def context(self, doc_id: str, start: int, end: int) -> str:
        """The endpoint of the text around ``[start, end)`` of a document."""
        return f"{self.document(doc_id)}/text?start={start}&end={end}"
