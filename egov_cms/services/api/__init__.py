"""The catalogue for programs. `register()` is called while apps are made ready."""


def register():
    from egov_cms.api import registry
    from egov_cms.services.api.services import ServiceResource

    registry.register("services", ServiceResource)
