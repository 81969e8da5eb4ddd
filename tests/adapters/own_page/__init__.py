"""The app of a project that has chosen a base page of its own (Wagtail 8), as Wagtail's documentation tells to make it:
advanced_topics/customization/custom_base_page_models."""
