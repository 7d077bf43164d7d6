from django.urls import path

from . import views

app_name = "kept"
urlpatterns = [path("<str:slug>/", views.answer, name="answer")]
