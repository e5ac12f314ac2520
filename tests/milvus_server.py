"""A real Milvus, of the package milvus, that tests may ask, kill and start again.

It is a server of 2.3, the last one that comes as a package: it cannot search half floats and has no sparse vectors. All else that an
index asks of a server it can, so :class:`OlderClient` stands in for those two, and what is tested is our code on a real server.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import subprocess
import tempfile
import time
import urllib.request
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ports import free_port

needs_milvus_server = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("pymilvus", "milvus")),
    reason="pymilvus and milvus are not installed: make cluster-test",
)

# Ten seconds are usual; on a busy machine it has taken minutes.
_START_S = 600


class MilvusServer:
    """A server of its own in a folder, with etcd and object storage in the same process."""

    def __init__(self) -> None:
        import milvus

        self._folder = tempfile.TemporaryDirectory(prefix="fuente-milvus-")
        # what rows that have just come are searched with finds some of them
        self._config = milvus.MilvusServerConfig(data_dir=self._folder.name)
        self._config.set("queryNode.segcore.interimIndex.enableIndex", "false")
        with warnings.catch_warnings():
            # takes ports that are free, and leaves the sockets open by which it found them
            warnings.simplefilter("ignore", ResourceWarning)
            self._config.resolve()
            gc.collect()
        self._metrics_port = free_port()
        # to unpack it takes a while, so it is done once, beside the package
        unpacked = Path(milvus.__file__).parent / "unpacked"
        milvus._initialize_data_files(str(unpacked))
        self._binaries = unpacked / "bin"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"milvus://127.0.0.1:{self._config.get('proxy_port')}"

    def start(self) -> None:
        """Start it on the ports that it had, and wait until it says that it is well."""
        with (Path(self._folder.name) / "logs" / "told.log").open("ab") as told:
            self._process = subprocess.Popen(
                [self._binaries / "milvus", "run", "standalone"],
                cwd=self._folder.name,
                env={
                    **os.environ,
                    "DEPLOY_MODE": "STANDALONE",
                    "METRICS_PORT": str(self._metrics_port),
                    "MILVUS_RUN_DIR": str(Path(self._folder.name) / "run"),
                    "LD_LIBRARY_PATH": str(self._binaries),
                },
                stdout=told,
                stderr=told,
            )
        ends = time.monotonic() + _START_S
        while not self._is_well():
            if self._process.poll() is not None or time.monotonic() > ends:
                self.kill()
                raise TimeoutError("Milvus did not start")
            time.sleep(0.2)

    def _is_well(self) -> bool:
        url = f"http://127.0.0.1:{self._metrics_port}/healthz"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return b"OK" in answer.read()
        except OSError:
            return False

    def kill(self) -> None:
        """Kill it at once: nothing is written any more."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(60)

    def close(self) -> None:
        self.kill()
        self._folder.cleanup()


def older_client() -> type[Any]:
    """A client that has a server of 2.3 keep half floats as floats and sparse vectors as text, which it compares itself."""
    from pymilvus import DataType, MilvusClient

    class OlderClient(MilvusClient):
        def create_collection(self, name, *, schema, index_params, **more):
            older = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            indexes = self.prepare_index_params()
            for field in schema.fields:
                kind, given = field.dtype, dict(field.params)
                if kind == DataType.FLOAT16_VECTOR:
                    kind = DataType.FLOAT_VECTOR
                elif kind == DataType.SPARSE_FLOAT_VECTOR:
                    kind, given = DataType.VARCHAR, {"max_length": 65_535}
                older.add_field(field.name, kind, is_primary=field.is_primary, **given)
                if kind == DataType.FLOAT_VECTOR:
                    indexes.add_index(field.name, index_type="FLAT", metric_type="IP")
            super().create_collection(name, schema=older, index_params=indexes, **more)

        def upsert(self, name, rows, **more):
            return super().upsert(name, [_as_older(row) for row in rows], **more)

        def query(self, name, **more):
            return [_as_newer(row) for row in super().query(name, **more)]

        def search(self, name, *, data, anns_field, **more):
            [asked] = data
            if anns_field == "vector":
                asked = asked.astype(np.float32)
                return super().search(name, data=[asked], anns_field=anns_field, **more)
            fields = more["output_fields"]
            hits = [
                {
                    "id": row["id"],
                    "distance": sum(
                        asked.get(int(at), 0.0) * value
                        for at, value in json.loads(row[anns_field]).items()
                    ),
                    "entity": {field: row[field] for field in fields},
                }
                for row in self.query(
                    name,
                    filter=more["filter"],
                    output_fields=["id", anns_field, *fields],
                    timeout=more["timeout"],
                )
            ]
            hits = [hit for hit in hits if hit["distance"] > 0]
            return [sorted(hits, key=lambda hit: -hit["distance"])[: more["limit"]]]

    return OlderClient


def _as_older(row: dict[str, Any]) -> dict[str, Any]:
    if "terms" not in row:
        return row
    return {**row, "vector": row["vector"].astype(np.float32), "terms": json.dumps(row["terms"])}


def _as_newer(row: dict[str, Any]) -> dict[str, Any]:
    if "vector" not in row:
        return row
    return {**row, "vector": [np.array(row["vector"], dtype="<f2").tobytes()]}
