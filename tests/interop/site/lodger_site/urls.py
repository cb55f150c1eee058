"""The site's addresses."""

from django.urls import path

from lodger_site import views
from lodger_site.stored.view import stored

urlpatterns = [
    path("django/session", views.session),
    path("django/login", views.login),
    path("django/logout", views.logout),
    path("django/set", views.set_field),
    path("django/append", views.append),
    path("django/count", views.count),
    path("django/expiry", views.expiry),
    path("django/cycle", views.cycle),
    path("django/stored", stored),
]
