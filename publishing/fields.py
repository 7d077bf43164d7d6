"""The one rich-text field. The editor behind it can be swapped here without a migration."""

import json

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.conf import settings
from django.db import models
from django.templatetags.static import static
from django.urls import reverse

from . import links, richtext

EDITOR_PLUGINS = ["reviewcite", "reviewfigure", "reviewvideo", "reviewvoice", "reviewlink"]
TOOLBAR = [
    ["Format", "Bold", "Italic", "Subscript", "Superscript", "RemoveFormat"],
    ["NumberedList", "BulletedList", "Blockquote", "ReviewSource"],
    ["ReviewCite", "Link", "Unlink"],
    ["ReviewFigure", "ReviewVideo", "Table", "ReviewOwn", "ReviewLetter"],
    ["SpecialChar", "Undo", "Redo", "Find", "Maximize", "Source"],
]


def editor_config():
    """CKEditor 4's configuration; what it may produce is richtext's declaration and nothing else."""
    return {
        "toolbar": "Review",
        "toolbar_Review": TOOLBAR,
        "allowedContent": richtext.ckeditor_rules(),
        "format_tags": "p;h2;h3;h4",
        "removePlugins": "preview,codesnippetgeshi,exportpdf,elementspath,image,image2,uploadimage,scayt,wsc,flash,smiley",
        "extraPlugins": ",".join(["autogrow", "widget", "language", *EDITOR_PLUGINS]),
        "language_list": ["en:English", "es:Español", "ca:Català", "fr:Français", "de:Deutsch", "it:Italiano",
                          "ro:Română", "sr:Srpski", "tr:Türkçe", "la:Latina"],  # fmt: skip
        "entities": False,
        "basicEntities": True,
        "fillEmptyBlocks": False,
        "forcePasteAsPlainText": False,
        "pasteFilter": None,
        "disableNativeSpellChecker": False,
        "versionCheck": False,
        "height": 420,
        "autoGrow_minHeight": 420,
        "autoGrow_maxHeight": 900,
        "width": "100%",
        "contentsCss": [static("css/tokens.css"), static("editor/contents.css")],
        "language": "",
    }


class EditorWidget(CKEditorWidget):
    """CKEditor with our plugins, its addresses and the words it needs."""

    def __init__(self, *args, **kwargs):
        kwargs.pop("config_name", None)
        super().__init__(*args, config_name="default", external_plugin_resources=None, **kwargs)

    def _set_config(self):
        self.config = editor_config()
        self.external_plugin_resources = [
            [name, static(f"editor/{name}/").rstrip("/") + "/", "plugin.js"] for name in EDITOR_PLUGINS
        ]
        self.config["reviewUrls"] = {
            "references": reverse("admin:references_pick"),
            "images": reverse("admin:publishing_image_pick"),
            "upload": reverse("admin:publishing_image_upload"),
            "pages": reverse("admin:publishing_page_pick"),
        }
        super()._set_config()

    def format_value(self, value):
        return links.to_addresses(value) if value else value


class RichTextFormField(forms.CharField):
    """Cleans what the editor sends; keeps what the author typed."""

    widget = EditorWidget

    def __init__(self, *args, max_length=None, **kwargs):
        super().__init__(*args, max_length=max_length, strip=False, **kwargs)

    def clean(self, value):
        return links.to_stored(richtext.clean(super().clean(value)))

    def has_changed(self, initial, data):
        return links.to_stored(richtext.clean(data or "")) != (initial or "")


class RichTextField(models.TextField):
    """HTML as richtext declares it, cleaned on every write. Migrations see a TextField."""

    def pre_save(self, model_instance, add):
        value = richtext.clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextFormField, "widget": EditorWidget, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
