"""Go's types as the generator needs them: spelled by str(), compared by their spelling.

Every declared name (types, type parameters) is unique in a program, so equal spellings are equal types.
"""


class Type:
    kind = ''

    def under(self): return self
    def __eq__(self, other): return isinstance(other, Type) and str(self) == str(other)
    def __hash__(self): return hash(str(self))
    def __repr__(self): return str(self)


class Basic(Type):
    def __init__(self, name, kind, bits=0): self.name, self.kind, self.bits = name, kind, bits
    def __str__(self): return self.name


class Pointer(Type):
    kind = 'pointer'
    def __init__(self, elem): self.elem = elem
    def __str__(self): return f'*{self.elem}'


class Slice(Type):
    kind = 'slice'
    def __init__(self, elem): self.elem = elem
    def __str__(self): return f'[]{self.elem}'


class Array(Type):
    kind = 'array'
    def __init__(self, length, elem): self.length, self.elem = length, elem
    def __str__(self): return f'[{self.length}]{self.elem}'


class Map(Type):
    kind = 'map'
    def __init__(self, key, elem): self.key, self.elem = key, elem
    def __str__(self): return f'map[{self.key}]{self.elem}'


class Chan(Type):
    kind = 'chan'
    def __init__(self, elem): self.elem = elem
    def __str__(self): return f'chan {self.elem}'


class Func(Type):
    kind = 'func'

    def __init__(self, params, results, variadic=False): self.params, self.results, self.variadic = params, results, variadic

    def signature(self, names=None, result_names=None):
        """The text behind `func` or a method's name."""
        params = []
        for i, p in enumerate(self.params):
            spelled = f'...{p.elem}' if self.variadic and i == len(self.params) - 1 else str(p)
            params.append(f'{names[i]} {spelled}' if names else spelled)
        text = '(' + ', '.join(params) + ')'
        if not self.results: return text
        if result_names: return text + ' (' + ', '.join(f'{n} {r}' for n, r in zip(result_names, self.results)) + ')'
        return text + (f' {self.results[0]}' if len(self.results) == 1 else ' (' + ', '.join(map(str, self.results)) + ')')

    def __str__(self): return 'func' + self.signature()


class Struct(Type):
    kind = 'struct'
    def __init__(self, fields): self.fields = fields  # (name, type, embedded)
    def __str__(self): return 'struct{ ' + '; '.join(str(t) if e else f'{n} {t}' for n, t, e in self.fields) + ' }'


class Interface(Type):
    kind = 'interface'
    def __init__(self, methods): self.methods = methods  # (name, Func)
    def __str__(self): return 'interface{ ' + '; '.join(n + f.signature() for n, f in self.methods) + ' }' if self.methods else 'any'


class Method:
    """A declared method; cost is what one call may execute."""
    def __init__(self, name, signature, pointer, cost=1): self.name, self.signature, self.pointer, self.cost = name, signature, pointer, cost


class Named(Type):
    kind = 'named'

    def __init__(self, name, underlying, generic=None, targs=()):
        self.name, self.underlying, self.generic, self.targs, self.own_methods = name, underlying, generic, targs, []

    def under(self): return self.underlying.under()
    def __str__(self): return self.name + ('[' + ', '.join(map(str, self.targs)) + ']' if self.targs else '')

    @property
    def methods(self):
        if self.generic is None: return self.own_methods
        binding = dict(zip(map(str, self.generic.tparams), self.targs))
        return [Method(m.name, substitute(m.signature, binding), m.pointer, m.cost) for m in self.generic.own_methods]


class TypeParam(Type):
    """A type parameter; `able` says what its constraint allows: any, comparable, integer, number, ordered."""
    kind = 'tparam'
    def __init__(self, name, able): self.name, self.able = name, able
    def __str__(self): return self.name


class GenericType:
    """A declared generic struct type, instantiated by at()."""

    def __init__(self, name, tparams, fields): self.name, self.tparams, self.fields, self.own_methods = name, tparams, fields, []

    def at(self, targs):
        binding = dict(zip(map(str, self.tparams), targs))
        return Named(self.name, Struct([(n, substitute(t, binding), e) for n, t, e in self.fields]), self, tuple(targs))


class Function:
    """A declared function, generic when it has type parameters."""
    def __init__(self, name, signature, tparams=(), cost=1): self.name, self.signature, self.tparams, self.cost = name, signature, tparams, cost


def substitute(t, binding):
    """The type with type parameters replaced."""
    if isinstance(t, TypeParam): return binding.get(str(t), t)
    if isinstance(t, (Pointer, Slice, Chan)): return type(t)(substitute(t.elem, binding))
    if isinstance(t, Array): return Array(t.length, substitute(t.elem, binding))
    if isinstance(t, Map): return Map(substitute(t.key, binding), substitute(t.elem, binding))
    if isinstance(t, Func): return Func([substitute(p, binding) for p in t.params], [substitute(r, binding) for r in t.results], t.variadic)
    if isinstance(t, Struct): return Struct([(n, substitute(f, binding), e) for n, f, e in t.fields])
    if isinstance(t, Named) and t.targs: return t.generic.at([substitute(a, binding) for a in t.targs])
    return t


