from publishing.machines.sitemaps import PublishableSitemap

from ..models import KeptAnswer


class KeptAnswerSitemap(PublishableSitemap):
    view, key = "kept:answer", "slug"

    def pages(self):
        return KeptAnswer.objects.published()
