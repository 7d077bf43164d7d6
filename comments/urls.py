from django.urls import path

from . import views

app_name = "comments"
urlpatterns = [
    path("<int:pk>/", views.permalink, name="permalink"),
    path("new/<str:label>/<int:pk>/", views.new, name="new"),
    path("sent/", views.sent, name="sent"),
]
