from django.urls import path

from . import views

urlpatterns = [
    path("login/passkey/", views.passkey, name="passkey"),
    path("account/", views.account, name="account"),
    path("account/app/", views.app, name="account-app"),
    path("account/app/code.svg", views.qr, name="account-qr"),
    path("account/passkey/", views.add_passkey, name="account-passkey"),
    path("account/codes/", views.codes, name="account-codes"),
    path("account/factors/<int:pk>/remove/", views.remove, name="account-remove"),
    path("account/sessions/", views.end_sessions, name="account-sessions"),
]
