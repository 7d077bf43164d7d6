"""The whole site as open files, and back: `writing` takes it out, `reading` brings it in. What the
files hold is said in schema.json and docs/adr/0044."""

FORMAT, VERSION = "living-review", 1
