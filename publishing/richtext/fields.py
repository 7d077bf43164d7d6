"""The one rich-text field. The editor behind it can be swapped here without a migration."""

from typing import Any

from ckeditor.widgets import CKEditorWidget
from django import forms
from django.db import models
from django.templatetags.static import static
from django.urls import reverse

from .. import images
from ..licences import LICENCES
from . import elements, links, sanitise, videos
from .editor_parts import UNWANTED

EDITOR_PLUGINS = [
    "reviewdesk", "reviewcite", "reviewnote", "reviewfigure", "reviewvideo", "reviewpicture",
    "reviewvoice", "reviewconsent", "reviewlink", "reviewpaste",
]  # fmt: skip
TOOLBAR = [
    ["Format", "Bold", "Italic", "Subscript", "Superscript", "RemoveFormat", "Language"],
    ["NumberedList", "BulletedList", "Outdent", "Indent", "Blockquote", "ReviewSource"],
    ["Link", "Unlink", "Table", "SpecialChar"],
    [
        "ReviewCite",
        "ReviewNote",
        "ReviewFigure",
        "ReviewVideo",
        "ReviewPicture",
        "ReviewTranscript",
    ],
    ["ReviewClaim", "ReviewOwn", "ReviewLetter", "ReviewConsent"],
    ["Undo", "Redo", "Find", "Maximize", "Source"],
]
LANGUAGES = [
    "en:English", "es:Español", "ca:Català", "fr:Français", "de:Deutsch", "it:Italiano",
    "pt:Português", "ro:Română", "sr:Srpski", "tr:Türkçe", "la:Latina",
]  # fmt: skip


def editor_config() -> dict[str, Any]:
    """CKEditor 4's configuration; what it may produce is richtext's declaration and nothing
    else."""
    return {
        "toolbar": "Review",
        "toolbar_Review": TOOLBAR,
        "allowedContent": elements.ckeditor_rules(),
        "pasteFilter": elements.paste_rules(),
        "format_tags": "p;h2;h3;h4",
        "removePlugins": ",".join(UNWANTED),
        "extraPlugins": ",".join(["autogrow", "widget", *EDITOR_PLUGINS]),
        "removeDialogTabs": "link:advanced;link:target;link:upload",
        "linkShowTargetTab": False,
        "linkShowAdvancedTab": False,
        "linkDefaultProtocol": "https://",
        "language_list": LANGUAGES,
        "entities": False,
        "fillEmptyBlocks": False,
        "disableNativeSpellChecker": False,
        "versionCheck": False,
        "dialog_noConfirmCancel": True,
        "customConfig": "",
        "stylesSet": False,
        "title": False,
        "height": 420,
        "autoGrow_minHeight": 420,
        "autoGrow_maxHeight": 900,
        "autoGrow_onStartup": True,
        "width": "100%",
        "contentsCss": [static("css/tokens.css"), static("editor/contents.css")],
        "reviewLicences": [[value, str(words)] for value, words in LICENCES],
        "reviewVideoHosts": sorted(videos.hosts()),
        "reviewCaption": elements.caption_rules(),
    }


def editor_urls() -> dict[str, str]:
    """What the plugins' dialogs ask."""
    return {
        "references": reverse("admin:references_pick"),
        "pictures": reverse("admin:references_picture_pick"),
        "images": reverse("admin:publishing_image_pick"),
        "upload": reverse("admin:publishing_image_upload"),
        "pages": reverse("admin:publishing_page_pick"),
        "paste": reverse("admin:publishing_paste"),
        "consents": reverse("admin:publishing_consent_pick"),
        "consent": reverse("admin:publishing_consent_make"),
        "work": reverse("admin:references_make"),
        "describe": reverse("admin:publishing_image_describe"),
    }


class EditorWidget(CKEditorWidget):
    """CKEditor with our plugins, its addresses and the words it needs."""

    def _set_config(self) -> None:
        self.config = {**editor_config(), "reviewUrls": editor_urls()}
        self.external_plugin_resources = [
            [name, static(f"editor/{name}/"), "plugin.js"] for name in EDITOR_PLUGINS
        ]
        super()._set_config()

    def format_value(self, value: str | None) -> str | None:
        return images.with_files_of_now(links.to_addresses(value)) if value else value


class RichTextFormField(forms.CharField):
    """Cleans what the editor sends; keeps what the author typed."""

    widget = EditorWidget

    def __init__(self, *args: Any, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, strip=False, **kwargs)

    def clean(self, value: Any) -> str:
        return links.to_stored(sanitise.clean(super().clean(value)))

    def bound_data(self, data: str | None, initial: str | None) -> str:
        # What was typed is cleaned before it is shown again, wherever it was kept meanwhile.
        return sanitise.clean(data or "")

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        return links.to_stored(sanitise.clean(data or "")) != (initial or "")


class RichTextField(models.TextField):
    """HTML as richtext declares it, cleaned on every write. Migrations see a TextField."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sanitise.clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field:
        # The admin proposes its own large text box for every TextField.
        return super().formfield(
            **{**kwargs, "form_class": RichTextFormField, "widget": EditorWidget}
        )

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
