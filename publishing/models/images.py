"""Figures."""

import re
from functools import partial

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import images
from ..licences import BY_PERMISSION
from ..richtext.fields import RichTextField
from ..versions import withdrawing
from .next_versions import NextVersion
from .settings_words import FigureInOtherLanguages
from .versions import PublishedVersion


class ImageQuerySet(models.QuerySet):
    INCOMPLETE = (
        Q(alt="", decorative=False)
        | Q(credit="")
        | Q(licence="")
        | Q(licence=BY_PERMISSION) & (Q(permission_by="") | Q(permission_given=None))
    )

    def incomplete(self):
        """Those that lack what `Image.missing()` names."""
        return self.filter(self.INCOMPLETE, withdrawn=None)

    def unused(self):
        """Those that nothing shows, neither a page nor a next version."""
        found = self
        for model, shown in _places(OuterRef("file"), OuterRef("pk"), self.model):
            found = found.exclude(Exists(model._base_manager.filter(shown)))
        past = self.model._meta.get_field("past").related_model.objects
        for model, shown in _places(OuterRef("name"), OuterRef("image"), self.model):
            used = past.filter(Exists(model._base_manager.filter(shown)))
            found = found.exclude(pk__in=used.values("image"))
        kept = {
            name
            for row in NextVersion.objects.all()
            for name in [*FILE.findall(str(row.fields)), *row.fields.get("cover", ())]
        }
        numbers = [each for each in kept if each.isdecimal()]
        return found.exclude(Q(file__in=kept) | Q(past__name__in=kept) | Q(pk__in=numbers))

    def of_text(self, *texts):
        """The figures whose file, of now or of before, stands in a text."""
        names = {name for text in texts for name in FILE.findall(text or "")}
        if not names:
            return self.none()
        return self.filter(Q(file__in=names) | Q(past__name__in=names)).distinct()


FILE = re.compile(rf"{images.FOLDER}/[\w.-]+")


def _is_part(relation):
    """Whether it says that a row belongs to a figure, and not that something shows it."""
    return relation.remote_field.on_delete is models.CASCADE


def _places(name, pk, image_model):
    """`(model, Q)` of what shows a figure by its file's name or its number."""
    for model in apps.get_models():
        shown = Q(pk=None)
        for each in model._meta.concrete_fields:
            if isinstance(each, RichTextField):
                shown |= Q(**{f"{each.name}__contains": name})
            elif each.related_model is image_model and not _is_part(each):
                shown |= Q(**{each.name: pk})
        if shown != Q(pk=None):
            yield model, shown
    yield PublishedVersion, Q(body_html__contains=name)


