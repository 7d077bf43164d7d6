"""What every form of the desk does so that no word is lost: drafts, one save a press, nothing saved
over unseen.
"""

import copy
import hashlib
import json
import secrets
from contextlib import ExitStack

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from reversion.models import Version

from ..models import EditingDraft, SavedForm
from . import differences, drafts, revisions, stored, words
from .again import keeps_the_form

KEY, BASE, RESTORED = "_form_key", "_base", "_restored"
LONGEST_KEY = 40
LONGEST_ID = 18  # digits that every database takes for a number


class Newer(Exception):
    """Somebody saved a newer version after this form was made; `names` are the fields that are
    stored differently now.
    """

    def __init__(self, names):
        self.names = names


class SavedAlready(Exception):
    """This form was sent twice."""


def key_of(post) -> str:
    key = post.get(KEY, "")
    return key if len(key) <= LONGEST_KEY else ""


class LosesNothing(words.FillsForms):
    """For a ModelAdmin with versions. Its form carries a key of its own and the version it was made
    from.

    Extend `editing_context()` for more of what the form's own bar shows.
    """

    # Milliseconds from a change until it is kept; while she types on, four times as long at most.
    keep_after = 2000
    # Actions that save each thing in a transaction, and a version, of its own.
    one_by_one = ()

    # Addresses

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = self.admin_site.admin_view
        urls = super().get_urls()
        for each in urls:
            if each.name in (f"{name}_add", f"{name}_change"):
                each.callback = keeps_the_form(each.callback)
        return [
            path("drafts/", own(self.draft_keep), name=f"{name}_draft_keep"),
            path("drafts/<int:draft_id>/", own(self.draft_view), name=f"{name}_draft"),
            path(
                "drafts/<int:draft_id>/discard/",
                own(self.draft_discard),
                name=f"{name}_draft_discard",
            ),
            *urls,
        ]

    def _address(self, what, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}", args=args)

    # Drafts

    @method_decorator(require_POST)
    def draft_keep(self, request):
        """Keep what an open form holds; nothing is cleaned or rendered. Gives when, and where it
        can be seen again.
        """
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        key, object_id = key_of(request.POST), request.POST.get("_object", "")
        if not key or not (object_id == "" or object_id.isdecimal()):
            return JsonResponse({"error": _("This form is not known here.")}, status=400)
        draft = self._keep(request, self._allowed(request, object_id), key)
        saved = timezone.localtime(draft.saved)
        return JsonResponse(
            {
                "saved": f"{saved:%H:%M}",
                "see": self._address("draft", draft.pk),
                "restore": self._restoring(draft),
            }
        )

    def _keep(self, request, obj, key):
        return drafts.keep(
            user=request.user,
            model=self.model,
            object_id=obj.pk if obj else None,
            key=key,
            base=request.POST.get(BASE, ""),
            fields=self._words(request),
        )

    def _words(self, request):
        return words.of_post(request.POST)

    def _allowed(self, request, object_id):
        """The thing a draft is of, None for a new one, if this user may change it."""
        if not object_id:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        obj = self.get_object(request, str(object_id))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def _draft(self, request, draft_id):
        draft = EditingDraft.objects.filter(
            pk=draft_id, user=request.user, content_type__app_label=self.opts.app_label,
            content_type__model=self.opts.model_name,
        ).first()  # fmt: skip
        if draft is None:
            raise Http404
        return draft, self._allowed(request, draft.object_id or "")

    def _restoring(self, draft):
        address = (
            self._address("change", draft.object_id) if draft.object_id else self._address("add")
        )
        return f"{address}?draft={draft.pk}"

    def draft_view(self, request, draft_id):
        """What differs between what is stored and what was typed."""
        draft, obj = self._draft(request, draft_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What you typed and did not save"),
            "opts": self.opts,
            "original": obj,
            "draft": draft,
            "changes": differences.of_form(self, request, obj, words.as_post(draft.fields)),
            "restore": self._restoring(draft),
            "discard": self._address("draft_discard", draft.pk),
            "back": self._address("change", obj.pk) if obj else self._address("add"),
            "states": [(each, self._address("draft", each.pk)) for each in drafts.states(draft)],
        }
        return TemplateResponse(request, "admin/editing/draft.html", context)

    @method_decorator(require_POST)
    def draft_discard(self, request, draft_id):
        draft, obj = self._draft(request, draft_id)
        drafts.discard(request.user, draft.key)
        messages.success(request, _("The unsaved words are thrown away."))
        return redirect(self._address("change", obj.pk) if obj else self._address("add"))

    # The form

    def add_view(self, request, form_url="", extra_context=None):
        if self._asks_for_a_gone_draft(request):
            return redirect(request.path)
        request.writes_later = True
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if self._asks_for_a_gone_draft(request):
            return redirect(request.path)
        if request.method == "POST" and self.has_change_permission(request):
            self._keep_first(request, [unquote(object_id)])
        request.writes_later = True
        return super().change_view(request, object_id, form_url, extra_context)

    def _asks_for_a_gone_draft(self, request):
        """It was saved or thrown away since: a save in place, or Back, leads here once more."""
        asked = request.GET.get("draft", "") if request.method == "GET" else ""
        if not asked.isdecimal():
            return False
        mine = EditingDraft.objects.filter(user=request.user)
        return len(asked) > LONGEST_ID or not mine.filter(pk=int(asked)).exists()

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and self.has_change_permission(request):
            self._keep_first(request, request.POST.getlist("_selected_action"))
            request.writes_later = request.POST.get("action") in self.one_by_one
        return super().changelist_view(request, extra_context)

    def _keep_first(self, request, ids):
        """What a page was before its first change at the desk is a version as well."""
        ids = [each for each in ids if each.isdecimal()]
        known = (
            Version.objects.get_for_model(self.model)
            .filter(object_id__in=ids)
            .values_list("object_id", flat=True)
        )
        missing = set(ids) - set(known)
        if missing:
            objects = self.model._base_manager.filter(pk__in=missing)
            revisions.keep_first(objects, _("As it was before its first change here"))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "GET" and request.GET.get("draft", "").isdecimal():
            draft, _obj = self._draft(request, int(request.GET["draft"]))
            request.words, request.draft = words.as_post(draft.fields), draft
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        key = key_of(request.POST)
        request.save_once = (key, _digest(request)) if key else None
        if saved := self._saved_already(request):
            return saved
        try:
            # Not by way of Django's own, which begins a transaction first, and on SQLite takes the
            # lock: what is sent is read, judged and rendered before.
            with ExitStack() as request.writing:
                response = self._changeform_view(request, object_id, form_url, extra_context)
                if isinstance(response, HttpResponseRedirect):
                    self._saved(request, response)
                return response
        except SavedAlready:
            return self._saved_already(request)
        except Newer as newer:
            return self._ask(request, object_id, form_url, extra_context, newer.names)

    def _saved_already(self, request):
        key, digest = request.save_once or ("", "")
        saved = (
            SavedForm.objects.filter(key=key, digest=digest).exclude(address="").first()
            if key
            else None
        )
        return HttpResponseRedirect(saved.address) if saved else None

    def _saved(self, request, response):
        key, digest = request.save_once or ("", "")
        SavedForm.objects.filter(key=key, digest=digest).update(address=response["Location"])
        drafts.discard(request.user, *filter(None, (key, request.POST.get(RESTORED, ""))))

    def _create_formsets(self, request, obj, change):
        request.formsets, inlines = super()._create_formsets(request, obj, change)
        return request.formsets, inlines

    def _begin(self, request, obj, form):
        """Compute what takes long, then begin the transaction of this save, and its version."""
        form.has_changed()  # is asked again by the log, and kept: each text is cleaned for it
        rows = [form.instance for formset in request.formsets for form in _changed(formset)]
        for each in [obj, *rows]:
            getattr(each, "compute", lambda: None)()
        request.writes_later = False
        request.writing.enter_context(transaction.atomic())
        request.writing.enter_context(self.create_revision(request))

    def save_model(self, request, obj, form, change):
        self._begin(request, obj, form)
        self._claim(request)
        if change and request.POST.get(BASE):
            row = self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
            if row is None and not obj._state.adding:  # deleted this very moment
                raise Http404
            now = stored.marks(self, request, row or obj)
            names = stored.changed_since(request.POST[BASE], now)
            if names:
                raise Newer(names)
        super().save_model(request, obj, form, change)

    def _claim(self, request):
        """Whoever sends the same form at the same moment waits here, and then goes where the first
        one went.
        """
        if getattr(request, "save_once", None):
            key, digest = request.save_once
            try:
                with transaction.atomic():
                    SavedForm.objects.create(key=key, digest=digest)
            except IntegrityError:
                raise SavedAlready from None

    def _ask(self, request, object_id, form_url, extra_context, names):
        """The form with her words in it, and above it what else was saved meanwhile."""
        obj = self.get_object(request, unquote(object_id))
        if key := key_of(request.POST):
            self._keep(request, obj, key)
        context = {
            "names": names,
            "newer_by": Version.objects.get_for_object(obj)
            .select_related("revision__user")
            .first(),
        }
        return self._shown_again(request, obj, form_url, {**(extra_context or {}), **context})

    def _shown_again(self, request, obj, form_url, context):
        """The form with what was sent in it, and what that would change."""
        again = copy.copy(request)
        again.method, again.words = "GET", request.POST
        names = context.pop("names", ())
        context |= {
            "newer": differences.of_form(self, again, obj, request.POST, names),
            "stored_address": self._address("change", obj.pk),
            "had_files": bool(request.FILES),
        }
        response = super().changeform_view(again, str(obj.pk), form_url, context)
        response.status_code = 409
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = (
            self.has_change_permission(request, obj) if change else self.has_add_permission(request)
        )
        apart = ("revert", "recover", "is_popup")
        if may and not any(context.get(each) for each in apart):
            context["editing"] = self.editing_context(request, context, obj if change else None)
            # Its bar has the button that saves and stays.
            context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def editing_context(self, request, context, obj):
        """What the form carries and its bar shows. A form that comes back with errors stays the
        same form.
        """
        posted = request.POST if request.method == "POST" or "newer" in context else {}
        draft = getattr(request, "draft", None)
        base = posted.get(BASE) if "newer" not in context else None
        if base is None:
            base = (
                draft.base
                if draft
                else stored.written(stored.marks(self, request, self._fresh(obj)))
                if obj
                else ""
            )
        key = key_of(posted) or secrets.token_urlsafe(15)
        kept = [
            each
            for each in drafts.newest(request.user, self.model, obj.pk if obj else None)
            if each.key != key
        ]
        return {
            "key": key,
            "base": base,
            "restored": draft.key if draft else posted.get(RESTORED, ""),
            "unsaved": bool(posted) or draft is not None,
            "draft": draft,
            "object": obj.pk if obj else "",
            "user": request.user,
            "pause": self.keep_after,
            "keep": self._address("draft_keep"),
            "kept": [
                {"saved": each.saved, "restore": self._restoring(each),
                 "see": self._address("draft", each.pk),
                 "discard": self._address("draft_discard", each.pk)}
                for each in kept if not draft or each.key != draft.key
            ],
        }  # fmt: skip

    def _fresh(self, obj):
        """As it is stored: a form that was sent has put its words into the object it was given."""
        return self.model._base_manager.filter(pk=obj.pk).first() or obj


def _changed(formset):
    gone = getattr(formset, "deleted_forms", ())
    return [form for form in formset.forms if form.has_changed() and form not in gone]


def _digest(request):
    """What a form says, files by name and size: the same words sent twice are one save."""
    fields = {
        name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"
    }
    files = {name: (file.name, file.size) for name, file in request.FILES.items()}
    text = json.dumps([request.path, fields, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
