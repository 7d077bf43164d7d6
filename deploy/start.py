"""What `make run`, `make dev` and `make setup` do once the packages are installed.

The order matters: everything that can be wrong with the machine is found before anything is written
or served.
"""

import errno
import os
import secrets
import socket
import subprocess
import sys

from config.env import BASE_DIR, VAR_DIR, env

MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]


def stop(message):
    sys.exit(f"Not started: {message}")


def port():
    """The port asked for, if it is free."""
    wanted = env.str("PORT", default="") or "8000"
    if not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) < 65536):
        stop(f"PORT is “{wanted}”: write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except PermissionError:
            stop(f"port {wanted} is for administrators only. Choose another: PORT=8000.")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            stop(
                f"port {wanted} is in use. Stop what uses it, or choose another:"
                f" PORT={int(wanted) + 1}"
            )
    return wanted


def make_secret_key():
    """A key of this machine's own under var/, unless the environment has one."""
    VAR_DIR.mkdir(mode=0o750, exist_ok=True)  # readers' addresses are in it
    path = VAR_DIR / "secret_key"
    if not env.str("SECRET_KEY", default="") and not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))


def prepare(*options):
    done = subprocess.run([*MANAGE, "prepare", *options], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def start_worker():
    """Beside the server, which takes this process over; by the same Ctrl-C or on seeing it gone
    the worker ends with it.
    """
    subprocess.Popen([*MANAGE, "run_worker", "--parent", str(os.getpid())])


def announce(address):
    print(
        f"\nThe site   {address}/\nThe desk   {address}/admin/\n"
        "Password forgotten: .venv/bin/python manage.py changepassword author\nStop with Ctrl-C.\n",
        flush=True,
    )


def run():
    os.environ["PORT"] = port()
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{os.environ['PORT']}")
    make_secret_key()
    prepare("--sample")
    announce(os.environ["SITE_URL"])
    start_worker()
    os.execv(
        sys.executable,
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"],
    )


def dev():
    os.environ["DEBUG"] = "true"
    address = f"127.0.0.1:{port()}"
    os.environ["SITE_URL"] = f"http://{address}"
    make_secret_key()
    prepare("--sample")
    announce(f"http://{address}")
    start_worker()
    os.execv(sys.executable, [*MANAGE, "runserver", address])


def setup():
    make_secret_key()
    prepare()


if __name__ == "__main__":
    try:
        {"run": run, "dev": dev, "setup": setup}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
    except PermissionError as error:
        stop(f"no permission to write {error.filename}.")
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            raise
        stop(f"{error.filename} cannot be written: {error.strerror}.")
