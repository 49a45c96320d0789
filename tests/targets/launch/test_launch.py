"""The launch target puts what the engines made below a folder of the environment, and nothing else."""

from __future__ import annotations

from stackspec.ir.artifact import Artifact, File
from stackspec.ir.deployment import Deployment
from stackspec.ir.family import Family, Same
from stackspec.target import target

AT = (("models", "chat"),)


def deployment(environment: str) -> Deployment:
    """Return a deployment that has files of an engine and of a gateway."""
    made = (
        Artifact("launch/chat/serve.sh", b"#!/bin/sh\n", executable=True, at=AT),
        Artifact("gateway/nginx.conf", b""),
        Artifact("launch/chat/argv.json", b"{}\n", at=AT),
    )
    return Deployment("demo", environment or None, "process", "demo", {}, {}, {}, {}, made)


def render(*environments: str) -> tuple[File, ...]:
    """Return the files of the target."""
    back_end = target("launch")
    assert back_end is not None
    return back_end.render(Family({name: deployment(name) for name in environments}, {}, Same(None)), {}).files


def test_each_environment_has_its_folder() -> None:
    assert render("prod", "dev") == (
        File("launch/dev/chat/argv.json", b"{}\n", ("dev",), at=AT),
        File("launch/dev/chat/serve.sh", b"#!/bin/sh\n", ("dev",), executable=True, at=AT),
        File("launch/prod/chat/argv.json", b"{}\n", ("prod",), at=AT),
        File("launch/prod/chat/serve.sh", b"#!/bin/sh\n", ("prod",), executable=True, at=AT),
    )


def test_the_unnamed_environment_has_none() -> None:
    assert [file.path for file in render("")] == ["launch/chat/argv.json", "launch/chat/serve.sh"]
    assert [file.environments for file in render("")] == [(), ()]
