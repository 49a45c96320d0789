"""A file that the project does not have.

## Why
Prompts, templates and base files are inputs of the compiler: without them the output would be incomplete. Paths are
relative to the spec and stay inside the project folder, links included, because specs of strangers are checked too.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}
agents: {support: {framework: langgraph, model: hosted, prompt: {system: prompts/suport.md}}}
#                                                                        ^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
With the file `prompts/support.md`:

```markdown
You help customers of a book shop.
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose}
models: {hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}
agents: {support: {framework: langgraph, model: hosted, prompt: {system: prompts/support.md}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
