from click.testing import CliRunner

from exowatch.cli import command


def test_looking_makes_no_database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exowatch.toml").write_text("")
    told = CliRunner().invoke(command, ["doctor"])
    assert "database: none yet" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["exowatch.toml"]
