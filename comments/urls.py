from django.urls import path

from . import decide, feeds, views, views_own

app_name = "comments"
urlpatterns = [
    path("<int:pk>/", views.permalink, name="permalink"),
    path("thread/<int:pk>/", views.thread, name="thread"),
    path("feed.atom", feeds.CommentFeed(), name="feed"),
    path("new/<str:label>/<int:pk>/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("sent/", views.sent, name="sent"),
    path("mine/<str:signed>/", views_own.mine, name="mine"),
    path("mine/<str:signed>/comments.json", views_own.export, name="export"),
    path("mine/<str:signed>/<int:pk>/", views_own.correct, name="correct"),
    path("confirm/<str:signed>/", views_own.confirm, name="confirm"),
    path("decide/<str:signed>/", decide.decide, name="decide"),
    path("unsubscribe/<str:signed>/", views_own.unsubscribe, name="unsubscribe"),
]
