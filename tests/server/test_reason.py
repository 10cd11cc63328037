"""The reason of a failed start, dug out of Java's own log."""

from __future__ import annotations

from pathlib import Path

import pytest

from siemlab.server.reason import why_it_died

LINE = "[0.500s][info][exceptions] Exception <a '{kind}'{{0x00000000e0a1b2c8}}: {text}> (0x0000)"
END = "org/codelibs/opensearch/runner/OpenSearchRunnerException"
NOISE = [
    LINE.format(kind="java/lang/ClassNotFoundException", text="com.example.Optional"),
    LINE.format(kind="java/lang/InterruptedException", text="sleep interrupted"),
    "[0.500s][info][exceptions] Found matching handler for exception of type X",
]


def home_with(folder: Path, *, exceptions: list[str] = (), server: str = "") -> Path:
    if exceptions:
        (folder / "exceptions.log").write_text("\n".join(exceptions))
    (folder / "server.log").write_text(server)
    return folder


def test_the_last_message_before_the_runner_gave_up_is_the_reason(tmp_path: Path) -> None:
    lines = [
        LINE.format(kind="java/lang/IllegalStateException", text="an old story"),
        *["[0.5s][info][exceptions] something else"] * 70,
        LINE.format(kind="java/lang/IllegalArgumentException", text="unknown setting [a.b]"),
        *NOISE,
        LINE.format(kind=END, text="Failed to create a node"),
    ]

    reason = why_it_died(home_with(tmp_path, exceptions=lines))

    assert reason == "unknown setting [a.b]; Failed to create a node"


def test_equal_messages_are_said_once(tmp_path: Path) -> None:
    line = LINE.format(kind="java/io/IOException", text="Lock held by another program: node.lock")
    end = LINE.format(kind=END, text="gone")

    reason = why_it_died(home_with(tmp_path, exceptions=[line, *NOISE, line, line, end]))

    assert reason == "Lock held by another program: node.lock; gone"


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (
            "Exception in thread main\nCaused by: a: outer\nCaused by: b: a jar is missing\n",
            "b: a jar is missing",
        ),
        ("Error occurred during initialization of VM\nToo small maximum heap\n", None),
        ("", "no reason given"),
    ],
    ids=["a missing jar", "a small heap", "silence"],
)
def test_without_java_s_log_the_server_s_own_is_read(
    tmp_path: Path, server: str, reason: str | None
) -> None:
    assert (reason or server.splitlines()[0]) in why_it_died(home_with(tmp_path, server=server))
