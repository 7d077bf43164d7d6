"""How a day and an hour may be typed: the day before the month in every language, as the pages show
it. Django's English takes 3/5/2026 for the fifth of March.

What stands first is how a form shows what is stored, and what the calendar beside it writes.
"""

WITH_SLASHES = "%d/%m/%Y"
DAYS = [WITH_SLASHES, "%d/%m/%y", "%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y"]
TIMES = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%H.%M", "%Hh", "%H"]
ISO = "%Y-%m-%d"
MOMENTS = [f"{day} {time}" for day in (ISO, WITH_SLASHES) for time in TIMES[:3]]
