from django.urls import path

from . import name_views as views

app_name = "names"
urlpatterns = [
    path("", views.register, name="register"),
    path("<str:slug>/", views.name, name="name"),
]
