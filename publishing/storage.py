from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for our own files; CKEditor asks for its parts by plain name, which stay beside them."""

    manifest_strict = False
