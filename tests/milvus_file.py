"""A file of Milvus Lite, which a program of its own serves, for tests that need a Milvus."""

from __future__ import annotations

import importlib.util

import pytest

needs_milvus = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("pymilvus", "milvus_lite")),
    reason="pymilvus and milvus-lite are not installed: make cluster-test",
)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory):
    """The address of a file for all tests, each of which has a collection of its own."""
    if needs_milvus.args[0]:
        pytest.skip(needs_milvus.kwargs["reason"])
    path = tmp_path_factory.mktemp("milvus") / "index.db"
    yield f"milvus://{path}"
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_all()
