"""The members of a service in the API, for the responses and the OpenAPI description."""

from __future__ import annotations

from rest_framework import serializers

from egov_cms.services import choices
from egov_cms.services.api.description import described, detailed


class NameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)


class UnitSerializer(serializers.Serializer):
    id = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)


class DurationSerializer(serializers.Serializer):
    """`unit`: minute, hour, working_day or month."""

    min = serializers.IntegerField(allow_null=True)
    max = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)


class FeeSerializer(serializers.Serializer):
    """Amounts are decimal strings in `currency`."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.FeeKind.values)
    label = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    amount_max = serializers.CharField(allow_null=True)
    percent = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    condition = serializers.CharField(allow_null=True)
    law = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class DocumentSerializer(serializers.Serializer):
    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    originals = serializers.IntegerField()
    copies = serializers.IntegerField()
    condition = serializers.CharField(allow_null=True)
    alternative_group = serializers.CharField(allow_blank=True)
    attestation = serializers.CharField()
    issuer = serializers.CharField(allow_null=True)
    issuing_service = serializers.CharField(allow_null=True)


class StepSerializer(serializers.Serializer):
    id = serializers.CharField()
    logic = serializers.ChoiceField(choices.StepLogic.values)
    title = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    actor = serializers.CharField()
    channel = serializers.CharField(allow_blank=True)
    is_visit = serializers.BooleanField()


class ChannelSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.ChannelKind.values)
    url = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField())


class OutputSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.OutputKind.values)
    name = serializers.CharField(allow_null=True)
    validity_value = serializers.IntegerField(allow_null=True)
    validity_unit = serializers.CharField(allow_blank=True)


class PlaceSerializer(serializers.Serializer):
    """What differs at one office or in one governorate; null where nothing differs."""

    governorate = serializers.CharField(allow_null=True)
    office = serializers.CharField(allow_null=True)
    fee = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    duration = DurationSerializer(allow_null=True)
    note = serializers.CharField(allow_null=True)


class PrerequisiteSerializer(serializers.Serializer):
    """A prerequisite of the service; `documents` are the codes of the documents that it issues."""

    service = serializers.CharField()
    documents = serializers.ListField(child=serializers.CharField())


class ServiceSerializer(serializers.Serializer):
    """A service in a list. Texts are in the language of the response, null without a translation."""

    code = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    summary = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices.Status.values)
    ministry = UnitSerializer(allow_null=True)
    unit = UnitSerializer(allow_null=True)
    category = NameSerializer(allow_null=True)
    audiences = NameSerializer(many=True)
    life_events = NameSerializer(many=True)
    governorates = NameSerializer(many=True)
    digital_level = serializers.IntegerField()
    ur_class = serializers.CharField(allow_blank=True)
    is_free = serializers.BooleanField()
    fees = FeeSerializer(many=True)
    duration = DurationSerializer()
    visits = serializers.IntegerField(allow_null=True)
    channels = serializers.ListField(child=serializers.CharField())
    last_reviewed = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()

    def to_representation(self, snapshot):
        return described(snapshot, self.context["view"].language, self.context["request"])


class ServiceDetailSerializer(ServiceSerializer):
    """One service with all its rows, and its title and summary in every language."""

    popular_names = serializers.ListField(child=serializers.CharField())
    requirements = serializers.ListField(child=serializers.DictField())
    documents = DocumentSerializer(many=True)
    needs_no_documents = serializers.BooleanField()
    steps = StepSerializer(many=True)
    channels = ChannelSerializer(many=True)
    outputs = OutputSerializer(many=True)
    laws = serializers.ListField(child=serializers.DictField())
    faqs = serializers.ListField(child=serializers.DictField())
    relations = serializers.ListField(child=serializers.DictField())
    prerequisites = PrerequisiteSerializer(many=True)
    places = PlaceSerializer(many=True)
    translations = serializers.DictField(child=serializers.DictField())

    def to_representation(self, snapshot):
        view, request = self.context["view"], self.context["request"]
        return described(snapshot, view.language, request) | detailed(snapshot, view.language, request)
