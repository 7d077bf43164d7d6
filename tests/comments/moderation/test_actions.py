import pytest
from django.contrib.admin.models import LogEntry

from comments.models import Comment, Status
from comments.moderation import actions
from publishing.models import SiteSettings
from tests.factories import PostFactory, comment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("decide", "status"),
    [
        (actions.approve, Status.APPROVED),
        (actions.spam, Status.SPAM),
        (actions.trash, Status.TRASH),
        (actions.wait, Status.PENDING),
    ],
)
def test_a_decision_is_kept_counted_and_can_be_taken_back(decide, status, author):
    page = PostFactory()
    made = [comment(page, status=each) for each in Status]
    assert decide(comments=Comment.objects.all(), user=author) == 3
    assert {each.status for each in Comment.objects.all()} == {status}
    assert LogEntry.objects.filter(user=author).count() == 3
    decided = Comment.objects.exclude(pk=next(each.pk for each in made if each.status == status))
    assert all((each.decided is None) is (status == Status.PENDING) for each in decided)
    actions.wait(comments=Comment.objects.all())
    assert Comment.objects.waiting().count() == 4


class TestAnswering:
    def test_the_answer_is_public_at_once_under_the_authors_name(self, author):
        SiteSettings(author_name="Dr Name").save()
        asked = comment(PostFactory(), status=Status.PENDING, language="ca")
        reply = actions.answer(comment=asked, text="Yes.\n\nAnd no.", user=author)
        reply.refresh_from_db()
        assert (reply.parent, reply.by_author, reply.status, reply.name) == (
            asked,
            True,
            Status.APPROVED,
            "Dr Name",
        )
        assert (reply.language, reply.email, reply.html) == ("ca", "", "<p>Yes.</p><p>And no.</p>")
        assert Comment.objects.get(pk=asked.pk).is_approved

    def test_all_that_waits_above_is_approved_with_it_and_nothing_else(self, author):
        page = PostFactory()
        root = comment(page, status=Status.PENDING)
        spam = comment(parent=root, status=Status.SPAM)
        middle = comment(parent=spam, status=Status.PENDING)
        asked = comment(parent=middle, status=Status.PENDING)
        beside = comment(parent=root, status=Status.PENDING)
        actions.answer(comment=asked, text="Yes.", user=author)
        status = dict(Comment.objects.values_list("pk", "status"))
        assert [status[each.pk] for each in (root, spam, middle, asked, beside)] == [
            Status.APPROVED, Status.SPAM, Status.APPROVED, Status.APPROVED,
            Status.PENDING]  # fmt: skip

    def test_what_had_been_trashed_comes_back_when_it_is_answered(self, author):
        asked = comment(PostFactory(), status=Status.TRASH)
        actions.answer(comment=asked, text="Yes.", user=author)
        assert Comment.objects.get(pk=asked.pk).is_approved

    def test_a_form_sent_twice_makes_one_answer(self, author):
        asked = comment(PostFactory())
        made = {actions.answer(comment=asked, text="Yes.", token="x" * 32).pk for _ in range(2)}
        assert len(made) == 1

    def test_when_the_answer_cannot_be_saved_nothing_is_approved(self, monkeypatch):
        asked = comment(PostFactory(), status=Status.PENDING)

        def fail(comment):
            raise RuntimeError

        monkeypatch.setattr("comments.threads.order.add", fail)
        with pytest.raises(RuntimeError):
            actions.answer(comment=asked, text="Yes.")
        assert not Comment.objects.get(pk=asked.pk).is_approved
