from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import RoutePattern

from comments.feeds import PageCommentFeed
from comments.nominating.views import nominate
from publishing.views import card, media

from . import views
from .desk import DeskResolver, at_desk
from .feeds import TagFeed

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-<str:name>-<int:number>.xml", views.sitemap_part, name="sitemap-part"),
    path(".well-known/security.txt", views.security, name="security"),
    path("captcha/", include("comments.captcha_urls")),
    path("cards/<str:digest>.png", card, name="card"),
    path("cards/<str:label>/<int:pk>/<str:digest>.png", card, name="card"),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", media, name="media"))

# Every address also answers below /es/ and /ca/, with the interface in that language.
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("tags/<str:slug>/", views.tag, name="tag"),
    path("tags/<str:slug>/feed.atom", TagFeed(), name="tag-feed"),
    path("feed.atom", views.SiteFeed(), name="feed"),
    path("review/", include("review.urls")),
    path("whats-new/", include("review.versions.urls")),
    path("in-short/", include("review.short.urls")),
    path("references/nominate/", nominate, name="nominate"),
    path("references/", include("references.urls")),
    path("names/", include("references.browsing.register_urls")),
    path("glossary/", include("references.browsing.glossary_urls")),
    path("blog/", include("blog.urls")),
    path("comments/", include("comments.urls")),
    path("<path:path>/comments.atom", PageCommentFeed(), name="page-comments"),
    path("questions/", views.questions, name="questions"),
    path("questions/ask/", views.ask, name="ask"),
    path("questions/answered/", views.answered, name="answered"),
    path("questions/", include("comments.kept.urls")),
    path("privacy/", views.privacy, name="privacy"),
    path("legal/", views.legal, name="legal"),
    path("preview/<str:signed>/", at_desk("publishing.desk.preview.shared"), name="shared-preview"),
    path("admin/again/", at_desk("publishing.desk.again.again"), name="again"),
    path("admin/style/", at_desk("config.style.style"), name="style"),
    *(
        path(
            f"admin/review/chapter/<int:pk>/chapter.{ending}",
            admin.site.admin_view(at_desk("config.moving.desk.chapter_file")),
            {"ending": ending},
            name=f"chapter-{ending}",
        )
        for ending in ("docx", "xml")
    ),
    path("admin/", include("config.door.urls")),
    DeskResolver(RoutePattern("admin/"), admin.site),
    prefix_default_language=False,
)
