import json
from pathlib import Path

import yaml
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from egov_cms.search.engines import EngineDown, current_engine, engine_named
from egov_cms.search.evaluation import evaluate


class Command(BaseCommand):
    help = "Measure search with judged queries, in a throw-away index: recall@5 and MRR@10."

    def add_arguments(self, parser):
        parser.add_argument("file", help="YAML with corpus, synonyms and queries")
        parser.add_argument("--engine", choices=["sqlite", "postgres", "elasticsearch"])
        parser.add_argument(
            "--distractors", type=int, default=0, help="generated news items beside the corpus"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, **options):
        if options["distractors"] < 0:
            raise CommandError("--distractors must not be negative.")
        cases = _read(options["file"])
        try:
            engine = engine_named(options["engine"]) if options["engine"] else current_engine()
            report = evaluate(cases, engine, options["distractors"])
        except (ImproperlyConfigured, EngineDown) as error:
            raise CommandError(str(error))
        if options["format"] == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._table(report)

    def _table(self, report):
        rows = [("overall", report["overall"]), *report["classes"].items()]
        width = max(len(name) for name, _scores in rows)
        self.stdout.write(f"{'engine':{width}}  {report['engine']}")
        self.stdout.write(f"{'':{width}}  recall@5  MRR@10")
        for name, scores in rows:
            self.stdout.write(f"{name:{width}}  {scores['recall_at_5']:8.3f}  {scores['mrr_at_10']:6.3f}")
        for query in report["queries"]:
            self.stdout.write(f"{query['id']}: {' '.join(query['top'])}")
        latency = report["latency_ms"]
        self.stdout.write(f"p50 {latency['p50']} ms, p95 {latency['p95']} ms")


def _read(path):
    """Read the judged queries of a file. CommandError with the item and field that is wrong."""
    try:
        cases = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{path} cannot be read: {error}")
    if not isinstance(cases, dict):
        raise CommandError(f"{path}: expected corpus, synonyms and queries.")
    for part, fields in (("corpus", ("id", "lang", "title")), ("queries", ("id", "query", "relevant"))):
        items = cases.get(part)
        if not isinstance(items, list) or not items:
            raise CommandError(f"{path}: {part} is missing or empty.")
        for number, item in enumerate(items, 1):
            missing = [name for name in fields if not isinstance(item, dict) or not item.get(name)]
            if missing:
                raise CommandError(f"{path}: {part}, item {number}: {', '.join(missing)} is missing.")
    return cases
