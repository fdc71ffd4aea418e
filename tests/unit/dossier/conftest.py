from tests.unit.importing.conftest import desk_in, imports
from tests.unit.seal.conftest import sealed, sealed_folder

__all__ = ["desk_in", "imports", "sealed", "sealed_folder"]
