"""The living style page: what the site is made of, set with its own templates and sheets, for those who carry on."""

from django.contrib.admin.views.decorators import staff_member_required
from django.shortcuts import render


@staff_member_required
def style(request):
    return render(request, "admin/style.html", {})
