from publishing.machines.sitemaps import PageSitemap

from ..models import GlossaryTerm, Name, Person, Reference


class ReferenceSitemap(PageSitemap):
    view, key, changed = "references:reference", "citekey", "changed"

    def pages(self):
        return Reference.objects.all()


class PersonSitemap(PageSitemap):
    view, key = "references:person", "slug"

    def pages(self):
        return Person.objects.published()


class NameSitemap(PageSitemap):
    view, key = "names:name", "slug"

    def pages(self):
        return Name.objects.all()


class GlossarySitemap(PageSitemap):
    view, key = "glossary:term", "slug"

    def pages(self):
        return GlossaryTerm.objects.all()
