"""What may be typed at the Spanish desk."""

from .. import DAYS, ISO, TIMES

DATE_INPUT_FORMATS = [*DAYS, ISO]
TIME_INPUT_FORMATS = TIMES
