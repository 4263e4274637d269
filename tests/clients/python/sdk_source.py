"""What the official Python SDK says of the API, read from its source: every method and every model.

The SDK is generated from the product's document of its release, so it is a second witness of that document.
"""

import ast
import inspect
import re
from dataclasses import dataclass

from looker_sdk.sdk.api40 import methods, models

PLAIN = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "Any": "any",
    "datetime.datetime": "date-time",
    "None": "none",
}


@dataclass(frozen=True)
class Method:
    """A method of the SDK: what it sends and what it expects."""

    verb: str
    path: str
    parameters: frozenset
    query: frozenset
    takes_body: bool
    answer: str


@dataclass(frozen=True)
class Model:
    """A model of the SDK: the type of each property, and those that must be given."""

    properties: dict
    required: frozenset


def _tree(module):
    return ast.parse(inspect.getsource(module))


def _enumerations(tree):
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name for node in classes if any(ast.unparse(base).endswith("Enum") for base in node.bases)}


ENUMERATIONS = _enumerations(_tree(models))


def kind(annotation):
    """The type of an annotation in the words of the document: `string`, `list of Look`, `map of any`."""
    text = annotation if isinstance(annotation, str) else ast.unparse(annotation)
    text = text.replace("mdls.", "").replace('"', "").replace("'", "").replace(" ", "")
    if text.startswith("Union["):
        # Text or bytes: the body of an answer as it came.
        return "string"
    if found := re.fullmatch(r"Optional\[(.*)\]", text):
        return kind(found[1])
    if found := re.fullmatch(r"Sequence\[(.*)\]", text):
        return f"list of {kind(found[1])}"
    if found := re.fullmatch(r"MutableMapping\[str,(.*)\]", text):
        return f"map of {kind(found[1])}"
    if text in ENUMERATIONS:
        return "string"
    return PLAIN.get(text, text)


def _path(call):
    (path,) = (keyword.value for keyword in call.keywords if keyword.arg == "path")
    if isinstance(path, ast.Constant):
        return path.value
    return "".join(
        part.value if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value) + "}" for part in path.values
    )


def _method(node):
    verbs = {"get", "post", "put", "patch", "delete"}
    calls = (call for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute))
    (call,) = (call for call in calls if call.func.attr in verbs)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    sent = keywords.get("query_params")
    query = frozenset(key.value for key in sent.keys) if sent else frozenset()
    names = (argument.arg for argument in node.args.args)
    return Method(
        verb=call.func.attr,
        path=_path(call),
        parameters=frozenset(names) - {"self", "body", "transport_options"},
        query=query,
        takes_body="body" in keywords,
        answer=kind(node.returns),
    )


def read_methods():
    """Every method of the SDK by its operationId."""
    (sdk,) = (node for node in _tree(methods).body if isinstance(node, ast.ClassDef))
    found = (node for node in sdk.body if isinstance(node, ast.FunctionDef))
    return {node.name.rstrip("_"): _method(node) for node in found}


def read_models():
    """Every model of the SDK by its name; `WriteX` is what requests take of an `X`."""
    found = {}
    for node in _tree(models).body:
        if isinstance(node, ast.ClassDef) and node.name not in ENUMERATIONS:
            fields = [field for field in node.body if isinstance(field, ast.AnnAssign) and field.target.id != "__annotations__"]
            found[node.name] = Model(
                properties={field.target.id.rstrip("_"): kind(field.annotation) for field in fields},
                required=frozenset(field.target.id.rstrip("_") for field in fields if field.value is None),
            )
    return found
