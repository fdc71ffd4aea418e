from tests.unit.importing.conftest import desk_in, imports

__all__ = ["desk_in", "imports"]
