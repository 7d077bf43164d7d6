from publishing.machines.sitemaps import PageSitemap

from ..models import Name, Person, Reference


class ReferenceSitemap(PageSitemap):
    def items(self):
        return Reference.objects.only("citekey", "changed", "year", "sort_key")

    def lastmod(self, item):
        return item.changed


class PersonSitemap(PageSitemap):
    lastmod = None

    def items(self):
        return Person.objects.only("slug", "family", "given")


class NameSitemap(PageSitemap):
    lastmod = None

    def items(self):
        return Name.objects.only("slug", "title")
