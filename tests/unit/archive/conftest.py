import pytest

from exowatch.archive.write import WarcWriter
from tests.unit.archive.exchanges import AT, RUN


@pytest.fixture
def writer(tmp_path):
    made = WarcWriter(tmp_path, RUN, lambda: AT)
    yield made
    made.close()
