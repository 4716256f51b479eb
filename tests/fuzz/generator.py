"""Random Go programs: deterministic, terminating, without races, and talkative about what they compute.

program(seed, level) is the text of one. Functions call only functions declared before them, loops are counted, and calls
through function values and interfaces share a global limit, so that every program ends soon. Each function is called from
main under a recover; panics are part of what is compared.
"""
import random
import re

from expressions import Expressions, Var
from features import Features
from go_types import (ANY, BASIC, BOOL, ERROR, INT, STRING, Array, Chan, Func, Function, GenericType, Interface, Map, Method, Named,
                      Pointer, Slice, Struct, TypeParam, implements, map_key, printable, size_of)
from idioms import Idioms
from statements import Statements

PRELUDE = '''
var (
	acc   uint64
	fuel  = 400
	sink  any
	sinks []any
	hook  func()
	lines = 400
)

func tick() bool { fuel--; return fuel > 0 }

func note(args ...any) {
	if lines--; lines > 0 {
		fmt.Println(args...)
	}
}

func kind(x any) string {
	switch x := x.(type) {
	case runtime.Error:
		return x.Error()
	case error:
		return "error " + x.Error()
	case int, string, bool:
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("%T", x)
}

func digest[T any](x T) (h uint64) {
	h = 14695981039346656037
	for _, c := range []byte(fmt.Sprintf("%v", x)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return
}

func same[T any](x T) T { return x }

func ref[T any](x T) *T { return &x }

func keep[T any](p *T) { sink = p }

func look[T any](p *T) bool { return p != nil }

func pick[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

func apply[T any](x T, f func(T) T) T { return f(x) }

func at[E any](s []E, i int) (e E) {
	if len(s) > 0 {
		e = s[uint(i)%uint(len(s))]
	}
	return
}

func few[S ~[]E, E any](s S) S {
	if len(s) > 6 {
		return s[:6]
	}
	return s
}

func short(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}

func cut(s string, i, j int) string {
	n := uint(len(s) + 1)
	a, b := uint(i)%n, uint(j)%n
	return s[min(a, b):max(a, b)]
}

func clip[S ~[]E, E any](s S, i, j int) S {
	n := uint(len(s) + 1)
	a, b := uint(i)%n, uint(j)%n
	return s[min(a, b):max(a, b)]
}

func keys[K cmp.Ordered, V any](m map[K]V) []K {
	ks := make([]K, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return len(err.Error())
	}
	return n
}

func clampf(f float64) float64 {
	if f > -1e9 && f < 1e9 {
		return f
	}
	return 0
}

func upto(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs[E any](s []E) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		for i, e := range few(s) {
			if !yield(i, e) {
				return
			}
		}
	}
}

func times(n int) func(func() bool) {
	return func(yield func() bool) {
		for ; n > 0 && yield(); n-- {
		}
	}
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", kind(r))
		}
		fmt.Println(name, acc)
	}()
	f()
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type number interface{ integer | ~float32 | ~float64 }

type pairOf[A, B any] struct {
	a A
	b B
}

func (p pairOf[A, B]) swap() pairOf[B, A] { return pairOf[B, A]{p.b, p.a} }

func (p *pairOf[A, B]) put(a A) { p.a = a }

func (p pairOf[A, B]) first() A { return p.a }

func twice[A, B any](p pairOf[A, B]) pairOf[pairOf[A, B], A] {
	q := p
	q.put(p.first())
	return pairOf[pairOf[A, B], A]{q, p.a}
}

func total[T number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}
'''

IMPORTS = ['cmp', 'errors', 'fmt', 'iter', 'maps', 'math', 'math/bits', 'runtime', 'slices', 'strconv', 'strings', 'sync', 'unicode/utf8']
CONSTRAINT = {'any': 'any', 'comparable': 'comparable', 'integer': 'integer', 'number': 'number', 'ordered': 'cmp.Ordered'}


