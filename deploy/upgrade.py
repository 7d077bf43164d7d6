"""`make upgrade`: the next version of the site, or none.

Backs up, takes the code of the version named (or the newest of the branch), installs, migrates,
asks for every page. If anything fails it goes back: the code, the packages and the data of before.
Stop the site and its worker first, so that nothing is written in between.
"""

import subprocess
import sys
from datetime import UTC, datetime

from config.env import BASE_DIR, env

MANAGE = [str(BASE_DIR / ".venv/bin/python"), "manage.py"]
KEPT = 3  # backups of before an upgrade


class Failed(Exception):
    pass


def run(*command, quiet=False):
    """What it printed; `Failed` with its last line if it did not work."""
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["it says nothing"]
        raise Failed(f"{' '.join(command[:3])}: {lines[-1]}")
    if not quiet and done.stdout.strip():
        print(done.stdout.strip(), flush=True)
    return done.stdout.strip()


def backup():
    folder = BASE_DIR / env.str("BACKUP_ROOT", default="var/backup")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.zst"
    run(*MANAGE, "backup", str(path))
    for old in sorted(folder.glob("before-upgrade-*.tar.zst"))[:-KEPT]:
        old.unlink()
    return path


def make_ready():
    run("make", "--silent", "install")
    run(*MANAGE, "prepare")


def take(version):
    run("git", "-c", "advice.detachedHead=false", "checkout", "--quiet", version)


def newest(wanted):
    """The commit to go to: of a tag or branch, or the newest of the branch that is followed."""
    if run("git", "remote", quiet=True):
        run("git", "fetch", "--quiet", "--tags", quiet=True)
    return run("git", "rev-parse", "--verify", f"{wanted or '@{upstream}'}^{{commit}}", quiet=True)


def here():
    """The branch, or the commit where there is none."""
    branch = run("git", "rev-parse", "--abbrev-ref", "HEAD", quiet=True)
    return run("git", "rev-parse", "HEAD", quiet=True), None if branch == "HEAD" else branch


def go_back(commit, branch, saved):
    print("Going back to the version before …", flush=True)
    try:
        take(branch or commit)
        if branch:
            run("git", "reset", "--quiet", "--keep", commit)
        run("make", "--silent", "install")
        run(*MANAGE, "restore", str(saved), "--noinput")
        run(*MANAGE, "prepare")
    except (Failed, KeyboardInterrupt) as error:
        sys.exit(
            f"Going back failed as well: {error or 'stopped by hand'}\nBy hand: git checkout"
            f" {commit} && make install && .venv/bin/python manage.py restore {saved} && make setup"
        )


def main(wanted=""):
    try:
        if run("git", "status", "--porcelain", "--untracked-files=no", quiet=True):
            raise Failed("files of the site were changed here: git status shows them")
        commit, branch = here()
        goal = newest(wanted)
        if goal == commit:
            print("This is that version already.")
            return
        print("Backing up …", flush=True)
        saved = backup()
    except Failed as error:
        sys.exit(f"Not upgraded, and nothing was changed: {error}")
    try:
        if branch and not wanted:
            run("git", "merge", "--quiet", "--ff-only", goal)
        else:
            take(goal)
        make_ready()
        print("Asking for every page …", flush=True)
        run(*MANAGE, "check_pages")
    except (Failed, KeyboardInterrupt) as error:
        print(f"It does not work: {error or 'stopped by hand'}", flush=True)
        go_back(commit, branch, saved)
        sys.exit("Not upgraded: the site is as it was before.")
    print(f"Upgraded. Start the site and its worker again. The backup is {saved}.")


if __name__ == "__main__":
    main(*sys.argv[1:2])
