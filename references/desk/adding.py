"""Adding one work: first asked for what she has, then a form with the fields of that kind."""

import re
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from publishing import limits, search
from publishing.refusals import marked

from .. import formats, identifiers, matching
from ..formats import citation
from ..formats import names as reading
from ..formats.records import FIELDS, Record
from ..importing import lookup, several
from ..importing.batch import Citekeys
from ..importing.existing import Shelf
from ..importing.forms import ImportForm
from ..importing.pending import hold, record_of_row
from ..importing.reading import begin, forget_old
from ..importing.views import for_the_author
from ..models import Authorship, PendingImport, Person, Reference
from ..vocabulary import CSLType
from .forms import ReferenceForm
from .typefields import fields_of

ROLES = {"authors": "author", "editors": "editor", "translators": "translator"}
OWN = ("reading_state", "tags", "on_lists", "new_list", "pdf", "private_note")
NOT_YET = ("cited_on", "crowd", "another")
MOST_NAMES, MOST_SUGGESTED = 300, 8
_ISBN = re.compile(r"(?:isbn(?:-1[03])?[:\s]*)?(?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dXx]", re.I)


class AskForm(forms.Form):
    what = forms.CharField(
        label=_("What do you have of it?"),
        required=False,
        strip=True,
        help_text=_(
            "A DOI, a PMID, an ISBN, a web address, or a citation copied from a list of references."
            " Several numbers at once, one a line."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autofocus": True}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("Of one work or many, as databases and other programs export them."),
    )

    def clean_what(self):
        text = self.cleaned_data["what"]
        if len(text) > citation.LONGEST and not formats.detect(text.encode()):
            raise ValidationError(_("This is too long for one citation. Paste one work alone."))
        if len(several.numbers(text)) > several.MOST:
            raise ValidationError(several.too_many())
        return text

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("what") and not values.get("file"):
            words = _("Type or paste what you have, choose a file, or go on by hand.")
            raise ValidationError({"what": words})
        return values


@for_the_author
def ask(request):
    """What she has of a work, and where that leads: a look-up, a filled form, a preview."""
    form = AskForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["file"]:
            return _file(request, form)
        if found := several.numbers(form.cleaned_data["what"]):
            pending = hold(request.user, gettext("Pasted numbers"), several.find(found, request))
            return redirect("admin:references_import_preview", pending.pk)
        refusal = limits.hit("look-ups", request)
        if refusal:
            form.add_error("what", str(refusal))
            page = _page(request, form)
            page.status_code = 429
            return marked(page, refusal.wait)
        try:
            return _understood(request, form.cleaned_data["what"])
        except lookup.LookupFailed as error:
            by_hand = several.by_hand(form.cleaned_data["what"])
            form.add_error("what", str(error))
            return _page(request, form, by_hand)
    return _page(request, form)


def _page(request, form, by_hand=""):
    values = {
        **admin.site.each_context(request),
        "title": gettext("Add a work"),
        "opts": Reference._meta,
        "form": form,
        "by_hand": by_hand,
        "kinds": CSLType.choices,
    }
    return TemplateResponse(request, "admin/references/reference/ask.html", values)


def _file(request, form):
    upload = ImportForm({}, {"file": form.cleaned_data["file"]})
    if not upload.is_valid():
        for error in upload.errors.get("file", ()):
            form.add_error("file", error)
        return _page(request, form)
    return redirect("admin:references_import_preview", begin(request.user, upload).pk)


def _understood(request, text):
    """Where what she typed leads to."""
    if formats.detect(text.encode()):
        pending = hold(request.user, gettext("Pasted text"), formats.read(text.encode()))
        return redirect("admin:references_import_preview", pending.pk)
    kind = kind_of(text)
    if kind == "citation":
        found = citation.read(text)
        return _filled(request, text, found.record, found.unsure)
    if kind == "address":
        values = {"type": CSLType.WEBPAGE, "url": text}
        if _is(identifiers.pmcid, text):
            values = {"type": CSLType.ARTICLE_JOURNAL, "pmcid": text}
        return redirect(f"{reverse('admin:references_reference_add')}?{urlencode(values)}")
    if kind == "isbn":
        return _filled(request, text, lookup.find_book(text))
    return _filled(request, text, lookup.find(text))


def kind_of(text):
    """“isbn”, “number” (a DOI or PMID), “address” or “citation”."""
    if re.search(r"10\.\d{4,9}/", text) and not re.search(r"\s", text):
        return "number"
    if re.fullmatch(r"(?:pmid|pubmed)?[:\s]*\d{1,9}", text, re.I) or _is(identifiers.pmid, text):
        return "number"
    if _ISBN.fullmatch(text) and _is(identifiers.isbn, text):
        return "isbn"
    if re.match(r"(?:doi|info)\b[:\s/]*10\.\d{4,9}/\S+$", text, re.I):
        return "number"
    return "address" if re.fullmatch(r"https?://\S+", text, re.I) else "citation"


def _is(clean, text):
    try:
        return bool(clean(text))
    except identifiers.BadIdentifier:
        return False


def _filled(request, text, record, unsure=()):
    """Keep the record for the form that follows; what cannot be kept is typed by hand."""
    record.number = 1
    forget_old()
    pending = hold(request.user, text[:200], [record], looked_up=True)
    if not pending.records.exists():
        reason = pending.refused[0]["reason"] if pending.refused else ""
        pending.delete()
        raise lookup.LookupFailed(reason or gettext("Nothing could be read of this."))
    values = {"from": pending.pk}
    if unsure:
        values["unsure"] = ",".join(sorted(unsure))
    return redirect(f"{reverse('admin:references_reference_add')}?{urlencode(values)}")


def held(request):
    """`(pending, record)` that the form begins with, or `(None, None)`."""
    number = request.GET.get("from", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None, None
    own = PendingImport.objects.filter(user=request.user, report__isnull=True)
    pending = own.filter(pk=number).first()
    row = pending.records.first() if pending else None
    return (pending, record_of_row(row)) if row else (None, None)


def initial_of(record):
    """What the form shows of a record."""
    values = {name: getattr(record, name) for name in FIELDS if getattr(record, name)}
    values.pop("citekey", None)
    for name, role in ROLES.items():
        people = [each for each in record.names if each.role == role]
        values[name] = "; ".join(reading.comma_form(each) for each in people)
    values["tags"] = ", ".join(f'"{tag}"' for tag in record.tags)
    return values


class AddForm(ReferenceForm):
    """The form of a new work: people in one line, the citekey made by itself, and asked once more
    where the library may have the work."""

    authors = forms.CharField(
        label=_("Authors"),
        required=False,
        max_length=20_000,
        help_text=_("Family, Given; Family, Given. A comma at the end marks an organisation."),
    )
    editors = forms.CharField(
        label=_("Editors"), required=False, max_length=20_000, help_text=_("In the same way.")
    )
    translators = forms.CharField(
        label=_("Translators"), required=False, max_length=20_000, help_text=_("In the same way.")
    )
    another = forms.BooleanField(
        label=_("It is another work; add it all the same"),
        required=False,
        help_text=_("Where you have looked at the one you have."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ROLES:
            self.fields[name].widget = forms.TextInput(
                attrs={
                    "class": "vLargeTextField",
                    "spellcheck": "false",
                    "data-people": reverse("admin:references_people_pick"),
                    "data-list": gettext("People of the library"),
                }
            )
        self.fields["citekey"].required = False
        self.fields["citekey"].help_text = _(
            "Its short name in texts and in its address. Empty: first author and year, for example"
            " sutro1935."
        )
        self.names, self.known = [], []
        for name in str(self.initial.get("unsure") or "").split(","):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = (
                    self.fields[name].widget.attrs.get("class", "") + " unsure"
                )
                self.fields[name].help_text = format_html(
                    '<strong class="unsure-note">{}</strong> {}',
                    gettext("Not certain: please check."),
                    self.fields[name].help_text,
                )

    def _people(self, field):
        text = self.cleaned_data.get(field, "")
        pieces = [piece.strip() for piece in text.replace("\n", ";").split(";")]
        found = [reading.person(piece, ROLES[field]) for piece in pieces if piece]
        found = [name for name in found if name]
        if len(found) > MOST_NAMES:
            raise ValidationError(
                _("More than %(count)s people do not fit into this form; import the work instead.")
                % {"count": MOST_NAMES}
            )
        for name in found:
            for part, longest in ((name.family, 150), (name.given, 150), (name.suffix, 20)):
                if len(part) > longest:
                    raise ValidationError(
                        _("“%(name)s…” is too long for a name. Is a semicolon missing?")
                        % {"name": part[:40]}
                    )
        self.names += found
        return text

    def clean_authors(self):
        return self._people("authors")

    def clean_editors(self):
        return self._people("editors")

    def clean_translators(self):
        return self._people("translators")

    def clean_citekey(self):
        return super().clean_citekey() if self.cleaned_data["citekey"] else ""

    def clean(self):
        values = super().clean()
        record = self.record()
        if not values.get("citekey") and "citekey" not in self.errors:
            values["citekey"] = _free_citekey(record)
        if self.errors or values.get("another"):
            return values
        self.known = known(record)
        for held_work, judgement in self.known:
            self.add_error(None, said_of(held_work, judgement))
        return values

    def record(self):
        """What was typed as a record, to be compared."""
        record = Record(names=list(self.names))
        for name in FIELDS:
            if self.cleaned_data.get(name) not in (None, ""):
                setattr(record, name, self.cleaned_data[name])
        record.season = int(record.season) if record.season else None
        try:
            record.isbn = identifiers.isbn(record.isbn)
        except identifiers.BadIdentifier:
            record.isbn = ""
        return record


def _free_citekey(record):
    keys = Citekeys()
    keys.load([record])
    return keys.take(record)


def known(record):
    """`(work, judgement)` of the works of the library that this is, or perhaps is."""
    shelf = Shelf()
    shelf.load([record])
    try:
        match = shelf.match(record)
    except ValidationError:
        return []
    if match.held:
        return [(match.held.reference, match.judgement)]
    return [(each.reference, judgement) for each, judgement in match.perhaps]


def said_of(work, judgement):
    """“You have this already: …”, with the way there and the reason."""
    words = (
        gettext("You have this already: %(work)s (%(reason)s).")
        if judgement.verdict == matching.SAME
        else gettext("Perhaps you have this already: %(work)s (%(reason)s).")
    )
    link = format_html(
        '<a href="{}">{}</a>', reverse("admin:references_reference_change", args=[work.pk]), work
    )
    return format_html(words % {"work": "{}", "reason": "{}"}, link, judgement.reason)


def fieldsets_of(kind, everything):
    """The fieldsets of the form for a kind of work; `everything` is all the fields a work has."""
    shown = fields_of(kind)
    everything = [*everything, *ROLES]
    more = [name for name in everything if name not in shown and name != "type"]
    rest = [name for name in more if name not in OWN and name not in NOT_YET]
    return [
        (_("The work"), {"fields": (*shown, "type"), "classes": ("work",)}),
        (_("Copy, subjects and lists"), {"fields": OWN, "classes": ("work",)}),
        (_("More fields"), {"fields": rest, "classes": ("collapse", "work", "more")}),
    ]


def put_people(reference, names):
    """The people of a new work in their order; who is in the register already is that person.
    Gives those who were not."""
    shelf = Shelf()
    shelf.load_people([Record(names=names)])
    people = [(shelf.person(name), name.role) for name in names]
    new = []
    for person, _role in people:
        if person.pk is None:
            person.save()
            new.append(person)
    Authorship.objects.bulk_create(
        Authorship(reference=reference, person=person, role=role, position=position)
        for position, (person, role) in enumerate(people, 1)
    )
    return new


def said_of_people(new):
    """“New in the register: Herz, R. There is also Herz, Ralph.”, for those much like somebody."""
    for person in new:
        others = Person.objects.filter(family=person.family, given__istartswith=person.given[:1])
        others = others.exclude(pk__in=[each.pk for each in new])[:3]
        if names := "; ".join(map(str, others)):
            words = gettext("New in the register: %(new)s. There is also: %(others)s.")
            yield words % {"new": str(person).rstrip("."), "others": names.rstrip(".")}


@require_safe
def people_pick(request):
    """People of the register whose name begins with what was typed, as the form writes them."""
    if not request.user.has_perm("references.view_reference"):
        raise PermissionDenied
    typed = search.fold(" ".join(request.GET.get("q", "")[:100].replace(",", " ").split()))
    found = Person.objects.filter(sort_key__startswith=typed).order_by("sort_key", "pk")
    rows = found[:MOST_SUGGESTED] if len(typed) > 1 else []
    names = [f"{each.family}," if each.literal else str(each) for each in rows]
    return JsonResponse({"people": names})
