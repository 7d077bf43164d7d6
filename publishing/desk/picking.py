"""What the editor's dialogs ask for: figures, uploads, pages to link to. Staff only; wired up in
`admin`."""

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from .. import images, search
from ..models import Image, publishable_models
from ..richtext import links, pasted
from ..search.words import fold, tokens

PER_PAGE = 24
MAX_PAGES = 20
LEVELS = set("0123456")


@require_safe
def image_pick(request):
    """The figures, newest first: JSON for the editor's dialog, a plain page for everybody else."""
    if not (
        request.user.has_perm("publishing.view_image")
        or request.user.has_perm("publishing.add_image")
    ):
        raise PermissionDenied
    query = request.GET.get("q", "").strip()[:100]
    found = Image.objects.filter(withdrawn=None)
    for word in query.split():
        found = found.filter(
            Q(title__icontains=word) | Q(alt__icontains=word) | Q(credit__icontains=word)
        )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if request.GET.get("format") == "json":
        return JsonResponse(
            {
                "images": [as_json(image) for image in page],
                "more": page.has_next(),
                "total": found.count(),
            }
        )
    context = {
        **admin.site.each_context(request),
        "title": _("Figures"),
        "query": query,
        "page": page,
    }
    context["pictures"] = [(image, images.small(image)) for image in page]
    return TemplateResponse(request, "admin/publishing/image/pick.html", context)


def as_json(image):
    return {
        "id": image.pk,
        "src": image.get_absolute_url(),
        "small": images.small(image),
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
        "credit": ". ".join(part for part in (image.credit, image.licence) if part),
        "by": image.credit,
        "licence": image.licence,
        "caption": image.caption,
        "decorative": image.decorative,
        "title": image.title,
    }


@require_POST
def image_upload(request):
    """Takes one picture; answers with what the editor puts in the text, or with the reason in plain
    words."""
    if not request.user.has_perm("publishing.add_image"):
        return JsonResponse({"error": _("You may not add figures.")}, status=403)
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("No file was sent. Choose a picture first.")}, status=400)
    try:
        image = images.add(
            upload,
            **{
                name: request.POST.get(name, "").replace("\x00", "").strip()
                for name in ("title", "alt", "credit")
            },
        )
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    return JsonResponse(as_json(image), status=201)


@require_safe
def page_pick(request):
    """Pages to link to, for `?q=`: what the public search finds, then drafts and planned pages by
    their title.

    Of each kind of page those who may see its list at the desk are told the drafts.
    """
    kinds = [model for model in publishable_models() if _may_see(request.user, model)]
    if not kinds:
        raise PermissionDenied
    query = request.GET.get("q", "").strip()[:100]
    found = _numbered(kinds, query)
    for entry in search.find(query)[0][: MAX_PAGES * 2]:
        if links.page_at(entry.url) is not None:
            row = {"title": entry.title, "kind": _kind(entry.page_type), "label": entry.label}
            found.setdefault(entry.url, row)
    words = tokens(query)
    for model in kinds:
        for page in model._default_manager.all() if words else ():
            title = fold(page.title)
            if all(word in title for word in words):
                found.setdefault(links.canonical_url(page), _row(page, page.get_state_display()))
    rows = [{"address": address, **row} for address, row in found.items()]
    # What is counted is looked for more often than what is dated.
    first = [capfirst(model._meta.verbose_name) for model in kinds if hasattr(model, "number")]
    rows.sort(key=lambda row: row["kind"] not in first)
    return JsonResponse({"pages": rows[:MAX_PAGES]})


def _numbered(kinds, query):
    """The pages whose number this is, and those under them, by address."""
    number = query.rstrip(".")
    if not number.replace(".", "").isdigit():
        return {}
    wanted = Q(number=number) | Q(number__startswith=f"{number}.")
    numbered = [model for model in kinds if hasattr(model, "number")]
    pages = [page for each in numbered for page in each._default_manager.filter(wanted)[:MAX_PAGES]]
    return {links.canonical_url(page): _row(page, page.number) for page in pages}


def _row(page, label):
    kind = capfirst(page._meta.verbose_name)
    return {"title": page.title, "kind": kind, "label": label}


@require_POST
def paste(request):
    """HTML from the clipboard as what a text may hold, with a word on what was left out."""
    try:
        top = request.POST.get("top", "")
        found = pasted.paste(request.POST.get("html", ""), int(top) if top in LEVELS else 6)
    except pasted.TooLong:
        return JsonResponse({"error": _("It is too long to be pasted with its form.")}, status=413)
    return JsonResponse({"html": found.html, "notices": list(_notices(found))})


def _notices(found):
    if found.pictures:
        count, named = len(found.pictures), "; ".join(filter(None, found.pictures[:10]))
        words = ngettext(
            "%(count)s picture was not pasted. Add it with “Figure”.",
            "%(count)s pictures were not pasted. Add each with “Figure”.",
            count,
        )
        yield " ".join(filter(None, [words % {"count": count}, named]))
    if found.embeds:
        words = _("Not pasted, because readers would ask another site for it: %(names)s")
        yield words % {"names": "; ".join(found.embeds[:10])}
    if found.lost_notes:
        words = ngettext(
            "%(count)s footnote mark came without its words and was left out.",
            "%(count)s footnote marks came without their words and were left out.",
            found.lost_notes,
        )
        yield words % {"count": found.lost_notes}


def _may_see(user, model):
    names = (get_permission_codename(action, model._meta) for action in ("view", "change"))
    return any(user.has_perm(f"{model._meta.app_label}.{name}") for name in names)


def _kind(content_type):
    return capfirst(content_type.model_class()._meta.verbose_name)
