"""A page of the library's desk that is no list and no form of the admin's."""

from django.contrib import admin
from django.template.response import TemplateResponse

from ..models import Reference


def library_page(request, name, title, **context):
    values = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Reference._meta,
        **context,
    }
    return TemplateResponse(request, f"admin/references/reference/{name}.html", values)
