"""The least that Django can answer: what every figure of `make bench` is a share of. With TOKEN it
reads the generation of all pages from the site's database first, as a kept page has to."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from config.env import database
from publishing.databases.generation import READ

asking = "TOKEN" in os.environ
settings.configure(
    SECRET_KEY="bare", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEBUG=False, MIDDLEWARE=[],
    DATABASES={"default": database(os.environ["DATABASE_URL"], None)} if asking else {},
)  # fmt: skip
django.setup()


def hello(request):
    if asking:
        with connection.cursor() as cursor:
            cursor.execute(READ)
            assert cursor.fetchone()[0]
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
