"""The arguments and options that commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import typer


class MessageFormat(StrEnum):
    """The forms of a message."""

    openai = "openai"
    langmem = "langmem"


class TargetType(StrEnum):
    """What a memory function remembers things about."""

    user = "user"
    thread = "thread"


class RunStatus(StrEnum):
    """How far a run is."""

    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    skipped = "skipped"


Url: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--url",
        help="The service: http(s)://..., or file:///path.db for a file of this machine. Without"
        " it, the variable LANGMEM_API_URL. The key comes from LANGMEM_API_KEY alone, for other"
        " users of a machine can read command lines.",
        metavar="URL",
    ),
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Write JSON, one value a line: a list is a line an item.")
]
Limit: TypeAlias = Annotated[
    int | None, typer.Option("--limit", min=0, help="Show at most this many.", metavar="N")
]

User: TypeAlias = Annotated[UUID, typer.Argument(help="The user's id.", metavar="USER")]
UserOfList: TypeAlias = Annotated[
    UUID | None, typer.Argument(help="Of this user.", metavar="[USER]")
]
AnyUser: TypeAlias = Annotated[
    UUID | None, typer.Argument(help="Show this one alone, by id.", metavar="[USER]")
]
UserOption: TypeAlias = Annotated[
    UUID | None, typer.Option("--user", help="Of this user, by id.", metavar="USER")
]
Names: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--name", help="Only users of this name; may be repeated.", metavar="NAME"),
]

Thread: TypeAlias = Annotated[UUID, typer.Argument(help="The thread's id.", metavar="THREAD")]
AnyThread: TypeAlias = Annotated[
    UUID | None, typer.Argument(help="Show this one alone, by id.", metavar="[THREAD]")
]
ThreadOption: TypeAlias = Annotated[
    UUID | None, typer.Option("--thread", help="Of this thread, by id.", metavar="THREAD")
]
Format: TypeAlias = Annotated[
    MessageFormat, typer.Option("--format", help="The form of the messages in JSON.")
]
NewestFirst: TypeAlias = Annotated[
    bool, typer.Option("--newest-first", help="Begin with the newest.")
]

AnyFunction: TypeAlias = Annotated[
    UUID | None, typer.Argument(help="Show this one alone, by id.", metavar="[FUNCTION]")
]
Functions: TypeAlias = Annotated[
    list[UUID] | None,
    typer.Option(
        "--function",
        help="Search what this memory function remembers; may be repeated. Without it, the"
        " unstructured memories.",
        metavar="FUNCTION",
    ),
]
Target: TypeAlias = Annotated[
    TargetType | None, typer.Option("--target", help="Only functions about users, or threads.")
]
Status: TypeAlias = Annotated[
    RunStatus | None, typer.Option("--status", help="Only runs of this status.")
]

Text: TypeAlias = Annotated[str, typer.Argument(help="What to look for.", metavar="TEXT")]
K: TypeAlias = Annotated[
    int, typer.Option("-k", min=1, help="Show at most this many.", metavar="N")
]

ToFile: TypeAlias = Annotated[
    Path,
    typer.Argument(help="The file to write; - is standard output.", metavar="FILE"),
]
FromFile: TypeAlias = Annotated[
    Path,
    typer.Argument(help="The file to read; - is standard input.", metavar="FILE"),
]
Force: TypeAlias = Annotated[
    bool,
    typer.Option("--force", help="Begin anew, in place of a file that is there or unfinished."),
]
Concurrency: TypeAlias = Annotated[
    int,
    typer.Option("--concurrency", min=1, max=32, help="How many requests at a time.", metavar="N"),
]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
