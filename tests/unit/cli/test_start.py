import json
import shutil
import subprocess
import sys

import pytest

#: Run a command and say, once it has ended, which packages it imported.
TELL = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps([name for name in sys.modules if "." not in name]), file=sys.stderr))
from exowatch.cli import main
main()
"""
#: What reads pages, crawls, draws or prints: no question to the database needs them.
READING = {"scrapy", "twisted", "lxml", "numpy", "sklearn", "weasyprint", "playwright", "PIL", "py3langid", "jinja2"}
#: What describes itself needs nothing but Click.
ANYTHING = READING | {"sqlalchemy", "alembic", "pydantic", "yaml", "apscheduler", "rich"}


def imported(folder, *words):
    done = subprocess.run(
        [sys.executable, "-c", TELL, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert "remedy" not in done.stderr
    return set(json.loads(done.stderr.splitlines()[-1])), done.stdout


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_the_program_describes_itself_without_importing_its_rooms(tmp_path, word):
    names, shown = imported(tmp_path, word)
    assert "exowatch" in shown
    assert "click" in names
    assert not names & ANYTHING


@pytest.mark.parametrize("words", [("status",), ("flags",), ("claims", "--format", "csv"), ("changes",)])
def test_a_question_to_the_database_imports_nothing_that_reads_or_prints(tmp_path, sqlite_template, words):
    shutil.copy(sqlite_template, tmp_path / "exowatch.db")
    (tmp_path / "exowatch.toml").write_text('[crawl]\ncontact = "desk@example.org"\n')
    names, _ = imported(tmp_path, *words)
    assert "sqlalchemy" in names
    assert not names & READING
