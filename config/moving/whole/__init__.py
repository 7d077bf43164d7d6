"""The whole site as open files, and back: `writing` takes it out, `reading` brings it in. What the
files hold is said in docs/format-of-an-export.md."""

FORMAT, VERSION = "living-review", 1
