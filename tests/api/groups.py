"""A resource over Django's own groups."""

from django.contrib.auth.models import Group
from rest_framework import serializers

from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import TABLE_FORMATS, JSONLDRenderer, TurtleRenderer
from egov_cms.api.resource import Resource


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ("id", "name")


class GroupResource(Resource):
    """Groups."""

    queryset = Group.objects.all()
    serializer_class = GroupSerializer
    ordering = ("name", "id")
    lookup_value_regex = "[0-9a-z]+"
    list_parameters = {
        "name": Parameter("Exact name.", many=True),
        "kind": Parameter("Kind.", choices=("a", "b")),
        "above": Parameter("Larger ids.", kind="integer", minimum=0, maximum=10_000),
        "broken": Parameter("Fails.", kind="boolean"),
    }
    list_formats = TABLE_FORMATS
    detail_formats = (JSONLDRenderer, TurtleRenderer)

    def get_queryset(self):
        groups = super().get_queryset()
        if self.detail:
            return groups
        if self.query["broken"]:
            raise RuntimeError("as asked")
        if self.query["name"]:
            groups = groups.filter(name__in=self.query["name"])
        if self.query["above"] is not None:
            groups = groups.filter(id__gt=self.query["above"])
        return groups

    def table(self, groups):
        return ["id", "name"], groups.values_list("id", "name").iterator()

    def document(self, groups):
        return {
            "@context": {"title": "http://purl.org/dc/terms/title"},
            "@graph": [{"@id": f"https://example.org/{group.pk}", "title": group.name} for group in groups],
        }
