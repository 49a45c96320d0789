"""A Python that can import vLLM's argument parser and engine configuration, but cannot serve.

The wheel for GPUs has the same parser as every other build. Only its Python files are kept, and its metadata is renamed to a
`+cpu` version, without which vLLM finds no platform on a machine without a GPU.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools import cuda_stubs
from tests.tools.cache import Tool

VERSION = "0.33.0"
_PINS = Path(__file__).parents[1] / "vllm" / "requirements.txt"


def _build(into: Path) -> None:
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    python = into / "bin" / "python"
    subprocess.run((uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(into)), check=True)
    pip = (uv, "pip", "install", "--quiet", "--no-cache", "--no-deps", "--python", str(python))
    subprocess.run((*pip, "--requirement", str(_PINS)), check=True)
    subprocess.run((*pip, "--python-platform", "x86_64-manylinux_2_28", f"vllm=={VERSION}"), check=True)
    packages = next(into.glob("lib/python*/site-packages"))
    _keep_python(packages / "vllm")
    _rename_metadata(packages)
    if sys.platform == "linux":
        cuda_stubs.write(packages / "torch" / "lib")


def _keep_python(package: Path) -> None:
    for path in package.rglob("*"):
        if path.is_file() and path.suffix != ".py":
            path.unlink()


def _rename_metadata(packages: Path) -> None:
    shutil.rmtree(packages / f"vllm-{VERSION}.dist-info")
    alias = packages / f"vllm-{VERSION}+cpu.dist-info"
    alias.mkdir()
    (alias / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}+cpu\n", encoding="utf-8")


TOOL = Tool(
    name="vllm-parser",
    inputs=(Path(__file__), Path(cuda_stubs.__file__), _PINS),
    build=_build,
    program="bin/python",
)
