"""The answers of the site as one file for web archives (WARC 1.1), as a reader would get them."""

import mimetypes
from http import HTTPStatus
from io import BytesIO

from django.conf import settings
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class Archive:
    def __init__(self, file):
        """`file`: open for writing bytes."""
        self.writer = WARCWriter(file, gzip=True, warc_version="1.1")
        about = {"format": "WARC File Format 1.1", "isPartOf": settings.SITE_URL}
        self.writer.write_record(self.writer.create_warcinfo_record("site.warc.gz", about))

    def answer(self, address, response):
        """What the test client got; a file's pieces are put back."""
        if response.streaming:
            data = b"".join(response.streaming_content)
            response.streaming_content = [data]
        else:
            data = response.content
        headers = response.headers.items()
        self._write(address, response.status_code, headers, BytesIO(data), len(data))

    def file(self, address, path):
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        size = path.stat().st_size
        headers = [("Content-Type", kind), ("Content-Length", str(size))]
        with path.open("rb") as stream:
            self._write(address, 200, headers, stream, size)

    def _write(self, address, status, headers, stream, size):
        line = f"{status} {HTTPStatus(status).phrase}"
        said = StatusAndHeaders(line, list(headers), protocol="HTTP/1.1")
        self.writer.write_record(
            self.writer.create_warc_record(
                settings.SITE_URL + address, "response", stream, size, http_headers=said
            )
        )
