"""Reading a page that is still at work: what is asked for here waits until it is so.

Nothing else in these tests looks at the page without waiting (`expect`, `wait_for` and what presses
and types wait by themselves); tests/config/house/test_browser_tests.py sees to it.
"""

import re
from contextlib import contextmanager

from playwright.sync_api import expect


@contextmanager
def dragging(page, grip, target, *, right=0, below=False):
    """Within it, the row of `grip` hangs over the upper edge of `target` (its lower edge if
    `below`), so many pixels further to the right."""
    grip.hover()  # waits for the script that shows it
    handle, row = box_of(grip), box_of(target)
    page.mouse.down()
    page.mouse.move(
        handle["x"] + handle["width"] / 2 + right,
        row["y"] + (row["height"] - 4 if below else 4),
        steps=4,
    )
    yield
    page.mouse.up()


def drag(page, grip, target, **how):
    with dragging(page, grip, target, **how):
        pass


def box_of(locator):
    """Where it stands in the window, in pixels, once it is there."""
    locator.wait_for()
    return locator.bounding_box()


def holds(page, expression, arg=None):
    """That this JavaScript expression, or function of `arg`, comes to be true."""
    page.wait_for_function(expression, arg=arg)


def fits(page, width=None):
    """That nothing is wider than the window, once that is so wide."""
    holds(
        page,
        """width => (width === null || innerWidth === width)
          && document.documentElement.scrollWidth <= innerWidth""",
        width,
    )


def is_at(page, end):
    """That its address ends so."""
    expect(page).to_have_url(re.compile(re.escape(end) + "$"))
