"""The forms for what is to be brought in: a file or pasted text, or the number of a work."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing import tasks

from . import several

PASTED = 1_000_000
# What is longer is kept on the disk and read from there, by the task worker where there is one.
READ_NOW = 2 * 1024 * 1024


class ImportForm(forms.Form):
    is_long = False
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "BibTeX, RIS, CSL-JSON, tables (XLSX, CSV or separated by tabs), NBIB or XML of PubMed,"
            " XML of EndNote, and what Web of Science, Scopus, Embase and Ovid export. Which one it"
            " is shows from what is in it."
        ),
        error_messages={"empty": _("The file is empty.")},
    )
    text = forms.CharField(
        label=_("Or paste the text of it"),
        required=False,
        strip=False,
        # No max_length: browsers would cut what is pasted without a word.
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.is_long = bool(file) and file.size > READ_NOW
        most = settings.IMPORT_MAX_BYTES
        if not (self.is_long and tasks.has_worker()):
            most = min(most, settings.IMPORT_MAX_BYTES_AT_ONCE)
        if file and file.size > most:
            limit = filesizeformat(most)
            raise forms.ValidationError(
                gettext(
                    "The file is larger than %(limit)s. Bring it in by pieces, or ask whoever runs "
                    "the site to use the command import_references, which takes files of any size."
                )
                % {"limit": limit}
            )
        return file

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > PASTED:
            raise forms.ValidationError(too_long())
        if len(several.numbers(text)) > several.MOST:
            raise forms.ValidationError(several.too_many())
        return text

    def clean(self):
        values = super().clean()
        if not self.errors and not values.get("file") and not (values.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file or paste some text."))
        return values

    def content(self):
        """The name and the bytes of what was given."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        return gettext("Pasted text"), self.cleaned_data["text"].encode()


def too_long():
    words = gettext(
        "This is more than the %(count)s characters that can be pasted. Save it as a file and"
        " choose that above."
    )
    return words % {"count": number_format(PASTED, force_grouping=True)}


class LookupForm(forms.Form):
    number = forms.CharField(
        label=_("DOI or PMID"),
        max_length=400,
        help_text=_("In any form: 10.1136/ard.11.1.30, a link, PMID 14895157."),
    )
