"""A contract for import-linter: these modules import nothing of the project but what is named, so a new room is closed at first."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class AllowedOnly(Contract):
    """Direct imports of `modules`, packages included, stay inside each module and `may_import`."""

    # Any: import-linter puts the parsed value where the field was
    modules: Any = fields.SetField(subfield=fields.ModuleExpressionField())
    may_import: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        sources = module_expressions_to_modules(graph, self.modules)
        found = sorted({line for source in sources for line in self._strangers(graph, source.name)})
        return ContractCheck(kept=not found, metadata={"found": found})

    def _strangers(self, graph: ImportGraph, source: str) -> list[str]:
        allowed = (source, *self.may_import)
        return [
            f"{module} imports {imported}"
            for module in sorted({source, *graph.find_descendants(source)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not graph.is_module_squashed(imported) and not any(_within(imported, package) for package in allowed)
        ]

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(line, bold=False)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
