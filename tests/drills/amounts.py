"""How much a drill does: EGOV_DRILLS=reduced for continuous integration, full for a night or a release."""

import os


def amount(reduced, full):
    return full if os.environ.get("EGOV_DRILLS") == "full" else reduced