class Image(FigureInOtherLanguages):
    file = models.ImageField(
        _("file"), width_field="width", height_field="height", max_length=200, unique=True
    )
    title = models.CharField(_("name"), max_length=200, help_text=_("For you, to find it again."))
    alt = models.TextField(
        _("description"),
        blank=True,
        help_text=_(
            "The alternative text: in a sentence or two, what the figure shows, for readers who"
            " cannot see it."
        ),
    )
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("It says nothing the text does not: no description is read out."),
    )
    line_drawing = models.BooleanField(
        _("line drawing"),
        default=False,
        help_text=_(
            "Lines on a white ground: in dark page colours it is shown as light lines on dark."
            " Never for a photograph."
        ),
    )
    caption = models.TextField(
        _("caption"),
        blank=True,
        max_length=2000,
        help_text=_("Proposed when you put it into a text; there you can change it."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=300,
        blank=True,
        help_text=_("Who made it, or the article it is from."),
    )
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("For example: CC BY 4.0.")
    )
    permission_by = models.CharField(
        _("permission given by"),
        max_length=200,
        blank=True,
        help_text=_("For you alone: the holder of the rights who allowed it."),
    )
    permission_given = models.DateField(_("permission given on"), null=True, blank=True)
    consent = models.ForeignKey(
        "publishing.Consent",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pictures",
        verbose_name=_("patient's consent"),
        help_text=_(
            "Where a person can be recognised. When the consent is taken back, the picture is"
            " withdrawn from every page."
        ),
    )
    focus_x = models.PositiveSmallIntegerField(
        _("what matters, from the left"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent. Where the picture is cropped, this point stays in sight."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("what matters, from the top"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent. Leave both empty, and it is never cropped."),
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    widths = models.JSONField(editable=False, default=list)
    # `{extension: [width, …]}` of the modern formats; None until they are made.
    modern = models.JSONField(editable=False, null=True, default=None)
    withdrawn = models.DateField(_("withdrawn on"), null=True, editable=False)
    # `{name below MEDIA: name in the private folder}` while it is withdrawn.
    put_away = models.JSONField(editable=False, default=dict)
    added = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-added", "-pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return settings.MEDIA_URL + self.file.name

    def clean(self):
        super().clean()
        if (self.focus_x is None) != (self.focus_y is None):
            raise ValidationError(
                {"focus_y": _("Give both numbers of the point that matters, or none.")}
            )
        if self.decorative and self.alt.strip():
            raise ValidationError(
                {"decorative": _("It has a description: take it out, or the tick here.")}
            )
        if self.consent_id and self.consent.withdrawn and not self.withdrawn:
            raise ValidationError({"consent": _("This consent was taken back.")})

    @property
    def focus(self):
        """`(from the left, from the top)` in per cent; None where it must not be cropped."""
        return (
            None if self.focus_x is None or self.focus_y is None else (self.focus_x, self.focus_y)
        )

    def missing(self):
        """What is not said of it yet, in words."""
        said = [
            (self.alt or self.decorative, _("description")),
            (self.credit, _("credit")),
            (self.licence, _("licence")),
            (
                self.licence != BY_PERMISSION or (self.permission_by and self.permission_given),
                _("who gave permission, and when"),
            ),
        ]
        return [str(words) for known, words in said if not known]

    def names_known(self):
        """The names its file has and had."""
        return [self.file.name, *self.past.values_list("name", flat=True)]

    def used_in(self):
        """Everything that shows this figure: texts that hold its file, pages that have it as their
        cover, pages whose next version does."""
        found, names = {}, self.names_known()
        for name in names:
            for model, shown in _places(name, self.pk, Image):
                found.update({(model, obj.pk): obj for obj in model._base_manager.filter(shown)})
        for row in NextVersion.objects.select_related("content_type"):
            text = str(row.fields)
            if any(name in text for name in names) or str(self.pk) in row.fields.get("cover", ()):
                model = row.content_type.model_class()
                obj = model and model._base_manager.filter(pk=row.object_id).first()
                if obj:
                    found[model, obj.pk] = obj
        return list(found.values())

    def kept_by(self):
        """What forbids deleting it. Published versions do not: a notice can stand in them."""
        return [each for each in self.used_in() if not isinstance(each, PublishedVersion)]

    def show_again(self):
        """Every page that shows it is written anew; published versions follow."""
        for page in self.used_in():
            if hasattr(page, "rerender"):
                page.rerender()
        withdrawing.follow_picture(self)

    def files_kept(self):
        """The files that belong to it, as the trash names them."""
        shown = [] if self.withdrawn else [["media", name] for name in images.names(self)]
        return [*shown, *(["private", name] for name in self.private_files())]

    def private_files(self):
        """The names of its files in the private folder: withdrawn ones, those of before."""
        kept = [self.put_away, *self.past.values_list("kept", flat=True)]
        return [name for each in kept for name in each.values()]

    def delete(self, *args, **kwargs):
        """Refused while a page shows it; else its files go with it, and in published versions a
        notice stands in its place."""
        if users := self.kept_by():
            raise models.ProtectedError(
                _("This figure is used in: %s") % ", ".join(map(str, users)), set(users)
            )
        private = self.private_files()
        with transaction.atomic():
            withdrawing.forget_picture(self)
            result = super().delete(*args, **kwargs)
            transaction.on_commit(partial(images.remove, self, private))
        return result


class ImageFile(models.Model):
    """A file a figure had before it was replaced: its name still means the figure, in texts and
    versions that hold it.

    `kept`: `{name below MEDIA: name in the private folder}`, empty once its time is up.
    """

    image = models.ForeignKey(Image, models.CASCADE, related_name="past")
    name = models.CharField(max_length=200, unique=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    widths = models.JSONField(default=list)
    modern = models.JSONField(null=True, default=None)
    kept = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("earlier file of a figure")
        verbose_name_plural = _("earlier files of figures")

    def __str__(self):
        return self.name
