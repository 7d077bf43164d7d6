"""What PostgreSQL is asked again (`pytest --again`): tests whose answer is the database's own.

That are those that ask a database, without those of ONCE, those marked `once` (with a reason),
those that count questions, and texts made by hypothesis; of a test with many cases the first,
except in EVERY_CASE. Whatever commits, and whatever is marked `again`, is asked again in any case.

Four tests put all the site's questions to either database, so that ONCE loses none of them: every
address of the desk (tests/config/test_permissions.py), every list, form and page with rows at
their limits (test_extremes.py), every page for readers (test_reading_writes_nothing.py), and every
page after an upgrade (tests/releases).
"""

from pathlib import Path

HERE = Path(__file__).parent

# Search, order, folding of letters, limits of columns: another database may say something else.
EVERY_CASE = (
    "comments/threads",
    "publishing/http/test_store.py",
    "publishing/search",
    "publishing/test_slugs.py",
    "references/browsing/test_library_page.py",
    "references/formats/test_records.py",
    "references/importing/test_bad_files.py",
    "references/importing/test_duplicates.py",
    "references/test_names.py",
    "review/test_tree.py",
)

ONCE = {
    "comments/commenters/test_own_page.py": "a page behind a key, its words and its buttons",
    "comments/desk": "the words of the desk and what its buttons do to a row",
    "comments/kept": "its forms and pages",
    "comments/mailing/test_digest.py": "what a mail says",
    "comments/mailing/test_replies.py": "what a mail says, and to whom",
    "comments/moderation/test_emergencies.py": "words found in a text",
    "comments/moderation/test_flags.py": "words found in a text",
    "comments/moderation/test_spam.py": "rules about a text",
    "comments/moderation/test_words.py": "words found in a text",
    "comments/test_captcha.py": "pictures, sounds and sums",
    "comments/test_corrections.py": "a form and what becomes of it",
    "comments/test_form.py": "what a form takes and says",
    "config/door": "who is let in",
    "config/test_doctor.py": "what is said about settings",
    "config/test_doors.py": "who is let in",
    "config/test_languages.py": "words of pages",
    "config/test_legal.py": "words of a page",
    "config/test_logs.py": "what is written into a log",
    "config/test_machines.py": "what is said to machines",
    "config/test_passwords.py": "what a form takes",
    "config/test_style.py": "how pages look",
    "publishing/desk/test_admin.py": "the look of lists and forms",
    "publishing/desk/test_announcements.py": "a bar above pages",
    "publishing/desk/test_next_version.py": "a form beside a page",
    "publishing/desk/test_picking.py": "a dialog",
    "publishing/desk/test_preview.py": "a page seen before its time",
    "publishing/desk/test_replacing.py": "words found in texts",
    "publishing/desk/test_translating.py": "a form beside a page",
    "publishing/richtext": "HTML",
    "publishing/test_checking.py": "what other sites answer",
    "publishing/test_images.py": "files of pictures",
    "publishing/test_orcid.py": "a checksum",
    "publishing/test_pictures.py": "files of pictures",
    "references/browsing/test_handout.py": "a sheet of paper",
    "references/desk/test_adding.py": "what forms say",
    "references/desk/test_admin.py": "what forms say; its list: test_permissions and test_extremes",
    "references/desk/test_personal.py": "what forms say",
    "references/exporting": "what files hold",
    "references/importing/test_lookup.py": "what other sites answer",
    "references/importing/test_pages.py": "what forms say",
    "references/test_citation_faults.py": "what citations look like",
    "references/test_laywords.py": "words of a page",
    "references/test_subjects.py": "what a record says of a work",
    "review/short": "its forms and pages",
    "review/test_admin.py": "what forms say",
    "review/test_paper_book.py": "what a book looks like",
}

# How many questions a page asks does not depend on who answers them.
COUNTING = {"django_assert_num_queries", "django_assert_max_num_queries"}


def chosen(items, likely=False):
    """`(again, once)`: the tests of a run that another database is asked too, and the others.
    `likely`: of these what commits, what is marked `again`, and EVERY_CASE alone."""
    again, once, seen = [], [], set()
    for item in items:
        (again if _is_asked_again(item, seen, likely) else once).append(item)
    return again, once


def _is_asked_again(item, seen, likely):
    fixtures, marker = set(item.fixturenames), item.get_closest_marker("django_db")
    if not (marker or {"db", "transactional_db"} & fixtures):
        return False
    if item.get_closest_marker("again"):
        return True
    is_chance = hasattr(getattr(item, "obj", None), "hypothesis")
    if item.get_closest_marker("once") or COUNTING & fixtures or is_chance:
        return False
    if "transactional_db" in fixtures or (marker and marker.kwargs.get("transaction")):
        return True
    path = item.path.relative_to(HERE)
    if _stands_in(path, ONCE):
        return False
    if likely or _stands_in(path, EVERY_CASE):
        return _stands_in(path, EVERY_CASE)
    function = item.nodeid.partition("[")[0]
    is_first = function not in seen
    seen.add(function)
    return is_first


def _stands_in(path, places):
    return any(path.is_relative_to(place) for place in places)
