"""`make check`: everything that can be said about the code without running the whole suite."""

import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "only-to-check-the-settings-of-production-0123456789-abcdefghij",
    "SITE_URL": "https://review.example.org",
    "ALLOWED_HOSTS": "review.example.org",
    "DATABASE_URL": "sqlite://",
}
CHECKS = {
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "types": [BIN / "mypy", "--cache-dir", os.devnull],
    "dead code": [BIN / "vulture"],
    "layers": [BIN / "lint-imports", "--no-cache"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "house": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/config/house"],
}


def passes(name, command):
    """Run one check; its words are shown only if it fails."""
    done = subprocess.run(
        command, env=os.environ | PRODUCTION, capture_output=True, text=True, check=False
    )
    print(f"{name:<12}{'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    results = [passes(name, command) for name, command in CHECKS.items()]
    sys.exit(not all(results))
