"""Addresses of this room's pages."""

from django.urls import path

from luoshi.tasks.views import (
    adapting,
    adopting,
    cascading,
    dispatching,
    drafting,
    fanning,
    following,
    handling,
    inflating,
    linting,
    placing,
    planning,
    recalling,
)

app_name = "tasks"
urlpatterns = [
    path("new/", drafting.create, name="create"),
    path("inflations/", inflating.inflations, name="inflations"),
    path("drafts/", dispatching.drafts, name="drafts"),
    path("drafts/edit/", dispatching.bulk, name="bulk"),
    path("drafts/dispatch/", dispatching.dispatch_many, name="dispatch_many"),
    path("from-directive/<int:id>/", dispatching.open_from, name="open"),
    path("from-directive/<int:id>/asked/", adopting.asked, name="asked"),
    path("from-directive/<int:id>/touched/", adopting.touched, name="touched"),
    path("from-directive/<int:id>/proposals/<int:proposal_id>/adopt/", adopting.adopt, name="adopt"),
    path("from-directive/<int:id>/give/", fanning.give_all, name="give_all"),
    path("lint/", linting.lint, name="lint"),
    path("lint/rules/", linting.rules, name="lint_rules"),
    path("from-directive/<int:id>/lint/", linting.directive, name="lint_directive"),
    path("from-directive/<int:id>/proposals/<int:proposal_id>/take/", linting.take_proposed, name="take_proposed"),
    path("<int:id>/take/", linting.take, name="take"),
    path("unit-changes/", following.unit_changes, name="unit_changes"),
    path("<int:id>/edit/", drafting.edit, name="edit"),
    path("<int:id>/dispatch/", dispatching.dispatch, name="dispatch"),
    path("<int:id>/acknowledge/", dispatching.acknowledge, name="acknowledge"),
    path("<int:id>/lead/", dispatching.lead, name="lead"),
    path("<int:id>/withdraw/", dispatching.withdraw, name="withdraw"),
    path("<int:id>/adapt/", adapting.adapt, name="adapt"),
    path("adaptations/<int:id>/", adapting.decide, name="decide_adaptation"),
    path("<int:id>/handler/", handling.handler, name="handler"),
    path("<int:id>/place/", placing.place, name="place"),
    path("<int:id>/tie/", placing.tie, name="tie"),
    path("<int:id>/recall/", recalling.recall, name="recall"),
    path("<int:id>/recall-parts/", recalling.recall_given, name="recall_parts"),
    path("<int:id>/milestones/", planning.milestones, name="milestones"),
    path("<int:id>/cascade/", cascading.cascade, name="cascade"),
]
