"""An editor sends a workbook of five million cells: it is refused or read in bounds, and readers notice nothing."""

import html
import http.cookiejar
import json
import re
import threading
import time
import urllib.parse
import urllib.request
import uuid
import zipfile
from contextlib import suppress
from pathlib import Path

ROWS, COLUMNS = 50_000, 100
SECONDS, MEGABYTES = 30, 512
# A reader on a busy machine waits longer than usual, and not for the end of the upload.
PATIENCE = 5
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path):
    """Services with a hundred columns, most of them unknown, written row by row."""
    names = ["service_code", "title_ar", "title_en", "visits", "fees"]
    names += [f"column {number}" for number in range(COLUMNS - len(names))]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", CONTENT_TYPES)
        relation = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/%s" Target="%s"/></Relationships>'
        book.writestr("_rels/.rels", relation % ("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", relation % ("worksheet", "worksheets/sheet1.xml"))
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Services" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            sheet.write(row(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in names))
            for number in range(ROWS):
                code = f'<c t="inlineStr"><is><t>IQ-MOI-{number % 9000 + 1000}</t></is></c>'
                sheet.write(
                    row([code, *(f"<c><v>{number * place % 977}</v></c>" for place in range(1, COLUMNS))])
                )
            sheet.write(b"</sheetData></worksheet>")
    return path


def row(cells):
    return f"<row>{''.join(cells)}</row>".encode()


class Editor:
    """A signed-in editor of the demonstration, without a browser."""

    def __init__(self, url, password):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.open = urllib.request.build_opener(jar).open
        self.post("/accounts/login/", {"login": "service-editor", "password": password})

    def get(self, path):
        with self.open(self.url + path, timeout=60) as answer:
            return answer, answer.read().decode()

    def post(self, path, fields, file=None):
        _answer, page = self.get(path)
        token = html.unescape(re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1])
        fields = {**fields, "csrfmiddlewaretoken": token}
        headers = {"Referer": self.url + path}
        if file is None:
            body = urllib.parse.urlencode(fields).encode()
        else:
            boundary = uuid.uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            parts = [
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                for name, value in fields.items()
            ]
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
            )
            body = b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])
        request = urllib.request.Request(self.url + path, body, headers)
        with self.open(request, timeout=120) as answer:
            return answer, answer.read().decode()


class Watch(threading.Thread):
    """Until `ended`: how long a reader waits for pages, and the most memory of a process below the server."""

    def __init__(self, url, server):
        super().__init__()
        self.url, self.server = url, server
        self.waited, self.megabytes, self.ended = [], 0, threading.Event()

    def run(self):
        while not self.ended.is_set():
            began = time.monotonic()
            with urllib.request.urlopen(f"{self.url}/ar/services/?page={len(self.waited) % 2 + 1}") as answer:
                assert answer.status == 200
                answer.read()
            self.waited.append(time.monotonic() - began)
            self.megabytes = max([self.megabytes, *map(resident, below(self.server))])
            time.sleep(0.1)


def below(pid):
    """The processes that this one has started, and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += [int(child), *below(int(child))]
    return found


def resident(pid):
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
    return 0


def test_five_million_cells_are_refused_or_read_in_bounds(demonstration_served, tmp_path):
    url, data = demonstration_served
    server = json.loads((data.parent / "server.json").read_text())["pid"]
    file = workbook(tmp_path / "large.xlsx")
    editor = Editor(url, (data / "editor-password").read_text().strip())
    watch = Watch(url, server)
    watch.start()
    began = time.monotonic()
    try:
        answer, page = editor.post("/admin/exchange/services/", {}, file)
        address = urllib.parse.urlsplit(answer.geturl()).path
        assert "/exchange/runs/" in address, page[-3000:]
        while answer.headers["Refresh"]:
            assert time.monotonic() - began < 4 * SECONDS
            time.sleep(0.5)
            answer, page = editor.get(address)
        taken = time.monotonic() - began
    finally:
        watch.ended.set()
        watch.join()
    print(
        f"{file.stat().st_size >> 20} MB, {taken:.1f} s, {watch.megabytes} MB, {max(watch.waited):.1f} s for a reader"
    )
    assert "help-critical" in page
    assert taken <= SECONDS
    assert watch.megabytes <= MEGABYTES
    assert max(watch.waited) <= PATIENCE
