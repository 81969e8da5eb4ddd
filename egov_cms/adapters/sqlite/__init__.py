"""Django's backend of SQLite for a site with several processes: `"ENGINE": "egov_cms.adapters.sqlite"` (`base`)."""
