from django.urls import path

from config.desk import at_desk

urlpatterns = [
    path("login/passkey/", at_desk("config.door.views.passkey"), name="passkey"),
    path("account/", at_desk("config.door.views.account"), name="account"),
    path("account/app/", at_desk("config.door.views.app"), name="account-app"),
    path("account/app/code.svg", at_desk("config.door.views.qr"), name="account-qr"),
    path("account/passkey/", at_desk("config.door.views.add_passkey"), name="account-passkey"),
    path("account/codes/", at_desk("config.door.views.codes"), name="account-codes"),
    path(
        "account/factors/<int:pk>/remove/",
        at_desk("config.door.views.remove"),
        name="account-remove",
    ),
    path("account/sessions/", at_desk("config.door.views.end_sessions"), name="account-sessions"),
]
