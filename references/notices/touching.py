"""When a notice touches what a text concludes: the author answers that a sentence is rewritten or
under review, or a study of the evidence table is retracted or doubted."""

from datetime import timedelta

from django.utils import timezone

from ..models import NoticeAnswer, StudyFacts, WorkNotice

# So long an answer can be thought better of; what comes within it goes in one mail.
PAUSE = timedelta(minutes=10)
TOUCHING = (NoticeAnswer.Answer.REWRITTEN, NoticeAnswer.Answer.REVIEW)


def arrived(notices):
    """New notices of the watch: grave ones about studies of the evidence table touch at once."""
    grave = [each.pk for each in notices if each.grave]
    studied = StudyFacts.objects.values("reference")
    found = WorkNotice.objects.filter(pk__in=grave, touched=None, reference__in=studied)
    return found.update(touched=timezone.now())


def answered(notice):
    """After the author answered; an answer taken back in time touches nothing."""
    now = timezone.now()
    if notice.answers.filter(answer__in=TOUCHING).exists():
        if notice.touched is None:
            WorkNotice.objects.filter(pk=notice.pk).update(touched=now)
    elif notice.touched and notice.touched > now - PAUSE and not of_evidence(notice):
        WorkNotice.objects.filter(pk=notice.pk).update(touched=None)


def of_evidence(notice):
    facts = StudyFacts.objects.filter(reference=notice.reference_id)
    return bool(notice.first_seen and notice.grave and facts.exists())
