"""The least that Django can answer: what every figure of `make bench` is a share of."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    SECRET_KEY="bare", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEBUG=False, MIDDLEWARE=[]
)
django.setup()
urlpatterns = [path("", lambda request: HttpResponse("hello"))]
application = get_wsgi_application()
