"""Dependencies between agents: finds cycles and names them."""

from collections.abc import Mapping, Sequence


def cycles(needs: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Every group of ids that wait for each other in a ring, each once, as ``(a, b, a)``."""
    found: list[tuple[str, ...]] = []
    finished: set[str] = set()
    for start in needs:
        path: list[str] = []
        stack = [(start, iter(needs[start]))] if start not in finished else []
        if stack:
            path.append(start)
        while stack:
            rest = stack[-1][1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                finished.add(path.pop())
            elif following in path:
                ring = (*path[path.index(following) :], following)
                if not any(set(ring) == set(known) for known in found):
                    found.append(ring)
            elif following in needs and following not in finished:
                path.append(following)
                stack.append((following, iter(needs[following])))
    return found
