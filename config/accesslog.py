"""gunicorn's own log without readers' addresses, words and keys."""

from gunicorn.glogging import Logger

from .logs import PlainFormatter, scrub


class AccessLogger(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PlainFormatter())

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        path = scrub(environ.get("RAW_URI", "").partition("?")[0])
        for name in ("U", "r"):
            atoms[name] = path
        for name in ("h", "f", "q", "u", "a"):
            atoms[name] = "-"
        return atoms
