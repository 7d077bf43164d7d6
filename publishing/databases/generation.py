"""The generation of all pages: one random token in the database. Who writes anything that readers
may see gives it another value in the same transaction, so that a page kept under an older token is
never shown again (`publishing.http.store`).

Every statement counts that is no plain reading, but for the tables of PRIVATE, which no public
page is made from. What is forgotten there costs a page made anew; what stands there wrongly, a
stale one.
"""

import re
import secrets
from contextlib import contextmanager

TABLE = "publishing_generation"
READ = f"SELECT token FROM {TABLE} WHERE id = 1"  # noqa: S608
PRIVATE = frozenset({
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "auth_permission", "auth_user_groups", "auth_user_user_permissions", "axes_accessattempt",
    "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog",
    "captcha_captchastore", "comments_access", "comments_addresssecret", "comments_blocked",
    "comments_decision", "comments_desksettings", "comments_erasure", "comments_mailedcomment",
    "comments_snippet", "comments_spentchallenge", "comments_subscription", "comments_tasklock",
    "comments_wordlist", "django_admin_log", "django_content_type", "django_session",
    "django_tasks_database_dbtaskresult", "mfa_authenticator", "post_office_attachment",
    "post_office_attachment_emails", "post_office_email", "post_office_emailtemplate",
    "post_office_log", "publishing_deposit", "publishing_digest", "publishing_editingdraft",
    "publishing_follower", "publishing_foundnothing", "publishing_importeditem",
    "publishing_nextversion", "publishing_previewlink", "publishing_replacement",
    "publishing_savedform", "publishing_siteimport", "publishing_taskworker", "publishing_trashed",
    "references_candidate", "references_candidatekey", "references_citationfound",
    "references_decision", "references_exclusionreason", "references_highlight", "references_hit",
    "references_hitkey", "references_hitturn", "references_listplace", "references_lookupanswer",
    "references_lookupturn", "references_matchkey", "references_nomination", "references_pdftext",
    "references_pendingimport", "references_pendingrecord", "references_readinglist",
    "references_savedsearch", "references_searchrun", "reversion_revision", "reversion_version",
    "usersessions_usersession",
})  # fmt: skip
READING = re.compile(
    r"[\s(]*(SELECT|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|SET|SHOW|EXPLAIN|ANALYZE|DECLARE|FETCH"
    r"|CLOSE|LOCK|VACUUM|WITH(?!.*\b(INSERT|UPDATE|DELETE)\b))\b",
    re.IGNORECASE | re.DOTALL,
)
# When somebody came in last is on no page.
LOGIN = re.compile(r'UPDATE "auth_user" SET "last_login" = \S+ WHERE ')
WRITING = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


def is_for_readers(sql):
    """Whether this statement may change what a public page shows."""
    if READING.match(sql) or LOGIN.match(sql):
        return False
    written = WRITING.match(sql)
    return not (written and written[1] in PRIVATE)


class Generations:
    """Mixed into a DatabaseWrapper: notes writing, and changes the token just before it is
    committed."""

    UPSERT = (
        f"INSERT INTO {TABLE} (id, token) VALUES (1, %s)"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET token = excluded.token"
    )
    first = ""

    @property
    def queries_logged(self):
        """Only who asks has each statement kept: with DEBUG Django keeps all that a process ever
        did, and has SQLite write every one out once more for it."""
        return self.force_debug_cursor

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.generation_due = False
        self._is_unseen = False
        self._has_generation = False
        self.execute_wrappers.append(self._note)

    @contextmanager
    def unseen(self):
        """Within a transaction, for rows of a table that readers see which nobody sees yet, as a
        comment that waits: who sends many would have every page made anew. Once it turns out that
        readers do see them: `seen()`."""
        before, self._is_unseen = self._is_unseen, True
        try:
            yield
        finally:
            self._is_unseen = before

    def seen(self):
        """What was written in this transaction is for readers."""
        self.generation_due = True

    def _note(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not self.generation_due and not self._is_unseen and is_for_readers(sql):
            if TABLE in sql:  # made, emptied or dropped
                self._has_generation = False
            if self.in_transaction():
                self.generation_due = True
            else:  # was committed by itself; nobody has been told that it is done
                self._renew_generation()
        return result

    def _commit(self):
        if self.generation_due and self.connection is not None:
            self._renew_generation(self.first)
        return super()._commit()

    def in_transaction(self):
        return self.in_atomic_block or not self.autocommit

    def _rollback(self):
        self.generation_due = False
        return super()._rollback()

    def close(self):
        if not self.in_atomic_block:
            self.generation_due = False
        return super().close()

    def _renew_generation(self, first=""):
        """By the driver, past Django's log of queries: nobody who counts them asked for it."""
        self.generation_due = False
        with self.wrap_database_errors:
            cursor = self.connection.cursor()
            try:
                if not self._has_generation:
                    cursor.execute(self.there)
                    self._has_generation = cursor.fetchone() is not None
                if self._has_generation:
                    if first:
                        cursor.execute(first)
                    cursor.execute(self.upsert, [secrets.token_urlsafe(12)])
            finally:
                cursor.close()

    def driver_cursor(self):
        """For what every page asks in the same words."""
        return self.connection.cursor()

    def generation(self):
        """The token; None where there is none yet. Raises what the database raises."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = self.driver_cursor()
            try:
                row = cursor.execute(READ).fetchone()
            finally:
                cursor.close()
        return row[0] if row else None
