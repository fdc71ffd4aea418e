"""What EXOWATCH_NOW may say."""

import pytest

from exowatch.clock import clock_from
from exowatch.errors import ConfigError


@pytest.mark.parametrize("said", ["x", "2026-99-99", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "1969-12-31"])
def test_a_time_that_is_none_is_a_wrong_setting(said):
    with pytest.raises(ConfigError, match="is not a time"):
        clock_from({"EXOWATCH_NOW": said})
