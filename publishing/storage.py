from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for our own files; CKEditor asks for its parts by plain name, which stay beside
    them."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # a module asks for another by its hashed name

    def stored_name(self, name):
        """A page without its style sheets is still a page: /readyz says that they are missing."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name


def private():
    """Files no address leads to."""
    return FileSystemStorage(
        settings.PRIVATE_ROOT, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )
