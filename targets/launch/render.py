"""Artifacts below `launch/` → files, with the environment as a folder."""

from __future__ import annotations

from stackspec.ir.artifact import File
from stackspec.ir.family import Family

FOLDER = "launch/"


def files(family: Family) -> tuple[File, ...]:
    """Return the files sorted by path; the unnamed environment has no folder of its own."""
    found: list[File] = []
    for environment, deployment in family.deployments.items():
        folder = f"{FOLDER}{environment}/" if environment else FOLDER
        for artifact in deployment.artifacts:
            if artifact.path.startswith(FOLDER):
                path = folder + artifact.path.removeprefix(FOLDER)
                named = (environment,) if environment else ()
                found.append(File(path, artifact.content, named, artifact.ownership, artifact.executable, artifact.at))
    return tuple(sorted(found, key=lambda file: file.path))
