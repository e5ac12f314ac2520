"""Sixty small files that grow when they are read, uploaded and built: how long, in how much memory, and what /livez does meanwhile.

``python tests/bench/attack/bombs.py``
"""

from __future__ import annotations

import http.client
import io
import json
import os
import resource
import tempfile
import threading
import time
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from serving import Connection, answer_ms, memory_mb, multipart, quantile, serving

ODF = "urn:oasis:names:tc:opendocument:xmlns"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MB = 2**20


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def laughs(n: int) -> bytes:
    """Entities of which each names the one before ten times."""
    lines = ['<!ENTITY e0 "ja">'] + [
        f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, n + 1)
    ]
    return f"<?xml version='1.0'?><!DOCTYPE x [{''.join(lines)}]><x>&e{n};</x>".encode()


def odf(kind: str, content: str) -> bytes:
    """An OpenDocument file."""
    head = "".join(f' xmlns:{p}="{ODF}:{p}:1.0"' for p in ("office", "text", "table"))
    body = f"<office:document-content{head}><office:body><office:{kind}>{content}</office:{kind}></office:body></office:document-content>"
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": body.encode(),
        }
    )


def pdf(stream: bytes, n_pages: int, wrappings: int) -> bytes:
    """A PDF whose pages all show one stream that is compressed several times."""
    for _ in range(wrappings):
        stream = zlib.compress(stream, 9)
    filters = "/FlateDecode " * wrappings
    kids = " ".join(f"{n + 5} 0 R" for n in range(n_pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {n_pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(stream)} /Filter [{filters}] >>\nstream\n".encode()
        + stream
        + b"\nendstream",
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>"
        ]
        * n_pages,
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(made)
    made += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{at:010} 00000 n \n".encode() for at in places)
    return bytes(made) + (
        f"trailer << /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    )


def docx(body: bytes) -> bytes:
    """A Word file with that body."""
    kinds = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>"
    return zipped({"[Content_Types].xml": kinds, "word/document.xml": body})


def sheet(content: bytes, strings: bytes = b"<sst/>") -> bytes:
    """An Excel file with that sheet."""
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>",
            "xl/worksheets/sheet1.xml": content,
            "xl/sharedStrings.xml": strings,
        }
    )


