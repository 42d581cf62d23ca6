"""Addresses of this room's pages."""

from django.urls import path

from luoshi.directives.views import intakes, papers, review, shaping

app_name = "directives"
urlpatterns = [
    path("", papers.listing, name="list"),
    path("new/", papers.new, name="new"),
    path("intakes/<int:id>/", intakes.page, name="intake"),
    path("intakes/<int:id>/retry/", intakes.retry, name="intake_retry"),
    path("intakes/<int:id>/cancel/", intakes.cancel, name="intake_cancel"),
    path("<int:id>/", review.page, name="review"),
    path("<int:id>/original/", papers.original, name="original"),
    path("<int:id>/head/", papers.head, name="head"),
    path("<int:id>/withdraw/", papers.withdraw, name="withdraw"),
    path("<int:id>/reread/", papers.reread, name="reread"),
    path("<int:id>/pages/<int:number>/", papers.page_image, name="page_image"),
    path("<int:id>/add/", review.add, name="add"),
    path("<int:id>/sure/", review.sure, name="sure"),
    path("<int:id>/clauses/", review.clauses, name="clauses"),
    path("<int:id>/names/", review.names, name="names"),
    path("<int:id>/proposals/<int:proposal_id>/", review.decide, name="decide"),
    path("<int:id>/proposals/<int:proposal_id>/edit/", shaping.edit, name="edit"),
    path("<int:id>/proposals/<int:proposal_id>/split/", shaping.split, name="split"),
]