def unify(pattern, t, binding):
    """Whether the pattern can be the type; type parameters found are put into the binding."""
    if isinstance(pattern, TypeParam):
        return binding.setdefault(str(pattern), t) == t
    if isinstance(pattern, (Pointer, Slice, Chan)): return type(t) is type(pattern) and unify(pattern.elem, t.elem, binding)
    if isinstance(pattern, Array): return isinstance(t, Array) and t.length == pattern.length and unify(pattern.elem, t.elem, binding)
    if isinstance(pattern, Map): return isinstance(t, Map) and unify(pattern.key, t.key, binding) and unify(pattern.elem, t.elem, binding)
    if isinstance(pattern, Named) and pattern.targs:
        return isinstance(t, Named) and t.name == pattern.name and all(unify(p, a, binding) for p, a in zip(pattern.targs, t.targs))
    return pattern == t


def mentions_tparam(t):
    if isinstance(t, TypeParam): return True
    if isinstance(t, (Pointer, Slice, Chan, Array)): return mentions_tparam(t.elem)
    if isinstance(t, Map): return mentions_tparam(t.key) or mentions_tparam(t.elem)
    if isinstance(t, Func): return any(map(mentions_tparam, t.params + t.results))
    if isinstance(t, Named): return any(map(mentions_tparam, t.targs))
    if isinstance(t, Struct): return any(mentions_tparam(f) for _, f, _ in t.fields)
    return False


def comparable(t):
    """Strictly comparable, so that it may be a map's key or compared without a panic."""
    u = t.under()
    if isinstance(u, TypeParam): return u.able in ('comparable', 'integer', 'number', 'ordered')
    if isinstance(u, Array): return comparable(u.elem)
    if isinstance(u, Struct): return all(comparable(f) for _, f, _ in u.fields)
    return u.kind in ('int', 'uint', 'float', 'complex', 'string', 'bool', 'pointer', 'chan')


def map_key(t):
    """Comparable, without NaN and printed the same in every run."""
    u = t.under()
    if isinstance(u, Array): return u.length <= 4 and map_key(u.elem)
    if isinstance(u, Struct): return all(map_key(f) for _, f, _ in u.fields)
    return u.kind in ('int', 'uint', 'string', 'bool')


def printable(t):
    """fmt prints the same in every run: no addresses."""
    u = t.under()
    if isinstance(u, (Array, Slice)): return printable(u.elem)
    if isinstance(u, Map): return map_key(u.key) and printable(u.elem)
    if isinstance(u, Struct): return all(printable(f) for _, f, _ in u.fields)
    return u.kind in ('int', 'uint', 'float', 'complex', 'string', 'bool')


def size_of(t, seen=0):
    """The size in words, about; keeps values of generated types small."""
    u = t.under()
    if isinstance(u, Array): return u.length * size_of(u.elem)
    if isinstance(u, Struct): return sum(size_of(f) for _, f, _ in u.fields)
    return {'string': 2, 'slice': 3, 'interface': 2, 'complex': 2}.get(u.kind, 1)


def method_set(t):
    """Methods callable on a value of the type by name: {name: Method}; an addressable variable has the pointer's too."""
    if isinstance(t, Pointer): return methods_of(t.elem, True)
    return methods_of(t, False)


def methods_of(t, pointer, depth=0):
    """The method set of t, or of *t; promoted methods included, ambiguity avoided by unique method names per type."""
    found = {}
    if isinstance(t.under(), Interface): return {} if pointer else {n: Method(n, f, False, 50) for n, f in t.under().methods}
    if isinstance(t.under(), Struct) and depth < 3:
        seen = {}
        for _, f, embedded in t.under().fields:
            if not embedded: continue
            inner = methods_of(f.elem, True, depth + 1) if isinstance(f, Pointer) else methods_of(f, pointer, depth + 1)
            for name, m in inner.items(): seen.setdefault(name, []).append(m)
        found = {name: ms[0] for name, ms in seen.items() if len(ms) == 1}
        names = {n for n, _, _ in t.under().fields}
        found = {n: m for n, m in found.items() if n not in names}
    if isinstance(t, Named):
        for m in t.methods:
            if pointer or not m.pointer: found[m.name] = m
            else: found.pop(m.name, None)
    return found


def implements(t, interface):
    if not interface.under().methods: return True
    have = method_set(t)
    return all(n in have and have[n].signature == f for n, f in interface.under().methods)


BASIC = {name: Basic(name, kind, bits) for name, kind, bits in [
    ('int', 'int', 64), ('int8', 'int', 8), ('int16', 'int', 16), ('int32', 'int', 32), ('int64', 'int', 64), ('uint', 'uint', 64),
    ('uint8', 'uint', 8), ('uint16', 'uint', 16), ('uint32', 'uint', 32), ('uint64', 'uint', 64), ('uintptr', 'uint', 64),
    ('float32', 'float', 32), ('float64', 'float', 64), ('complex128', 'complex', 128), ('complex64', 'complex', 64),
    ('string', 'string', 0), ('bool', 'bool', 0)]}
INT, STRING, BOOL, FLOAT, ANY = BASIC['int'], BASIC['string'], BASIC['bool'], BASIC['float64'], Interface([])
ERROR = Named('error', Interface([('Error', Func([], [STRING]))]))
NUMERIC = ('int', 'uint', 'float', 'complex')
