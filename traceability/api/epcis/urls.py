"""Addresses of EPCIS 2.0, under /epcis/v2/. Names of things are URIs with slashes, escaped or not."""

from django.urls import path, register_converter

from traceability.api.epcis import capture, queries, resources


class ResourceConverter:
    """The kinds of top-level resources."""

    regex = "|".join(resources.PARAMETERS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ResourceConverter, "resource")

urlpatterns = [
    path("", resources.Root.as_view(), name="epcis"),
    path("capture", capture.Capture.as_view(), name="epcis-capture"),
    path("capture/<uuid:capture>", capture.CaptureJob.as_view(), name="epcis-capture-job"),
    path("events", capture.Events.as_view(), name="epcis-events"),
    path("events/<path:event_id>", capture.OneEvent.as_view(), name="epcis-event"),
    path("queries", queries.Queries.as_view(), name="epcis-queries"),
    path("queries/<str:name>", queries.OneQuery.as_view(), name="epcis-query"),
    path("queries/<str:name>/events", queries.EventsOfQuery.as_view(), name="epcis-query-events"),
    path("queries/<str:name>/subscriptions", queries.Subscriptions.as_view(), name="epcis-subscriptions"),
    path(
        "queries/<str:name>/subscriptions/<uuid:subscription>",
        queries.OneSubscription.as_view(),
        name="epcis-subscription",
    ),
    path("nextPageToken/<str:token>", queries.NextPageToken.as_view(), name="epcis-next-page-token"),
    path("<resource:resource>", resources.Resources.as_view(), name="epcis-resources"),
    path("<resource:resource>/<path:name>/events", resources.EventsOfResource.as_view(), name="epcis-resource-events"),
    path("<resource:resource>/<path:name>", resources.OneResource.as_view(), name="epcis-resource"),
]
