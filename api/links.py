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
from typing import Final, Protocol
from urllib.parse import quote

from api.collections import DEFAULT
from corpus.document import SettingsError
from corpus.storage import read_small

SECRET_NAME: Final = "link.key"
_SECRET_BYTES: Final = 32
_HOUR_S: Final = 3600


def composed(doc_id: str) -> str:
    """The id in NFC, as all ids are: some systems send an accent as a sign of its own."""
    return unicodedata.normalize("NFC", doc_id)


class LinkSecrets(Protocol):
    """What links are signed with."""

    def current(self) -> tuple[bytes, ...] | None:
        """The secrets as they are now, told without waiting: the first signs, and each opens what it signed; None as long as they
        could not be read even once."""

    def close(self) -> None:
        """Stop following what others change."""


class FileSecret:
    """The secret of a data directory, for all processes of this machine, which is made when there is none: :class:`LinkSecrets`.

    :raises SettingsError: when it can be neither read nor made.
    """

    def __init__(self, data: Path) -> None:
        path = data / SECRET_NAME
        try:
            data.mkdir(parents=True, exist_ok=True)
            try:
                # Several workers start at once: one makes it whole under another name, all read the same
                made = path.with_name(f".{SECRET_NAME}.{os.getpid()}")
                made.write_bytes(new_secret())
                made.chmod(0o600)
                os.link(made, path)
            except FileExistsError:
                pass
            finally:
                made.unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(path, error) from error
        self._secret = read_secret(path)

    def current(self) -> tuple[bytes, ...]:
        """See :meth:`LinkSecrets.current`: as it was at the start."""
        return (self._secret,)

    def close(self) -> None:
        """See :meth:`LinkSecrets.close`; nothing is kept open."""


def new_secret() -> bytes:
    """A secret that nobody has."""
    return secrets.token_bytes(_SECRET_BYTES)


def read_secret(path: Path) -> bytes:
    """The secret of a file.

    :raises SettingsError: when it cannot be read, or is too short to be one.
    """
    try:
        secret = read_small(path)
    except OSError as error:
        raise _unusable(path, error) from error
    if len(secret) < _SECRET_BYTES:
        raise SettingsError(
            f"{path} holds {len(secret)} bytes; expected 32: remove it, and a new one is made"
        )
    return secret


def _unusable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"links cannot be signed: {path} cannot be used ({error.strerror or error}); expected a data directory that can be "
        "written to: make it so, or set link_hours to 0"
    )


class Grants:
    """Makes and checks the part of a link that opens its document without a key: ``EXPIRY.SIGNATURE``.

    Whoever changes a letter of it, or the document or collection it is about, needs a secret of the service.
    """

    def __init__(
        self, known: LinkSecrets, hours: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._known, self._hours, self._clock = known, hours, clock
        # the first look at a server is here, where no request waits for it
        known.current()

    @property
    def are_known(self) -> bool:
        """Whether the secrets could be read; until then links are made that ask for a key, and none opens without."""
        return self._known.current() is not None

    def grant(self, collection: str, doc_id: str) -> str | None:
        """For a document, from now on; the same one within an hour, so that a place has one address. None as long as there is no
        secret to sign it with."""
        expiry = (int(self._clock()) // _HOUR_S + self._hours + 1) * _HOUR_S
        for secret in self._known.current() or ():
            return f"{expiry}.{_signature(secret, expiry, collection, doc_id)}"
        return None

    def holds(self, grant: str, collection: str, doc_id: str) -> bool:
        """True when it was made for that document and its time is not over."""
        expiry, _, signature = grant.partition(".")
        if not (expiry.isascii() and expiry.isdigit() and len(expiry) < 12):
            return False
        given = signature.encode("utf-8", "replace")
        same = [
            hmac.compare_digest(_signature(secret, int(expiry), collection, doc_id).encode(), given)
            for secret in self._known.current() or ()
        ]
        return any(same) and self._clock() < int(expiry)

    def close(self) -> None:
        """Stop following what others change of the secrets."""
        self._known.close()


def _signature(secret: bytes, expiry: int, collection: str, doc_id: str) -> str:
    about = f"{expiry}\n{collection}\n{composed(doc_id)}".encode("utf-8", "replace")
    digest = hmac.new(secret, about, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


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
        if self.grants is not None and (grant := self.grants.grant(self.collection, doc_id)):
            named.append(f"access={grant}")
        query = f"?{'&'.join(named)}" if named else ""
        place = "" if start is None else f"#char={start},{end}"
        return f"{self.root}/d/{quote(doc_id, safe='/')}{query}{place}"

    def document(self, doc_id: str) -> str:
        """The endpoint of one document."""
        return f"{self.base}/documents/{quote(doc_id, safe='/')}"

    def context(self, doc_id: str, start: int, end: int) -> str:
        """The endpoint of the text around ``[start, end)`` of a document."""
        return f"{self.document(doc_id)}/text?start={start}&end={end}"