class Generator(Expressions, Statements, Features, Idioms):
    """State of one program while it is made."""

    def __init__(self, seed, level):
        self.rng = random.Random(seed)
        self.level = self.rng.choice([0, 1, 1, 2, 2, 3]) if level is None else level
        self.max_nesting = 2 + self.level
        self.depth = 2 + (self.level > 1)
        self.names = self.nesting = self.closures = self.size = 0
        self.max_size = 60
        self.mult, self.cost, self.in_method = 1, 0, False
        self.results = self.result_names = None
        self.labels, self.in_switch = [], False
        self.scopes = [[]]
        self.functions, self.interfaces, self.named, self.generics, self.tparams = [], [], [], [], []
        self.basics = list(BASIC.values())
        self.types, self.text = [], []

    # --- types ---

    def any_type(self, concrete=False):
        rng = self.rng
        if self.tparams and rng.random() < 0.35: return rng.choice(self.tparams)
        r = rng.random()
        if r < 0.2: t = rng.choice([INT, INT, STRING, BOOL])
        elif r < 0.35: t = rng.choice(self.basics)
        else: t = rng.choice(self.types) if self.types else INT
        if concrete and isinstance(t.under(), Interface): return INT
        return t

    def printable_type(self):
        for _ in range(10):
            t = self.any_type(concrete=True)
            if printable(t): return t
        return INT

    def implementers(self, interface): return [t for t in self.all_concrete if implements(t, interface)]

    def interface_named(self, name): return next(i for i in self.interfaces if i.name == name)

    def compose(self, depth=2):
        """A random unnamed type of small size."""
        rng = self.rng
        pool = self.basics + self.named
        elem = rng.choice(pool) if depth == 0 or rng.random() < 0.6 else self.compose(depth - 1)
        r = rng.random()
        if r < 0.28: t = Slice(elem)
        elif r < 0.42: t = Array(rng.choice([1, 2, 3, 4, 8]), elem)
        elif r < 0.58: t = Pointer(elem)
        elif r < 0.7:
            key = rng.choice([STRING, INT] + [p for p in pool if map_key(p)])
            t = Map(key, elem)
        elif r < 0.85: t = Func([rng.choice(pool) for _ in range(rng.randrange(3))], [elem] if rng.random() < 0.8 else [])
        elif r < 0.93: t = Struct([('a', elem, False), ('b', rng.choice(pool), False)])
        elif r < 0.97: t = Chan(elem)
        else: t = ANY
        return t if size_of(t) <= 40 else Slice(INT)

    def declare_types(self):
        rng = self.rng
        self.all_concrete = []
        pool = {f'M{i}': Func([rng.choice(self.basics) for _ in range(rng.randrange(3))], [rng.choice(self.basics)] if rng.random() < 0.8 else []) for i in range(6)}
        self.method_pool = pool
        for i in range(rng.randrange(1, 4)):
            methods = [(m, pool[m]) for m in sorted(rng.sample(sorted(pool), rng.randrange(1, 3)))]
            self.interfaces.append(Named(f'I{i}', Interface(methods)))
            self.text.append(f'type I{i} interface {{\n' + '\n'.join(m + f.signature() for m, f in methods) + '\n}')
        for i in range(rng.randrange(2, 4)):
            u = rng.choice(self.basics)
            self.named.append(Named(f'N{i}', u))
            self.text.append(f'type N{i} {u}')
        for i in range(rng.randrange(2, 5)):
            fields = [(f'f{j}', rng.choice(self.basics) if rng.random() < 0.5 else self.compose(1), False) for j in range(rng.randrange(1, 6))]
            structs = [s for s in self.named if isinstance(s.under(), Struct)]
            if structs and rng.random() < 0.5:
                s = rng.choice(structs)
                fields.insert(rng.randrange(len(fields) + 1), (s.name, Pointer(s) if rng.random() < 0.3 else s, True))
            t = Named(f'S{i}', Struct(fields))
            if rng.random() < 0.2: t.underlying.fields.append(('next', Pointer(t), False))
            if size_of(t) > 60: t.underlying.fields = fields[:2]
            names = [n for n, _, _ in t.underlying.fields]
            self.named.append(t)
            self.text.append(f'type {t} struct {{\n' + '\n'.join(str(f) if e else f'{n} {f}' for n, f, e in t.underlying.fields) + '\n}')
        if rng.random() < 0.4:
            t = Named('L0', Slice(rng.choice(self.basics)))
            self.named.append(t)
            self.text.append(f'type L0 {t.underlying}')
        if rng.random() < 0.3:
            t = Named('F0', Func([INT], [INT]))
            self.named.append(t)
            self.text.append('type F0 func(int) int')
        for i in range(rng.randrange(0, 3)):
            tparams = [TypeParam(f'P{i}{j}', rng.choice(['any', 'any', 'comparable', 'integer', 'ordered'])) for j in range(rng.choice([1, 1, 2]))]
            fields = [(f'g{j}', rng.choice([p, Slice(p), Pointer(p), INT, Func([p], [p]), Array(2, p)]), False) for j, p in enumerate(tparams + [rng.choice(tparams)])]
            if rng.random() < 0.3: fields.append(('m', Map(STRING, tparams[0]), False))
            g = GenericType(f'G{i}', tparams, fields)
            self.generics.append(g)
            self.text.append(f'type G{i}[{self.constraints(tparams)}] struct {{\n' + '\n'.join(f'{n} {t}' for n, t, _ in fields) + '\n}')
        self.types = self.named + self.interfaces + [ANY, ANY, Slice(INT), Slice(STRING), Map(STRING, INT), Slice(BASIC['uint8']), Pointer(INT), Func([INT], [INT])]
        self.types += [Pointer(t) for t in self.named if isinstance(t.under(), Struct)]
        self.types += [self.compose() for _ in range(6 + 3 * self.level)]
        for g in self.generics:
            for _ in range(2):
                targs = [self.type_argument(p) for p in g.tparams]
                if all(targs): self.types += [g.at(targs), Pointer(g.at(targs))]
        self.all_concrete = [t for t in self.types if not isinstance(t.under(), Interface) and (isinstance(t, Named) or isinstance(t, Pointer) and isinstance(t.elem, Named))]
        self.types.append(ERROR)

    def constraints(self, tparams):
        spelled = [(p.name, CONSTRAINT.get(p.able, p.able)) for p in tparams]
        if self.rng.random() < 0.15 and len(spelled) == 1 and spelled[0][1] == 'any': return f'{spelled[0][0]} interface{{ any }}'
        return ', '.join(f'{n} {c}' for n, c in spelled)

    # --- functions ---

    def enter(self):
        self.mult, self.cost, self.nesting, self.size = 1, 1, 0, 0
        self.max_size = self.rng.choice([8, 20, 60, 60 + 100 * self.level])

    def pragma(self): return '//go:noinline\n' if self.rng.random() < 0.12 else ''

    def declare_globals(self):
        rng = self.rng
        for i in range(rng.randrange(1, 5)):
            t = self.any_type()
            self.enter()
            self.max_size = 15
            if rng.random() < 0.7: self.text.append(f'var g{i} {t} = {self.value(t, 1)}' if rng.random() < 0.5 else f'var g{i} = {self.expr(t, 1)}')
            else: self.text.append(f'var g{i} {t}')
            v = Var(f'g{i}', t)
            v.used = True
            self.scopes[0].append(v)
        for name, t in (('fuel', INT), ('acc', BASIC['uint64'])):
            v = Var(name, t, assignable=name == 'acc')
            v.used = True
            self.scopes[0].append(v)

    def method(self):
        """A method of a declared type, generic or not."""
        rng = self.rng
        owner = rng.choice(self.named + self.generics)
        generic = isinstance(owner, GenericType)
        names = sorted(self.method_pool)
        taken = {m.name for m in owner.own_methods}
        free = [n for n in names if n not in taken]
        if not free: return
        name = rng.choice(free)
        signature = self.method_pool[name]
        self.enter()
        pointer = rng.random() < 0.5 and (generic or not isinstance(owner.under(), (Interface, Pointer)))
        self.tparams = list(owner.tparams) if generic else []
        receiver = owner.at(owner.tparams) if generic else owner
        t = Pointer(receiver) if pointer else receiver
        params = [f'a{i}' for i in range(len(signature.params))]
        outs = ['out'] if signature.results and rng.random() < 0.3 else None
        self.in_method = True
        self.nesting, recv = 0, Var('x', t)
        recv.used = True
        self.scopes.append([recv])
        lines = self.body(signature, rng.choice([0, 0, 1, 1, 2, 4]), params, outs, closure=False)
        self.scopes.pop()
        self.in_method = False
        spelled = f'{owner.name}[{", ".join(map(str, owner.tparams))}]' if generic else str(owner)
        self.text.append(f'{self.pragma()}func (x {"*" if pointer else ""}{spelled}) {name}{signature.signature(params, outs)} {{\n' + '\n'.join(lines) + '\n}')
        owner.own_methods.append(Method(name, signature, pointer, self.cost))
        self.tparams = []

    def function(self, i):
        rng = self.rng
        self.enter()
        tparams = []
        if rng.random() < 0.25:
            ables = ['any', 'any', 'comparable', 'integer', 'number', 'ordered'] + [t.name for t in self.interfaces if self.implementers(t)]
            tparams = [TypeParam(f'T{i}{chr(97 + j)}', rng.choice(ables)) for j in range(rng.choice([1, 1, 2]))]
        self.tparams = tparams
        pool = lambda: self.any_type() if not tparams or rng.random() < 0.4 else rng.choice([rng.choice(tparams), Slice(tparams[0]), Pointer(tparams[-1]), Func([tparams[0]], [tparams[-1]])])
        params = [pool() for _ in range(rng.randrange(4))]
        variadic = rng.random() < 0.12 and not tparams
        if variadic: params.append(Slice(self.any_type()))
        results = [pool() for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 3]))]
        signature = Func(params, results, variadic)
        names = [f'a{j}' for j in range(len(params))]
        outs = [f'out{j}' for j in range(len(results))] if results and rng.random() < 0.25 else None
        recursive = rng.random() < 0.1 and not tparams and not variadic
        if recursive:
            signature.params.insert(0, INT)
            names.insert(0, 'depth')
        size = rng.choice([0, 1, 1, 2, 3, 5, 8 + 4 * self.level])
        lines = self.body(signature, size, names, outs, closure=False)
        cost = self.cost
        if recursive:
            args = ['depth - 1'] + [n for n in names[1:]]
            call = f'f{i}({", ".join(args)})'
            lines = [f'if depth > 0 && depth < 4 {{', *(['return ' + call] if results and rng.random() < 0.3 else [call]), '}'] + lines
            cost *= 4
        header = f'func f{i}' + (f'[{self.constraints(tparams)}]' if tparams else '') + signature.signature(names, outs)
        self.text.append(self.pragma() + header + ' {\n' + '\n'.join(lines) + '\n}')
        self.functions.append(Function(f'f{i}', signature, tparams, cost))
        self.tparams = []

    def main(self):
        lines = []
        for f in self.functions:
            for _ in range(2 if self.level < 2 else 3):
                self.enter()
                self.max_size = 12
                self.nesting = 3
                if f.tparams:
                    inst = self.instantiate(f, {})
                    if not inst: break
                    name, signature, _ = inst
                else: name, signature = f.name, f.signature
                call = f'{name}({", ".join(self.arguments(signature, 2))})'
                if signature.results:
                    outs = [f'r{j}' for j in range(len(signature.results))]
                    shown = [self.note(Var(o, t)) for o, t in zip(outs, signature.results)]
                    body = [', '.join(outs) + ' := ' + call] + shown + [f'_ = {o}' for o in outs]
                else: body = [call]
                lines += [f'try("{f.name}", func() {{', *body, '})']
        for v in self.scopes[0]: lines.append(self.note(v))
        return lines + ['if hook != nil { hook() }', 'fmt.Println(acc, fuel > 0, kind(sink), len(sinks))']

    def make(self):
        self.declare_types()
        self.declare_globals()
        for i in range(4 + 3 * self.level):
            for _ in range(self.rng.choice([0, 1, 1, 2])): self.method()
            self.function(i)
        self.text.append('func main() {\n' + '\n'.join(self.main()) + '\n}')
        body = PRELUDE + '\n' + '\n\n'.join(self.text) + '\n'
        used = [p for p in IMPORTS if re.search(r'\b' + p.split('/')[-1] + r'\.', body)]
        return 'package main\n\nimport (\n' + '\n'.join(f'"{p}"' for p in used) + '\n)\n' + body


def program(seed, level=None):
    """The program of a seed; the level (0 to 3) is how large and deep it is, or follows from the seed."""
    return Generator(seed, level).make()
