"""Scopes: which of them a node belongs to, what they are called, and both passes a scope at a time.

Nodes are Tensors; this module only uses their attributes.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeAlias

from .recording import Scope
from .steps import Step

Node: TypeAlias = Any  # a Tensor
Chain: TypeAlias = tuple[Scope, ...]  # scopes inside each other, the outermost first


def homes(nodes: Sequence[Node]) -> dict[Node, Chain]:
    """The scopes that each node is in.

    A result is in those that were open when it was computed. A leaf made before belongs to the
    scope that owns it, as a layer owns its weights; where several do, to what is around them.
    """
    owners: dict[Node, list[Chain]] = {}
    for node in nodes:
        for tensor in node.inputs:
            if tensor.operation is None and not tensor.scopes:
                owners.setdefault(tensor, []).extend(_owning(node.scopes, tensor))
    return {node: node.scopes or _common(owners.get(node, [])) for node in nodes}


def _owning(chain: Chain, leaf: Node) -> list[Chain]:
    return [chain[: i + 1] for i, scope in enumerate(chain) if leaf._number in scope.owned]


def _common(chains: list[Chain]) -> Chain:
    """The scopes that all the chains begin with."""
    if not chains:
        return ()
    shortest = min(chains, key=len)
    for depth, scope in enumerate(shortest):
        if any(chain[depth] is not scope for chain in chains):
            return shortest[:depth]
    return shortest


def scope_labels(chains: Iterable[Chain]) -> dict[Scope, str]:
    """Every scope with a name of its own, in order: a name that several have gets a number."""
    scopes = list(dict.fromkeys(scope for chain in chains for scope in chain))
    shared = Counter(scope.name for scope in scopes)
    taken = {name for name, count in shared.items() if count == 1}
    labels: dict[Scope, str] = {}
    numbers: Counter[str] = Counter()
    for scope in scopes:
        label = scope.name
        while shared[scope.name] > 1 and (label == scope.name or label in taken):
            numbers[scope.name] += 1
            label = f"{scope.name} {numbers[scope.name]}"
        taken.add(label)
        labels[scope] = label
    return labels


def group_of(chain: Chain, closed: Collection[Scope]) -> Scope | None:
    """The smallest region of a drawing: the outermost closed scope, else the innermost open one."""
    return next((scope for scope in chain if scope in closed), chain[-1] if chain else None)


def by_scope(steps: Sequence[Step], group: Callable[[Node], Scope | None]) -> list[Step]:
    """Steps of nodes put together: a scope at a time, what is in none by itself.

    Leaves that belong to a scope come with its first operation; where it has none, by themselves.
    """
    computing = {group(step.node) for step in steps if step.node.operation is not None}
    runs: list[tuple[Scope | None, list[Step]]] = []
    leaves: dict[Scope, list[Step]] = {}
    for step in steps:
        scope = None if step.phase == "seed" else group(step.node)
        if scope is None or scope not in computing:
            runs.append((None, [step]))
        elif runs and runs[-1][0] is scope:  # the seed stands between the two passes
            runs[-1][1].append(step)
        elif step.node.operation is None:
            leaves.setdefault(scope, []).append(step)
        else:
            runs.append((scope, [*leaves.pop(scope, []), step]))
    return [inner[0] if scope is None else _joined(scope, inner) for scope, inner in runs]


def _joined(scope: Scope, inner: list[Step]) -> Step:
    """Several steps as one. It stands at the scope's result: the last forward, the first back."""
    computed = [step for step in inner if step.node.operation is not None]
    end = computed[0 if inner[0].phase == "backward" else -1]
    contributions = tuple(c for step in inner for c in step.contributions)
    return end._replace(scope=scope, inner=tuple(inner), contributions=contributions)
