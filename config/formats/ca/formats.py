"""What may be typed at the Catalan desk."""

from .. import DAYS, ISO, TIMES

DATE_INPUT_FORMATS = [*DAYS, ISO]
TIME_INPUT_FORMATS = TIMES
