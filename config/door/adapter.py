"""What django-allauth, of which only keys and codes are used, asks the site for."""

import base64
import hashlib
from importlib import import_module
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.functional import SimpleLazyObject

from publishing.models import SiteSettings

fernet = SimpleLazyObject(lambda: import_module("cryptography.fernet"))  # as in factors.py
NOBODY = "0.0.0.0"  # noqa: S104  a request over a socket file that no proxy passed on


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        """Our own middleware has put it there, or the server has."""
        return request.META.get("REMOTE_ADDR") or NOBODY


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text):
        """A dump of the database alone lets nobody make codes: the key is SECRET_KEY."""
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _ciphers().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self):
        return SiteSettings.load().name

    def get_public_key_credential_rp_entity(self):
        """A passkey belongs to a name for ever: the site's own, whatever name it was asked by."""
        return {"id": urlsplit(settings.SITE_URL).hostname, "name": SiteSettings.load().name}


def _ciphers():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return fernet.MultiFernet([fernet.Fernet(_key(each)) for each in keys])


def _key(secret):
    digest = hashlib.sha256(b"config.door:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
