from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from langmem_server import cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands look; the environment names it."""
    path = tmp_path / "langmem.db"
    monkeypatch.setenv("LANGMEM_DATABASE", str(path))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its status, and what it said on both outputs."""
    status = cli.main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_a_key_alone_is_what_create_prints(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output is the key, so that a script can keep it; what it is goes to stderr."""
    status, out, err = run(capsys, "keys", "create", "web")
    assert status == 0
    assert out.startswith("lmk_")
    assert out.count("\n") == 1
    assert err.endswith("(application) of tenant default. It is shown this once:\n")
    assert out.strip() not in err
    assert database.exists()


def test_keys_are_made_listed_and_revoked(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON of each command holds the record; only create shows the key."""
    _, out, _ = run(capsys, "keys", "create", "web", "--tenant", "acme", "--json")
    made = json.loads(out)
    run(capsys, "keys", "create", "prometheus", "--scope", "metrics")
    status, out, _ = run(capsys, "keys", "revoke", made["id"])
    assert (status, out.startswith(f"API key {made['id']} (web) counts no more")) == (0, True)
    _, again, _ = run(capsys, "keys", "revoke", made["id"])
    assert again == out  # the moment stays
    _, out, _ = run(capsys, "keys", "list", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first == {key: made[key] for key in made if key != "key"} | {
        "revoked_at": first["revoked_at"]
    }
    assert first["revoked_at"] is not None
    assert (second["tenant"], second["scope"], second["revoked_at"]) == ("default", "metrics", None)
    _, out, _ = run(capsys, "keys", "list")
    assert out.splitlines()[0].split() == ["id", "tenant", "scope", "name", "created", "revoked"]
    assert len(out.splitlines()) == 3
    assert made["key"] not in out


@pytest.mark.parametrize("first", [True, False])
def test_the_database_is_named_on_either_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, first: bool
) -> None:
    """`--database` counts before the command and after it."""
    option, command = ["--database", str(tmp_path / "other.db")], ["keys", "create", "web"]
    status, _, _ = run(capsys, *(option + command if first else command + option))
    assert status == 0
    assert (tmp_path / "other.db").exists()


@pytest.mark.parametrize("command", [["list"], ["revoke", "x"]])
def test_what_only_looks_makes_no_file(
    database: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """Where there is no database, a sentence says so with status 1."""
    status, out, err = run(capsys, "keys", *command)
    assert (status, out) == (1, "")
    assert err == (
        f"langmem-server: There is no database {database}: give its path with --database.\n"
    )
    assert not database.exists()


def test_an_unknown_id_is_named(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be revoked is status 1, and nothing else is revoked."""
    run(capsys, "keys", "create", "web")
    status, _, err = run(capsys, "keys", "revoke", "nobody's")
    assert status == 1
    assert "There is no API key nobody's" in err
    _, out, _ = run(capsys, "keys", "list", "--json")
    assert json.loads(out)["revoked_at"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create"], "the following arguments are required: name"),
        (["create", "a b"], "'a b': give 1 to 64 letters, digits, dots, hyphens or underscores"),
        (["create", "x", "--tenant", ""], "argument --tenant: '': give 1 to 64"),
        (["create", "x", "--scope", "all"], "invalid choice: 'all'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_a_misused_command_says_what_is_wrong(
    database: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """A wrong word is status 2 with a sentence, before the database is touched."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["keys", *arguments])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err
    assert not database.exists()


def test_a_copy_brings_back_what_was_there(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Backup writes a copy, restore puts it back and says where the file is that it replaced."""
    run(capsys, "keys", "create", "first")
    copy = tmp_path / "copy.db"
    status, out, _ = run(capsys, "backup", str(copy))
    assert (status, out) == (0, f"The copy is {copy}.\n")
    run(capsys, "keys", "create", "second")
    status, out, _ = run(capsys, "restore", str(copy))
    assert status == 0
    assert out.startswith(f"The database {database} is what {copy} holds.\nWhat it was before is ")
    _, out, _ = run(capsys, "keys", "list", "--json")
    assert [json.loads(line)["name"] for line in out.splitlines()] == ["first"]
    kept = list(tmp_path.glob("langmem.db.replaced-*"))
    assert len(kept) == 1


def test_what_cannot_be_copied_is_a_sentence(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a database, or over a file, nothing is written and the status is 1."""
    copy = tmp_path / "copy.db"
    status, out, err = run(capsys, "backup", str(copy))
    assert (status, out) == (1, "")
    assert "does not exist" in err
    assert not copy.exists()
    copy.write_text("mine")
    run(capsys, "keys", "create", "first")
    status, _, err = run(capsys, "backup", str(copy))
    assert (status, "choose another name" in err, copy.read_text()) == (1, True, "mine")
    status, _, err = run(capsys, "restore", str(copy))
    assert (status, "is not a SQLite database" in err) == (1, True)


def test_vacuum_writes_the_file_anew(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so, and all is there as before."""
    run(capsys, "keys", "create", "first")
    status, out, _ = run(capsys, "vacuum")
    assert (status, out) == (0, f"The database {database} is written anew.\n")
    assert "first" in run(capsys, "keys", "list")[1]