def bombs() -> dict[str, bytes]:
    """Sixty of them, by name."""
    names = ",".join(f"columna {n} con un nombre largo" for n in range(1500))
    row = ",".join("1" * 1500)
    page = "<p>" + "El ñandú corre. " * 6_000
    noise = os.urandom(60_000)
    made: dict[str, bytes] = {}
    for n, mb in enumerate((20, 100, 300)):
        zeros = b" " * (mb * MB)
        made[f"espacios{n}.docx"] = docx(zeros)
        made[f"espacios{n}.odt"] = zipped(
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": zeros}
        )
        made[f"espacios{n}.xlsx"] = sheet(zeros)
        made[f"espacios{n}.pptx"] = zipped(
            {"ppt/presentation.xml": zeros, "ppt/slides/slide1.xml": zeros}
        )
        made[f"espacios{n}.epub"] = zipped({"META-INF/container.xml": zeros})
        made[f"texto{n}.zip"] = zipped({"a.txt": b"El agua. " * (mb * MB // 9)})
        made[f"dentro{n}.zip"] = zipped({"b.zip": zipped({"c.zip": zipped({"d.txt": zeros})})})
        made[f"muchos{n}.zip"] = zipped(
            {f"{k}.html": page.encode() for k in range(20 * mb // 10)} | {"noise": noise}
        )
        made[f"flujo{n}.pdf"] = pdf(b"BT /F 9 Tf 9 9 Td (El agua) Tj ET\n" * (mb * 3_000), 1, 2)
        made[f"hojas{n}.pdf"] = pdf(b"BT /F 9 Tf 9 9 Td (El agua) Tj ET\n" * 20_000, mb * 10, 1)
    for n, deep in enumerate((6, 9, 30)):
        made[f"risas{n}.docx"] = docx(laughs(deep))
        made[f"risas{n}.epub"] = zipped({"META-INF/container.xml": laughs(deep)})
        made[f"risas{n}.odt"] = zipped({"content.xml": laughs(deep)})
        made[f"risas{n}.xlsx"] = sheet(laughs(deep))
        made[f"risas{n}.html"] = laughs(deep)
    for n, times in enumerate((1_000, 20_000, 200_000)):
        made[f"hondo{n}.html"] = b"<div>" * times + b"x"
        made[f"hondo{n}.jsonl"] = b'{"a":' * times + b"1" + b"}" * times
        made[f"hondo{n}.rtf"] = b"{\\rtf1 " + b"{\\b " * times + b"x" + b"}" * times + b"}"
        made[f"titulos{n}.md"] = b"# a\n\n" * times
        made[f"partes{n}.eml"] = b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (k, k)
            for k in range(times // 20)
        )
    wide = "<td rowspan=65534 colspan=1000>ñandú y más ñandú</td>"
    cell = "<table:table-cell table:number-columns-repeated='16384'><text:p>ñandú</text:p></table:table-cell>"
    made["nombres.csv"] = f"{names}\n{(row + chr(10)) * 616}".encode()
    made["tramos.html"] = f"<table><tr>{wide}</tr>{'<tr><td>x</td></tr>' * 3000}</table>".encode()
    made["repetidas.ods"] = odf(
        "spreadsheet",
        f"<table:table><table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row></table:table>",
    )
    made["blancos.odt"] = odf("text", "<text:p>a<text:s text:c='2000000000'/>b</text:p>")
    made["lineas.txt"] = b"a\n\n" * 600_000
    made["fila.csv"] = b"a,b,c\n" + b",".join([b"y" * 100_000] * 11) + b"\n"
    return made


def main() -> None:
    """Print how many were refused and how many were read, the seconds, the memory and the slowest /livez."""
    made = bombs()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "documents").mkdir()
        (Path(folder) / "documents" / "a.txt").write_text("El ñandú vive en la pampa.", "utf-8")
        with serving(Path(folder)) as (port, pid):
            lives: list[float] = []
            peaks: list[tuple[float, float]] = []
            done = threading.Event()

            def watch() -> None:
                while not done.is_set():
                    lives.append(answer_ms(port, timeout_s=60) or 60_000.0)
                    peaks.append((memory_mb(pid), max(map(_memory, _children(pid)), default=0.0)))
                    time.sleep(0.05)

            before, began = memory_mb(pid), time.monotonic()
            watcher = threading.Thread(target=watch)
            watcher.start()
            uploaded = Counter(_upload(port, {name: content}) for name, content in made.items())
            sent = time.monotonic() - began
            report, status = _build(port)
            took = time.monotonic() - began
            done.set()
            watcher.join()
    # Of the server and the processes that read, which have ended: on a machine that others use too the seconds are theirs
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    refused = len(report["skipped"]) if report else 0
    print(
        f"{len(made)} bombs of {sum(map(len, made.values())) / MB:.0f} MB: uploads {dict(uploaded)} in {sent:.0f} s, build {status}, "
        f"{refused} refused, {len(report['added']) if report else 0} read, {took:.0f} s in all, "
        f"{used.ru_utime + used.ru_stime:.0f} s of the processor"
    )
    print(
        f"server {before:.0f} MB before, {max(p[0] for p in peaks):.0f} at most; the largest reading process {max(p[1] for p in peaks):.0f} MB; "
        f"/livez {quantile(lives, 0.5):.0f} ms at the median, p99 {quantile(lives, 0.99):.0f}, at most {max(lives):.0f} ms"
    )
    for one in report["skipped"] if report else []:
        if "crashed" in one["reason"] or "120 s" in one["reason"]:
            print(f"{one['document_id']}: {one['reason']}")


def _upload(port: int, files: dict[str, bytes]) -> int:
    kind, body = multipart(files)
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    one.request("POST", "/v1/documents", body, {"Content-Type": kind})
    response = one.getresponse()
    response.read()
    one.close()
    return response.status


def _build(port: int) -> tuple[dict[str, list[dict[str, str]]] | None, str]:
    connection = Connection(port)
    job = json.loads(connection.post("/v1/index/jobs", {"full": False})[1])
    while job["status"] in ("queued", "running"):
        time.sleep(0.2)
        job = json.loads(connection.get(job["url"])[1])
    connection.close()
    return job["report"], str(job["status"])


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue
    return [
        *found,
        *(grand for one in found if Path(f"/proc/{one}").exists() for grand in _children(one)),
    ]


def _memory(pid: int) -> float:
    try:
        return memory_mb(pid)
    except OSError:
        return 0.0


if __name__ == "__main__":
    main()
