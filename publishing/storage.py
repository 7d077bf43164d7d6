from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for our own files; CKEditor asks for its parts by plain name, which stay beside
    them."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # a module asks for another by its hashed name
