"""A deposit, step by step. What each step did is written down before the next, so that it goes on
where it stopped, and nothing is published twice."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import tasks
from ..models import Deposit, PublishedVersion
from . import client

TASK = "publishing.deposit"
# By the label of the page: a function that gives `(metadata, {name: bytes})` of a version, for
# which the DOI is given.
_makers = {}


def register(label, make):
    """`make(version, doi)` is called when the DOI is known, so that the files carry it."""
    _makers[label] = make


def begin(*, version, user=None):
    """Have a version deposited, or go on with that; the `Deposit`. Pressed twice, it is one."""
    with transaction.atomic():
        deposit, _made = Deposit.objects.get_or_create(
            version=version, defaults={"sandbox": client.is_sandbox(), "user": user}
        )
        if deposit.step != Deposit.Step.DONE:
            tasks.enqueue(TASK, deposit.pk)
    return deposit


@tasks.task(TASK, tries=1)
def go_on(pk):
    """All the steps that are left. Why one could not be done is kept for the author to read."""
    deposit = Deposit.objects.select_related("version").filter(pk=pk).first()
    if deposit is None or deposit.step == Deposit.Step.DONE:
        return
    Deposit.objects.filter(pk=pk).update(tried=timezone.now(), error="")
    try:
        if deposit.sandbox != client.is_sandbox():
            raise client.DepositFailed(
                _("It was begun at another archive: the setting ZENODO_URL has changed since.")
            )
        _draft(deposit)
        _reserve(deposit)
        if not _is_published(deposit):
            _fill(deposit)
            _publish(deposit)
    except client.DepositFailed as error:
        Deposit.objects.filter(pk=pk).update(error=str(error)[:1000])


def _keep(deposit, **values):
    for name, value in values.items():
        setattr(deposit, name, value)
    Deposit.objects.filter(pk=deposit.pk).update(**values)


def _draft(deposit):
    """A draft of its own; where an earlier version lies there, the next version of that record."""
    if deposit.record:
        return
    version = deposit.version
    earlier = Deposit.objects.filter(
        version__page_type=version.page_type, version__page_id=version.page_id,
        version__number__lt=version.number, step=Deposit.Step.DONE, sandbox=deposit.sandbox,
    ).order_by("-version__number").first()  # fmt: skip
    if earlier:
        made = client.post(f"/api/records/{earlier.record}/versions")
    else:
        made = client.post("/api/records", {"files": {"enabled": True}})
    record = made.get("id")
    if not isinstance(record, str) or not record.isalnum() or len(record) > 40:
        raise client.DepositFailed(_("The archive answered something that cannot be read."))
    _keep(deposit, record=record)


def _reserve(deposit):
    if deposit.doi:
        return
    draft = client.get(f"/api/records/{deposit.record}/draft")
    doi = _doi(draft)
    if not doi:
        doi = _doi(client.post(f"/api/records/{deposit.record}/draft/pids/doi"))
    if not doi:
        raise client.DepositFailed(_("The archive reserved no DOI."))
    _keep(deposit, doi=doi, step=Deposit.Step.RESERVED)


def _doi(record):
    """Of a record, or of what stands above all its versions."""
    pids = record.get("pids") if isinstance(record, dict) else None
    found = (pids or {}).get("doi") if isinstance(pids, dict) else None
    doi = (found or {}).get("identifier") if isinstance(found, dict) else ""
    return doi[:200] if isinstance(doi, str) and doi.startswith("10.") else ""


def _is_published(deposit):
    """Whether it went through although nobody heard of it."""
    if deposit.step != Deposit.Step.FILLED:
        return False
    try:
        record = client.get(f"/api/records/{deposit.record}")
    except client.NotThere:
        return False
    if not record.get("is_published"):
        return False
    _done(deposit, record)
    return True


def _fill(deposit):
    version = deposit.version
    label = version.page_type.model_class()._meta.label_lower
    metadata, files = _makers[label](version, deposit.doi)
    draft = f"/api/records/{deposit.record}/draft"
    pids = {"doi": {"identifier": deposit.doi, "provider": "datacite", "client": "datacite"}}
    client.put(draft, {
        "access": {"record": "public", "files": "public"}, "files": {"enabled": True},
        "pids": pids, "metadata": metadata,
    })  # fmt: skip
    entries = client.get(f"{draft}/files").get("entries") or []
    there = {each.get("key") for each in entries if each.get("status") == "completed"}
    for name, content in files.items():
        if name not in there:
            client.upload(f"{draft}/files", name, content)
    _keep(deposit, step=Deposit.Step.FILLED)


def _publish(deposit):
    _done(deposit, client.post(f"/api/records/{deposit.record}/draft/actions/publish"))


@transaction.atomic
def _done(deposit, record):
    concept = _doi(record.get("parent") or {})
    _keep(deposit, step=Deposit.Step.DONE, concept_doi=concept, error="")
    if not deposit.sandbox:  # DOIs of a sandbox lead nowhere
        PublishedVersion.objects.filter(pk=deposit.version_id).update(
            doi=deposit.doi, concept_doi=concept
        )
