from django.urls import path

from egov_cms.search import views

urlpatterns = [
    path("search/", views.results, name="egov_search"),
    path("search/suggest/", views.suggestions, name="egov_search_suggest"),
    path("search/completions/", views.completions, name="egov_search_completions"),
    path("search/opened/", views.opened, name="egov_search_opened"),
    path("search/opensearch.xml", views.opensearch, name="egov_search_description"),
]
