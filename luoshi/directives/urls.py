"""Addresses of this room's pages."""

from django.urls import path

from luoshi.directives.views import assistant, gains, intakes, papers, review, shaping

app_name = "directives"
urlpatterns = [
    path("", papers.listing, name="list"),
    path("new/", papers.new, name="new"),
    path("intakes/<int:id>/", intakes.page, name="intake"),
    path("intakes/<int:id>/retry/", intakes.retry, name="intake_retry"),
    path("intakes/<int:id>/cancel/", intakes.cancel, name="intake_cancel"),
    path("columns/", gains.remembered, name="remembered"),
    path("columns/<int:id>/forget/", gains.forget, name="forget"),
    path("<int:id>/", review.page, name="review"),
    path("<int:id>/original/", papers.original, name="original"),
    path("<int:id>/head/", papers.head, name="head"),
    path("<int:id>/withdraw/", papers.withdraw, name="withdraw"),
    path("<int:id>/reread/", papers.reread, name="reread"),
    path("<int:id>/pages/<int:number>/", papers.page_image, name="page_image"),
    path("<int:id>/add/", review.add, name="add"),
    path("<int:id>/model/", assistant.ask, name="model"),
    path("<int:id>/sure/", review.sure, name="sure"),
    path("<int:id>/clauses/", review.clauses, name="clauses"),
    path("<int:id>/names/", review.names, name="names"),
    path("<int:id>/names/all/", gains.name_all, name="name_all"),
    path("<int:id>/columns/", gains.columns, name="columns"),
    path("<int:id>/goals/<int:goal_id>/", gains.goal, name="goal"),
    path("<int:id>/versions/", gains.versions, name="versions"),
    path("<int:id>/supersedes/", gains.supersedes, name="supersedes"),
    path("<int:id>/proposals/<int:proposal_id>/", review.decide, name="decide"),
    path("<int:id>/proposals/<int:proposal_id>/edit/", shaping.edit, name="edit"),
    path("<int:id>/proposals/<int:proposal_id>/split/", shaping.split, name="split"),
]
