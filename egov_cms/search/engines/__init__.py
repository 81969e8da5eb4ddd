from egov_cms.search.engines.base import Engine, EngineDown, Matches
from egov_cms.search.engines.choice import current_engine, database_engine, engine_named

__all__ = ["Engine", "EngineDown", "Matches", "current_engine", "database_engine", "engine_named"]
