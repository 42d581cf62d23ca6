"""Addresses of this room's pages."""

from django.urls import path

from luoshi.notices.views import box, channels, language

app_name = "notices"
urlpatterns = [
    path("", box.notices, name="list"),
    path("<int:id>/read/", box.read, name="read"),
    path("read/", box.read_all, name="read_all"),
    path("suggestions/", box.suggestions, name="suggestions"),
    path("suggestions/<int:id>/answer/", box.answer, name="answer"),
    path("language/", language.language, name="language"),
    path("wishes/", channels.wishes, name="wishes"),
    path("robots/", channels.robots, name="robots"),
    path("robots/new/", channels.robot_new, name="robot_new"),
    path("robots/<int:id>/", channels.robot, name="robot"),
    path("robots/<int:id>/step/", channels.robot_step, name="robot_step"),
    path("deliveries/", channels.deliveries, name="deliveries"),
    path("deliveries/<int:id>/again/", channels.delivery_again, name="delivery_again"),
]
