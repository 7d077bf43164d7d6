"""In place of django-simple-captcha's own addresses, under the names it knows."""

from django.urls import path

from . import captcha_views as views

urlpatterns = [
    path("image/<slug:key>/", views.image, name="captcha-image"),
    path("audio/<slug:language>/<slug:key>.wav", views.audio, name="captcha-audio"),
]
