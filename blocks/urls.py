from django.urls import include, path

from blocks import views

table_patterns = [path("blocks/table/<int:page_id>/<slug:block_id>.csv", views.table_csv, name="table_csv")]

root_urlpatterns = [path("", include((table_patterns, "egov_blocks")))]
