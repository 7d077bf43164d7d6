"""`make env`: asks the few things a site in public has to be told, and writes them to .env.

An .env that is there is left alone. Whatever else can be set is explained in .env.example.
"""

import getpass
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote

FILE = Path(__file__).resolve().parent.parent / ".env"
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])")
NGINX = "DELETE http://127.0.0.1:8099/{0123456789abcdef}/"
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def ask(question, *, default="", allowed=None, hint="", secret=False):
    """An answer that fits `allowed`; asked until it does."""
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        try:
            answer = getpass.getpass(shown) if secret and sys.stdin.isatty() else input(shown)
        except EOFError:
            sys.exit("\nNothing was written: there was no answer.")
        answer = answer.strip() or default
        if allowed is None or allowed.fullmatch(answer):
            return answer
        print(hint, flush=True)


def domain():
    return ask(
        "Name readers use (without https://)",
        allowed=NAME,
        hint="Write it like review.example.org, in small letters.",
    )


def database():
    """DATABASE_URL, or nothing for SQLite."""
    wanted = ask(
        "PostgreSQL instead of SQLite? (yes/no)",
        default="no",
        allowed=re.compile("yes|no"),
        hint="Write yes or no.",
    )
    if wanted == "no":
        return {}
    where = ask("  its server", default="127.0.0.1:5432")
    name = ask("  the database", default="review")
    user = quote(ask("  its user", default="review"), safe="")
    password = quote(ask("  the password", secret=True), safe="")
    return {"DATABASE_URL": f"postgres://{user}:{password}@{where}/{name}"}


def mail(site):
    host = ask("Server that takes the site's mail (empty: none yet)")
    if not host:
        return {}
    port = ask("  its port", default="587", allowed=re.compile(r"\d{1,5}"), hint="A number.")
    user = ask("  name to log in with (empty: none)")
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": ask("  password", secret=True) if user else "",
        "EMAIL_FROM": ask(
            "  whom mails are from",
            default=f"noreply@{site}",
            allowed=ADDRESS,
            hint="Write an e-mail address.",
        ),
    }


def front():
    """Who forgets at once what is withdrawn: nginx keeps pages."""
    found = ask(
        "Is nginx in front, by deploy/nginx.conf? (yes/no)",
        default="yes",
        allowed=re.compile("yes|no"),
        hint="Write yes or no.",
    )
    return {"PURGE_URLS": NGINX} if found == "yes" else {}


def contact():
    told = ask(
        "E-mail address for who finds a weakness (empty: the site's own contact)",
        allowed=re.compile(f"({ADDRESS.pattern})?"),
        hint="Write an e-mail address, or nothing.",
    )
    return {"SECURITY_CONTACTS": f"mailto:{told}"} if told else {}


def line(name, value):
    """As django-environ reads it back: all stands for itself, but a first dollar sign and a pair of
    quotes around it all."""
    if value.startswith("$"):
        value = "\\" + value
    if re.fullmatch(r"""(["']).*\1""", value):
        value = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    return f"{name}={value}"


def main():
    if FILE.exists():
        sys.exit(f"{FILE} is there already, and is left as it is. Change it by hand.")
    if not os.access(FILE.parent, os.W_OK):
        sys.exit(
            f"{FILE.parent} cannot be written to by {getpass.getuser()}: run this as who owns it,"
            f" or chown -R it to {getpass.getuser()}."
        )
    site = domain()
    answers = {"SITE_URL": f"https://{site}", **database(), **mail(site), **contact()} | front()
    text = "# What else can be set: .env.example\n"
    text += "".join(f"{line(name, value)}\n" for name, value in answers.items() if value)
    # For its owner alone from the first moment, and never over one that came meanwhile.
    with os.fdopen(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    print(f"Written: {FILE}. Only {getpass.getuser()} can read it.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nNothing was written.")
    except OSError as error:  # its disk is full
        sys.exit(f"{FILE} cannot be written: {error.strerror}.")
