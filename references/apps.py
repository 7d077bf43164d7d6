from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from publishing import checking
from publishing.richtext import links

from .citing import rendering


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = _("References")

    def ready(self):
        works = import_module("references.citing.works")  # needs the models
        answering = import_module("references.notices.answering")
        placing = import_module("references.pictures.placing")
        rendering.register(
            find=works.find, noted=works.noted, answered=answering.told,
            pictures=placing.PicturePass,
        )  # fmt: skip
        Reference = self.get_model("Reference")
        Person = self.get_model("Person")
        links.register(
            "references:reference",
            lambda citekey: Reference.objects.filter(citekey=citekey).first(),
        )
        links.register("references:person", lambda slug: Person.objects.filter(slug=slug).first())
        Name = self.get_model("Name")
        checking.register(
            lambda: (
                (work, filter(None, [work.url, work.full_text_url]))
                for work in Reference.objects.exclude(url="", full_text_url="").iterator(200)
            )
        )
        checking.register(
            lambda: (
                (person, checking.in_html(person.biography))
                for person in Person.objects.exclude(biography="").iterator(200)
            )
        )
        GlossaryTerm = self.get_model("GlossaryTerm")
        links.register("glossary:term", lambda slug: GlossaryTerm.objects.filter(slug=slug).first())
        links.register("names:name", lambda slug: Name.objects.filter(slug=slug).first())
