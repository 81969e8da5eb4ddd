from egov_cms.search.engines.base import Candidates, Engine, EngineDown, Scope
from egov_cms.search.engines.choice import current_engine, database_engine, engine_named

__all__ = ["Candidates", "Engine", "EngineDown", "Scope", "current_engine", "database_engine", "engine_named"]
