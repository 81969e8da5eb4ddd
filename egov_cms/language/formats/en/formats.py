from egov_cms.language.formats import *  # noqa: F403
