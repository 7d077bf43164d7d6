"""What may be typed at the English desk."""

from .. import DAYS, ISO, MOMENTS, TIMES

DATE_INPUT_FORMATS = [ISO, *DAYS, "%d %B %Y", "%d %b %Y"]
TIME_INPUT_FORMATS = TIMES
DATETIME_INPUT_FORMATS = MOMENTS
