"""CKEditor's plugins we leave out: from the editor, and from what is served."""

# In CKEditor's own build, and of no use here: they write inline style, ask other machines, or
# upload by themselves.
UNWANTED = [
    "about", "bidi", "colorbutton", "colordialog", "copyformatting", "dialogadvtab", "div",
    "elementspath", "exportpdf", "filebrowser", "flash", "font", "forms", "iframe", "image",
    "image2", "indentblock", "justify", "liststyle", "newpage", "pagebreak", "preview", "print",
    "save", "scayt", "showblocks", "smiley", "stylescombo", "templates", "uploadimage", "wsc",
]  # fmt: skip
# Beside the build, and asked for by nobody.
NOT_ASKED_FOR = [
    "adobeair", "autoembed", "autolink", "bbcode", "codesnippet", "codesnippetgeshi", "devtools",
    "divarea", "docprops", "embed", "embedbase", "embedsemantic", "iframedialog", "mathjax",
    "placeholder", "sharedspace", "sourcedialog", "stylesheetparser", "tableresize", "uicolor",
    "uploadwidget",
]  # fmt: skip
# Paths of files that are neither found nor collected. The last ones are django-ckeditor's own pages
# for browsing uploads, a second skin, and papers.
UNUSED = [
    *(f"ckeditor/ckeditor/plugins/{name}/*" for name in (*UNWANTED, *NOT_ASKED_FOR)),
    "ckeditor/galleriffic/*", "ckeditor/file-icons/*", "ckeditor/ckeditor/adapters/*",
    "ckeditor/ckeditor/skins/moono/*", "ckeditor/ckeditor/*.md", "ckeditor/ckeditor/*.json",
]  # fmt: skip
