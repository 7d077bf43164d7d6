from django.urls import path

from . import register as views

app_name = "names"
urlpatterns = [
    path("", views.register, name="register"),
    path("<str:slug>/", views.name, name="name"),
]
