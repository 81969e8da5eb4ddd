"""Background work of uploads; see `batches`."""

from django_tasks import task


@task()
def check_import(pk):
    from egov_cms.services.workbook import batches

    batches.check(pk)


@task()
def write_import(pk):
    from egov_cms.services.workbook import batches

    batches.write(pk)
