from django.urls import path

from . import feeds, views
from .commenters import views as commenters_views
from .following import views as following_views
from .moderation import by_mail

app_name = "comments"
urlpatterns = [
    path("<int:pk>/", views.permalink, name="permalink"),
    path("thread/<int:pk>/", views.thread, name="thread"),
    path("feed.atom", feeds.CommentFeed(), name="feed"),
    path("new/<str:label>/<int:pk>/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("sent/", views.sent, name="sent"),
    path("mine/", commenters_views.mine, name="mine"),
    path("mine/comments.json", commenters_views.export, name="export"),
    path("mine/following/", following_views.mine, name="following"),
    path("mine/following/<str:key>/", following_views.key, name="follow-key"),
    path("new/following/<path:key>/", following_views.follow, name="follow"),
    path("confirm/following/<str:key>/", following_views.confirm, name="follow-confirm"),
    path("unsubscribe/following/<str:key>/", following_views.end, name="follow-end"),
    path("mine/<int:pk>/", commenters_views.correct, name="correct"),
    path("mine/<str:signed>/", commenters_views.key, name="key"),
    path("confirm/<str:signed>/", commenters_views.confirm, name="confirm"),
    path("decide/<str:signed>/", by_mail.decide, name="decide"),
    path("unsubscribe/<str:signed>/", commenters_views.unsubscribe, name="unsubscribe"),
]
