"""Python files of older releases of vLLM, for the interpreter of `vllm-parser`, and the packages that only they import.

The wheel for GPUs is the only published form with exactly the files that are served: the source archive is built when it is
installed, and other people's builds for CPUs exist for few releases. One wheel after another is unpacked and thinned out.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools.cache import Tool

RELEASES = ("0.10.2", "0.16.0", "0.24.0")
_PINS = Path(__file__).parents[1] / "vllm" / "releases.txt"


def _build(into: Path) -> None:
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    pip = (uv, "pip", "install", "--quiet", "--no-cache", "--no-deps", "--python", sys.executable)
    subprocess.run((*pip, "--target", str(into / "extra"), "--requirement", str(_PINS)), check=True)
    for release in RELEASES:
        place = into / release
        subprocess.run(
            (*pip, "--python-platform", "x86_64-manylinux_2_31", "--target", str(place), f"vllm=={release}"), check=True
        )
        keep_python(place)
        rename_metadata(place, release)


def keep_python(place: Path) -> None:
    """Remove everything but Python files: no extension is loaded, and no data is read, to parse a command line."""
    for path in place.rglob("*"):
        if path.is_file() and path.suffix != ".py" and not path.parent.name.endswith(".dist-info"):
            path.unlink()


def rename_metadata(place: Path, release: str) -> None:
    """Give the release a name that ends in `+cpu`, without which it finds no platform on a machine without a GPU."""
    shutil.rmtree(place / f"vllm-{release}.dist-info")
    alias = place / f"vllm-{release}+cpu.dist-info"
    alias.mkdir()
    (alias / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {release}+cpu\n", encoding="utf-8")


TOOL = Tool(name="vllm-releases", inputs=(Path(__file__), _PINS), build=_build, program="extra")
