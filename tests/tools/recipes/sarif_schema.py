"""The JSON Schema of SARIF 2.1.0, as published in the npm package of its authors; nothing in the package is run."""

import subprocess
import tarfile
from pathlib import Path

from tests.tools.cache import Tool

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
_SCHEMA = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


def _build(into: Path) -> None:
    subprocess.run(("npm", "pack", "--silent", "--ignore-scripts", PACKAGE), cwd=into, check=True, stdout=subprocess.DEVNULL)
    archive = next(into.glob("*.tgz"))
    with tarfile.open(archive) as packed:
        member = packed.extractfile(_SCHEMA)
        assert member is not None
        (into / "sarif.schema.json").write_bytes(member.read())
    archive.unlink()


TOOL = Tool(name="sarif-schema", inputs=(Path(__file__),), build=_build, program="sarif.schema.json")
