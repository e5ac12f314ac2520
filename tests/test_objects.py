"""Objects on a shared folder and in a real S3, the same of both, and what is said where they cannot be had."""

import hashlib
import json
import os
import sys
import threading
import time

import pytest
from s3_server import KEYS, S3Server, needs_s3

from api.messages import translated
from api.settings import load_settings
from corpus.document import MissingExtraError, SettingsError, StorageError, StorageFullError
from index.objects import Objects

NAME = hashlib.sha256("año".encode()).hexdigest()
OTHER = "0" * 64


@pytest.fixture(params=["file", pytest.param("s3", marks=needs_s3)])
def url(request, tmp_path):
    """An empty place, wherever objects may be kept."""
    if request.param == "file":
        (tmp_path / "mnt").mkdir()
        return f"file://{tmp_path}/mnt"
    return f"{request.getfixturevalue('s3').bucket()}/below/año"


def objects_at(url):
    return Objects(url, "FUENTE_ORIGINALS")


def test_what_is_put_is_there_as_a_whole_until_it_is_removed(url):
    objects = objects_at(url)
    assert not objects.has(NAME)
    assert objects.get(NAME) is None
    assert objects.piece(NAME, 0, 4) == b""
    objects.remove(NAME)
    for content in (b"\x00\xff two", b"", os.urandom(70_000)):
        objects.put(NAME, content)
        # another host
        assert objects_at(url).get(NAME) == content
        assert objects.has(NAME)
        assert objects.piece(NAME, 2, 5) == content[2:5] if content else True
    assert objects.piece(NAME, 69_000, 70_000) == content[69_000:]
    assert not objects.has(OTHER)
    objects.remove(NAME)
    assert objects.get(NAME) is None


def test_who_looks_while_it_is_replaced_finds_one_or_the_other(url):
    objects = objects_at(url)
    contents = [bytes([n]) * 100_000 for n in range(2)]
    objects.put(NAME, contents[0])
    ended = threading.Event()

    def replace():
        other = objects_at(url)
        for n in range(30):
            other.put(NAME, contents[n % 2])
        ended.set()

    thread = threading.Thread(target=replace)
    thread.start()
    n_read = 0
    while not ended.is_set() or not n_read:
        assert objects.get(NAME) in contents
        n_read += 1
    thread.join()


def test_a_file_that_was_not_written_to_its_end_is_no_object(tmp_path, monkeypatch):
    objects = objects_at(f"file://{tmp_path}")
    objects.put(NAME, b"one")

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.objects.os.fsync", refuse)
    with pytest.raises(StorageFullError, match="there is no room left at file://"):
        objects.put(NAME, b"two")
    monkeypatch.undo()
    assert objects.get(NAME) == b"one"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [NAME]


def test_what_a_killed_host_began_to_write_goes_after_an_hour(tmp_path):
    (tmp_path / ".partial").mkdir()
    for name, age_s in (("old", 4_000), ("new", 10)):
        (tmp_path / ".partial" / name).write_bytes(b"half")
        os.utime(tmp_path / ".partial" / name, (time.time() - age_s,) * 2)
    objects_at(f"file://{tmp_path}").put(NAME, b"one")
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted([NAME, "new"])


CALLS = [
    lambda o: o.put(NAME, b"one"),
    lambda o: o.get(NAME),
    lambda o: o.piece(NAME, 0, 1),
    lambda o: o.has(NAME),
    lambda o: o.remove(NAME),
]


def refused(url, match):
    """That everything which is asked is told in the same line, in both languages."""
    for call in CALLS:
        with pytest.raises(StorageError) as caught:
            call(objects_at(url))
        told = str(caught.value)
        assert f"cannot be had ({match})" in told
        assert "correct FUENTE_ORIGINALS" in told
        assert "\n" not in told
        assert "secret" not in told
        assert "no se puede usar" in translated(told, "es")
    return told


def test_a_folder_that_is_not_mounted_is_told_and_not_made(tmp_path):
    told = refused(f"file://{tmp_path}/mnt", "there is no such folder or bucket")
    assert told.startswith(f"file://{tmp_path}/mnt cannot be had")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match=r"\(no rights\)"):
        objects_at(f"file://{tmp_path}").put(NAME, b"one")


@needs_s3
def test_a_bucket_that_is_not_there_is_told(s3):
    refused("s3://nothing-of-ours/below", "there is no such folder or bucket")


@needs_s3
def test_an_object_storage_that_does_not_answer_is_told(monkeypatch):
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}.items():
        monkeypatch.setenv(name, value)
    refused("s3://ana:secret@bucket/below", "EndpointConnectionError")


@needs_s3
def test_an_object_storage_that_does_not_know_our_keys_is_told(monkeypatch):
    server = S3Server(checks_keys=True)
    try:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        refused("s3://bucket", "no rights")
    finally:
        server.close()


def test_the_address_is_told_and_asked_without_a_password():
    assert objects_at("s3://ana:secret@bucket/below/").place == "s3://bucket/below"


@pytest.mark.parametrize("package", ["fsspec", "s3fs"])
def test_without_the_extra_it_is_named(monkeypatch, package):
    pytest.importorskip("fsspec")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingExtraError,
        match=r"to keep anything at s3://bucket: .*pip install 'fuente\[objects\]'",
    ):
        objects_at("s3://bucket").get(NAME)


def test_where_the_bytes_are_is_said_with_documents_in_a_server_and_without_keys(tmp_path):
    given = {"FUENTE_INDEX": "postgresql://host/index", "FUENTE_DOCUMENTS": "index"}
    for url in ("s3://bucket", "s3://a-bucket.es/año/", "file:///mnt/shared/fuente"):
        settings = load_settings({**given, "FUENTE_ORIGINALS": url}, tmp_path)
        assert settings.originals == url.rstrip("/")
    with pytest.raises(SettingsError, match="originals is set but the documents are in a folder"):
        load_settings({"FUENTE_ORIGINALS": "s3://bucket"}, tmp_path)
    for url in (
        "s3://ana:secret@bucket",
        "bucket",
        "/mnt",
        "file://mnt",
        "ftp://secret",
        "memory://",
    ):
        with pytest.raises(SettingsError, match="originals in FUENTE_ORIGINALS is not") as caught:
            load_settings({**given, "FUENTE_ORIGINALS": url}, tmp_path)
        assert "secret" not in str(caught.value)
        assert "sin claves" in translated(str(caught.value), "es")
    (tmp_path / "config.toml").write_text(f"originals = {json.dumps(['s3://bucket'])}")
    with pytest.raises(SettingsError, match="originals in .*config.toml is not"):
        load_settings(given, tmp_path)
