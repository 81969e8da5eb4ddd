"""API resources of the catalogue. `register()` is called in `AppConfig.ready()`."""


def register():
    from egov_cms.api import registry
    from egov_cms.services.api.services import ServiceResource

    registry.register("services", ServiceResource)
