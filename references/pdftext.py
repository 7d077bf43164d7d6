"""The text of a PDF, read in a process of its own.

A PDF is a stranger's program to draw pages. With a limit of time and memory, one that is made to
hang or to swell ends that process and nothing else. Knows no database.
"""

import logging
import resource
import subprocess
import sys
from pathlib import Path

MOST_PAGES, MOST_LETTERS = 500, 1_000_000
SECONDS, MEMORY = 40, 700 * 1024 * 1024
HOME = Path(__file__).resolve().parent.parent

log = logging.getLogger(__name__)


def text_of(path: str) -> str:
    """The text of the PDF at `path`; empty where it has none or cannot be read in time."""
    command = [sys.executable, "-m", "references.pdftext", path]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves, with a path of ours
            command, cwd=HOME, capture_output=True, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("The text of a PDF was not read in %d seconds", 2 * SECONDS)
        return ""
    if done.returncode:
        log.warning("A PDF cannot be read: %s", done.stderr[-300:].decode(errors="replace"))
    return done.stdout.decode(errors="replace").replace("\0", "")[:MOST_LETTERS]


def _main(path: str) -> None:
    from pypdf import PdfReader

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    left = MOST_LETTERS
    for page in PdfReader(path).pages[:MOST_PAGES]:
        text = " ".join(page.extract_text().split())[:left]
        left -= len(text) + 1
        sys.stdout.buffer.write(f"{text}\n".encode(errors="replace"))
        sys.stdout.buffer.flush()
        if left <= 0:
            break


if __name__ == "__main__":
    _main(sys.argv[1])
