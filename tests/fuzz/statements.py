"""Random statements, blocks and function bodies."""
import re

from expressions import Text, Var
from go_types import (ANY, BASIC, BOOL, ERROR, INT, STRING, Basic, Func, Interface, Map, Named, Pointer, Slice, Struct, TypeParam, map_key,
                      mentions_tparam, method_set, printable)

CALL_LIMIT = 3000
HIDDEN = Basic('hidden', 'hidden')  # of counters that only their statement may touch


class Statements:
    """The part of the generator that makes statements; blocks are lists of lines without indentation."""

    # --- blocks ---

    def block(self, n, vars=(), loop=1):
        """n statements in a scope of their own, executed `loop` times for each time around."""
        self.scopes.append(list(vars))
        self.mult *= loop
        self.nesting += 1
        lines = []
        for _ in range(n): lines += self.statement()
        lines += self.use_unused(lines)
        self.nesting -= 1
        self.mult //= max(loop, 1)
        self.scopes.pop()
        return lines

    def use_unused(self, body):
        """Statements that use what the body of the innermost scope declares and leaves unused."""
        lines, text = [], '\n'.join(body)
        for v in self.scopes[-1]:
            if v.name == '_' or v.given or self.is_used(v, text): continue
            v.used = True
            lines.append(self.note(v) if self.rng.random() < 0.5 and self.mult <= 4 else f'_ = {v.name}')
        return lines

    def note(self, v):
        """Prints something of a variable that is the same in every run."""
        t, rng = v.type, self.rng
        if printable(t): return rng.choice([f'note("{v.name}", {v.name})', f'note({v.name})']) if not isinstance(t.under(), TypeParam) else f'note({v.name})'
        if t.under().kind in ('slice', 'map', 'chan'): return f'note("len", len({v.name}))'
        if t.under().kind in ('pointer', 'func'): return f'note({v.name} == nil)'
        if t.under().kind == 'interface': return rng.choice([f'note(kind({v.name}))', f'note({v.name} == nil)'])
        return f'_ = {v.name}'

    def is_used(self, v, text):
        """Whether text, in which v is declared, uses it; unsure (false) where another variable has its name."""
        if not v.used or len(re.findall(rf'\b{v.name}(?:, \w+)* :=|, {v.name} :=|var {v.name}\b', text)) > 1: return False
        return re.search(rf'(?<!var )\b{v.name}\b(?! (?:\w+ )?:?= )(?!(?:, \w+)+ :?= )', text) is not None

    def declare(self, name, t, **how):
        v = Var(name, t, **how)
        self.scopes[-1].append(v)
        return v

    def fresh(self, t=None):
        if self.rng.random() < 0.06 and len(self.scopes) > 1:
            here = {v.name for v in self.scopes[-1]}
            outer = [v.name for s in self.scopes[1:-1] for v in s if v.name not in here and v.name[0] == 'v']
            if outer: return self.rng.choice(outer)
        self.names += 1
        return f'v{self.names}'

    def may_call(self, cost): return self.mult * cost < CALL_LIMIT and self.cost + self.mult * cost < 5 * CALL_LIMIT

    def condition(self): return self.moving(BOOL, 1)

    def statement(self):
        self.cost += self.mult
        self.size += 1
        if self.size > self.max_size: return self.assign()
        kinds, weights = self.weights()
        for _ in range(5):
            made = getattr(self, self.rng.choices(kinds, weights)[0])()
            if made: return made
        return self.assign()

    WEIGHTS = {'define': 22, 'assign': 16, 'compound': 8, 'print': 5, 'conditional': 9, 'loop': 11, 'switch': 5, 'type_switch': 4, 'closure': 8,
               'call_statement': 5, 'deferred': 3, 'escape': 5, 'collection': 6, 'channel': 2, 'select': 2, 'goto': 1, 'jump': 3, 'dynamic': 4,
               'multiple': 4, 'guarded': 2, 'local_type': 2, 'constant': 2, 'range_func': 3, 'spare_block': 2, 'leave': 2, 'comma_ok': 4,
               'method_value': 2, 'recursive_closure': 1, 'go_statement': 1, 'buffer': 2, 'fault': 1, 'mutual': 1}
    NESTED = {'conditional', 'loop', 'switch', 'type_switch', 'closure', 'deferred', 'channel', 'select', 'goto', 'guarded', 'range_func', 'spare_block',
              'recursive_closure', 'go_statement', 'mutual', 'local_type'}

    def weights(self):
        deep = self.nesting >= self.max_nesting
        found = {k: w for k, w in self.WEIGHTS.items() if not (deep and k in self.NESTED)}
        if not deep: found['feature'], found['idiom'] = 12, 10
        return list(found), list(found.values())

    def feature(self):
        """A statement about one feature (features.py)."""
        kinds = list(self.FEATURES)
        return getattr(self, self.rng.choices(kinds, list(self.FEATURES.values()))[0])()

    def idiom(self):
        """A family of declarations and their use (idioms.py)."""
        if self.tparams and self.rng.random() < 0.7: return None
        kinds = list(self.IDIOMS)
        return getattr(self, self.rng.choices(kinds, list(self.IDIOMS.values()))[0])()

    def inner(self, lo=1, hi=3): return self.rng.randrange(lo, hi + 1)

    # --- simple statements ---

    def define(self):
        rng, t = self.rng, self.any_type()
        name = self.fresh()
        r = rng.random()
        if r < 0.15:
            self.declare(name, t)
            return [f'var {name} {t}']
        if r < 0.35:
            value = self.value(t)
            self.declare(name, t)
            return [f'var {name} {t} = {value}']
        if r < 0.45:
            u = self.any_type()
            a, b = self.expr(t), self.expr(u)
            self.declare(name, t)
            other = self.fresh()
            if other == name: other = name + 'b'
            self.declare(other, u)
            return [f'{name}, {other} := {a}, {b}']
        value = self.expr(t, self.depth)
        self.declare(name, t)
        return [f'{name} := {value}' if rng.random() < 0.9 else f'var {name} = {value}']

    def assign(self):
        rng = self.rng
        targets = [v for v in self.visible() if v.assignable and not v.final]
        if not targets: return [f'acc += uint64({self.moving(INT, 0)})']
        v = rng.choice(targets)
        places = [(text, t) for text, t, ok in self.steps(v.type, True) if ok]
        text, t = rng.choice(places)
        if text != '{}': v.used = True
        place = self.fill(text.replace('{}', v.name), v)
        value = self.value(t, self.depth)
        if t.under().kind == 'string' and (self.mult > 1 or self.closures): value = f'{t}(short(string({value})))' if t != STRING else f'short({value})'
        if t.under().kind == 'slice' and (self.mult > 1 or self.closures): value = f'few({t}({value}))' if value == 'nil' else f'few({value})'
        return [f'{place} = {value}']

    def compound(self):
        rng = self.rng
        t = rng.choice([b for b in self.basics if b.kind in ('int', 'uint', 'float', 'complex')])
        place = self.reach(t, lvalue=True)
        if not place: return None
        if rng.random() < 0.25: return [f'{place}{rng.choice(["++", "--"])}']
        if t.kind in ('int', 'uint') and rng.random() < 0.6:
            op = rng.choice(['|=', '&=', '^=', '&^=', '<<=', '>>='])
            return [f'{place} {op} ' + (f'{self.moving(INT, 0)} & 7' if op in ('<<=', '>>=') else self.value(t))]
        return [f'{place} {rng.choice(["+=", "-=", "*="])} {self.value(t)}']

    def print(self):
        if self.mult > 16: return None
        found = [v for v in self.visible()]
        if not found: return None
        v = self.rng.choice(found)
        v.used = True
        if self.rng.random() < 0.3:
            t = self.printable_type()
            return [f'note({self.expr(t)})' if t.under().kind != 'func' else 'note()']
        if self.rng.random() < 0.1 and v.type.under().kind in ('int', 'uint', 'string', 'bool', 'float') and not isinstance(v.type, TypeParam): return [f'println("{v.name}", {v.name})']
        return [self.note(v)]

    def constant(self):
        self.names += 1
        n = self.names
        rng = self.rng
        form = rng.randrange(4)
        if form == 0: lines = [f'const c{n} = {rng.randrange(1000)} << {rng.randrange(10)}', f'acc += c{n} % {rng.randrange(1, 50)}']
        elif form == 1: lines = ['const (', f'c{n}a = iota * {rng.randrange(1, 9)}', f'c{n}b', '_', f'c{n}c', ')', f'acc += c{n}a + c{n}b ^ c{n}c']
        elif form == 2: lines = [f'const c{n} int8 = {rng.randrange(-128, 127)}', f'acc += uint64(uint8({self.moving(BASIC["int8"], 0)} + c{n}))']
        else: lines = [f'const c{n} = {rng.choice(["1e20", "1.5", "1<<70"])} / {rng.choice(["3", "7.0", "1e3"])}', f'note(float64(c{n}))']
        return lines

    def fault(self):
        """A statement that may panic; every function runs under a recover."""
        rng = self.rng
        a = self.moving(INT, 1)
        return [rng.choice([f'acc += uint64(100 / ({a} & 7))', f'_ = []int{{1, 2, 3}}[{a} & 3]', f'_ = make([]int, {a} % 5)', f'_ = any({a}).(string)',
                            f'if {a} % 7 == 3 {{ panic({rng.choice([a, STRINGY, "errors.New(" + chr(34) + "e" + chr(34) + ")"])}) }}',
                            f'_ = [4]int{{}}[{a} & 7]', f'_ = ([]int{{1, 2}})[{a} & 1 : {a} & 3]', f'_ = "abc"[{a} & 3:]'])]

    # --- control flow ---

    def conditional(self):
        rng = self.rng
        head = 'if '
        self.scopes.append([])
        if rng.random() < 0.25:
            t, name = self.any_type(), self.fresh()
            value = self.expr(t)
            if '{' in value: value = f'({value})'
            self.declare(name, t)
            head += f'{name} := {value}; '
        lines = [head + self.parenthesised(self.condition()) + ' {'] + self.block(self.inner())
        while rng.random() < 0.25: lines += ['} else if ' + self.parenthesised(self.condition()) + ' {'] + self.block(self.inner())
        if rng.random() < 0.4: lines += ['} else {'] + self.block(self.inner())
        unused = [v for v in self.scopes[-1] if not self.is_used(v, '\n'.join(lines))]
        self.scopes.pop()
        if unused: return [f'{{', f'{unused[0].name} := {value}', f'_ = {unused[0].name}', '}']
        return lines + ['}']

    def parenthesised(self, e): return f'({e})' if '{' in e else e

    def loop(self):
        rng = self.rng
        if self.mult > 200: return None
        n = rng.choice([1, 2, 3, 3, 5]) if self.mult > 10 else rng.choice([2, 3, 5, 10])
        kind = rng.random()
        self.names += 1
        i = f'i{self.names}'
        label = ''
        outer = self.labels
        if rng.random() < 0.2:
            label = f'L{self.names}'
            self.labels = outer + [[label, True, False]]
        else: self.labels = outer + [['', True, True]]
        index = Var(i, INT)
        if kind < 0.3:
            index.used = True
            step = rng.choice([f'{i}++', f'{i} += {rng.randrange(1, 3)}'])
            head, vars = f'for {i} := 0; {i} < {n}; {step}', [index]
            index.assignable = False
        elif kind < 0.45: head, vars = f'for {i} := range {n}', [index]
        elif kind < 0.5: head, vars = f'for range {n}', []
        elif kind < 0.75:
            t = self.rng.choice([s for s in self.types if s.under().kind in ('slice', 'array')] or [Slice(INT)])
            e = self.expr(t, 1)
            e = self.parenthesised(f'few({e})' if t.under().kind == 'slice' else e)
            n = 8
            element = Var(f'e{self.names}', t.under().elem)
            form = rng.randrange(3)
            vars = [[index], [index, element], [element]][form]
            head = f'for {[i, f"{i}, {element.name}", f"_, {element.name}"][form]} := range {e}'
        elif kind < 0.85:
            e = self.parenthesised(f'short({self.value(STRING)})')
            element = Var(f'e{self.names}', BASIC['int32'])
            vars, head, n = [index, element], f'for {i}, {element.name} := range {e}', 8
        elif kind < 0.92:
            t = rng.choice([s for s in self.types if s.under().kind == 'map'] or [Map(STRING, INT)])
            place = self.variable(t) or self.parenthesised(self.composite(t))
            k, e = Var(f'k{self.names}', t.under().key), Var(f'e{self.names}', t.under().elem)
            self.labels = outer
            body = [f'acc += digest({k.name})' if rng.random() < 0.5 and map_key(k.type) else f'_ = {k.name}',
                    f'acc += digest({e.name})' if printable(e.type) else f'_ = {e.name}']
            return [f'for {k.name}, {e.name} := range {place} {{'] + body + ['}']
        else:
            self.labels[-1][2] = True
            state = Var(i, INT)
            state.used = True
            self.scopes.append([state])
            state.assignable = False
            lines = [f'{i} := {n}', (f'{label}: ' if label else '') + f'for {i} > 0 {{', f'{i}--'] + self.block(self.inner(), (), n)
            self.scopes.pop()
            if label: lines += [f'if {self.condition()} {{ continue {label} }}']
            self.labels = outer
            return ['{'] + lines + ['}', '}']
        body = self.block(self.inner(1, 4), vars, n)
        used = self.labels[-1][2]
        self.labels = outer
        if label and not used: body.append(rng.choice([f'if {self.outside_condition()} {{ break {label} }}', f'if {self.outside_condition()} {{ continue {label} }}']))
        return [(f'{label}: ' if label else '') + head + ' {'] + body + ['}']

    def outside_condition(self): return f'acc % {self.rng.randrange(2, 9)} == 1'

    def jump(self):
        """break or continue of a loop around, under a condition."""
        if not self.labels: return None
        label = self.rng.choice(self.labels)
        word = self.rng.choice(['break', 'continue'])
        if label[0]: label[2] = True
        elif label is not self.labels[-1] or self.in_switch: return None
        return [f'if {self.condition()} {{', *self.block(self.inner(0, 1)), f'{word} {label[0]}'.strip(), '}']

    def leave(self):
        """An early return."""
        if self.results is None: return None
        return [f'if {self.condition()} {{', *self.block(self.inner(0, 1)), self.return_statement(), '}']

    def return_statement(self):
        if not self.results: return 'return'
        if self.result_names and self.rng.random() < 0.4: return 'return'
        return 'return ' + ', '.join(self.value(r, 1) for r in self.results)

    def switch(self):
        rng = self.rng
        outer, self.in_switch = self.in_switch, True
        n = rng.randrange(1, 5)
        lines = []
        if rng.random() < 0.4:
            lines.append('switch {')
            heads = [f'case {self.condition()}:' for _ in range(n)]
        else:
            t = rng.choice([INT, STRING, BASIC['uint8'], BASIC['int64']])
            lines.append(f'switch {self.parenthesised(self.moving(t))} {{')
            if t == STRING: pool = ['""', '"a"', '"go"', '"b" + "c"', '"zebra apple"', '"日"', '"k1"']
            else: pool = [str(x) for x in rng.sample(range(0, 120), 12)] + ['0x7f']
            rng.shuffle(pool)
            pool = list(dict.fromkeys(pool))
            heads = []
            for _ in range(n):
                take = [pool.pop() for _ in range(rng.choice([1, 1, 2])) if pool]
                if take: heads.append('case ' + ', '.join(take) + ':')
        if rng.random() < 0.6: heads.insert(rng.randrange(len(heads) + 1), 'default:')
        for k, head in enumerate(heads):
            lines += [head] + self.block(self.inner(0, 2))
            if rng.random() < 0.1 and k < len(heads) - 1: lines.append('fallthrough')
            elif rng.random() < 0.1: lines.append('break')
        self.in_switch = outer
        return lines + ['}']

    def type_switch(self):
        rng = self.rng
        interfaces = [v for v in self.visible() if isinstance(v.type.under(), Interface)]
        outer, self.in_switch = self.in_switch, True
        if interfaces and rng.random() < 0.7:
            v = rng.choice(interfaces)
            v.used = True
            subject, it = v.name, v.type
        else: subject, it = f'any({self.expr(self.any_type(concrete=True))})', ANY
        self.names += 1
        name = f't{self.names}' if rng.random() < 0.8 else None
        cases, seen = [], set()
        for _ in range(rng.randrange(1, 5)):
            if it == ANY: t = self.any_type(concrete=True)
            elif it == ERROR: break
            else:
                ts = self.implementers(it)
                if not ts: break
                t = rng.choice(ts)
            if mentions_tparam(t) or str(t) in seen: continue
            seen.add(str(t))
            cases.append(([str(t)], t))
        if it == ANY and rng.random() < 0.3 and self.interfaces:
            i = rng.choice(self.interfaces)
            cases.append(([str(i)], i))
        if rng.random() < 0.2: cases.append((['nil'], it))
        if len(cases) > 1 and rng.random() < 0.3:
            a, b = cases.pop(), cases.pop()
            cases.append((a[0] + b[0], it))
        lines, used = [], False
        for texts, t in cases:
            var = Var(name, t) if name else None
            if var: var.used = True
            body = self.block(self.inner(0, 2), [var] if var else [])
            if var and not used:
                body.insert(0, f'_ = {name}')
                used = True
            lines += ['case ' + ', '.join(texts) + ':'] + body
        if rng.random() < 0.5 or not lines: lines += ['default:'] + ([f'_ = {name}'] if name and not used else []) + self.block(self.inner(0, 1))
        elif name and not used: lines += ['default:', f'_ = {name}']
        self.in_switch = outer
        subject = self.parenthesised(subject)
        return [f'switch {name + " := " if name else ""}{subject}.(type) {{'] + lines + ['}']

    def goto(self):
        self.names += 1
        label = f'G{self.names}'
        if self.rng.random() < 0.5 and self.mult < 50:
            n = f'n{self.names}'
            lines = ['{', f'{n} := 0', f'{label}: {n}++'] + ['{'] + self.block(self.inner(), (), 3) + ['}', f'if {n} < 3 {{ goto {label} }}', '}']
            return lines
        return ['{', '{', f'if {self.condition()} {{ goto {label} }}'] + self.block(self.inner(), loop=1) + ['}', f'{label}: acc++', '}']

    def spare_block(self): return ['{'] + self.block(self.inner(1, 4)) + ['}']

    # --- functions ---

    def body(self, signature, n, names, result_names=None, closure=True, tail=None):
        """Lines of a function's body."""
        saved = self.results, self.result_names, self.labels, self.in_switch
        self.results, self.result_names, self.labels, self.in_switch = signature.results, result_names, [], False
        params = [Var(p, t) for p, t in zip(names, signature.params)] + [Var(p, t) for p, t in zip(result_names or [], signature.results)]
        for p in params: p.given, p.assignable = True, p.type is not HIDDEN
        self.scopes.append(params)
        self.closures += closure
        lines = []
        for _ in range(n): lines += self.statement()
        last = tail or (self.return_statement() if signature.results else None)
        lines += self.use_unused(lines + [last or ''])
        if last: lines.append(last)
        self.closures -= closure
        self.scopes.pop()
        self.results, self.result_names, self.labels, self.in_switch = saved
        return lines

    def function_literal(self, t, n=None):
        signature = t.under()
        outer = self.nesting
        self.nesting += 2
        names = []
        for _ in signature.params:
            self.names += 1
            names.append(f'p{self.names}')
        outs = None
        if signature.results and self.rng.random() < 0.2:
            outs = [f'r{self.names}{chr(97 + i)}' for i in range(len(signature.results))]
            self.names += 1
        few = 0 if self.nesting > self.max_nesting else self.inner(0, 2)
        saved = self.mult
        self.mult = max(self.mult, 8)
        lines = self.body(signature, few if n is None else n, names, outs)
        self.mult = saved
        self.nesting = outer
        text = 'func' + signature.signature(names, outs) + ' {' + ('\n' + '\n'.join(lines) + '\n' if lines else '') + '}'
        return Text(text if not isinstance(t, Named) else f'{t}({text})')

    def some_signature(self, n=3):
        rng = self.rng
        return Func([self.any_type() for _ in range(rng.randrange(n))], [self.any_type() for _ in range(rng.choice([0, 1, 1, 1, 2]))])

    def closure(self):
        """A closure assigned once, which later statements may call."""
        t = self.some_signature()
        before = self.cost
        saved, self.mult = self.mult, 1
        literal = self.function_literal(t, self.inner(1, 4))
        self.mult = saved
        cost = max(1, self.cost - before)
        self.cost = before + 1
        name = self.fresh()
        self.declare(name, t, final=True, cost=cost, assignable=False)
        return [f'{name} := {literal}']

    def recursive_closure(self):
        self.names += 1
        name = f'rec{self.names}'
        t = self.rng.choice([INT, STRING])
        self.mult *= 6
        body = self.body(Func([HIDDEN], [t]), self.inner(1, 2), ['n'], tail=f'return {name}(n - 1) + {self.value(t, 0)}')
        self.mult //= 6
        base = self.value(t, 1)
        return [f'var {name} func(n int) {t}', f'{name} = func(n int) {t} {{', f'if n <= 0 {{ return {base} }}', *body, '}',
                f'note({name}({self.rng.randrange(6)}))']

    def mutual(self):
        self.names += 1
        a, b = f'even{self.names}', f'odd{self.names}'
        return [f'var {a}, {b} func(n int) bool', f'{a} = func(n int) bool {{', *self.body(Func([HIDDEN], [BOOL]), 1, ['n'], tail=f'return n == 0 || {b}(n-1)'), '}',
                f'{b} = func(n int) bool {{ return n != 0 && {a}(n-1) }}', f'note({a}({self.rng.randrange(9)}))']

    def call_statement(self):
        callees = [f for f in self.functions if not f.tparams and self.may_call(f.cost)]
        locals = [v for v in self.visible() if v.final and self.may_call(v.cost)]
        if not callees + locals: return None
        f = self.rng.choice(callees + locals)
        signature = f.signature if not isinstance(f, Var) else f.type.under()
        if isinstance(f, Var): f.used = True
        self.cost += self.mult * f.cost
        call = f'{f.name}({", ".join(self.arguments(signature, 2))})'
        if not signature.results or self.rng.random() < 0.3: return [call]
        names = [self.fresh() for _ in signature.results]
        if len(set(names)) < len(names): return [call]
        names = [n if self.rng.random() < 0.85 else '_' for n in names]
        if all(n == '_' for n in names): return [', '.join(names) + ' = ' + call]
        for n, t in zip(names, signature.results):
            if n != '_': self.declare(n, t)
        if any(n in {v.name for v in self.scopes[-1][:-len(names)]} for n in names): return None
        return [', '.join(names) + ' := ' + call]

    def dynamic(self):
        """Calls through function values and interfaces, under a global limit of how many there may be."""
        rng = self.rng
        choices = []
        for v in self.visible():
            u = v.type.under()
            if isinstance(u, Func) and not v.final: choices.append((v, v.name, u, f'{v.name} != nil && '))
            if isinstance(u, Interface) and v.type != ERROR:
                for name, f in u.methods: choices.append((v, f'{v.name}.{name}', f, f'{v.name} != nil && '))
        if not choices: return None
        v, callee, signature, guard = rng.choice(choices)
        v.used = True
        if rng.random() < 0.1 and not self.closures: guard = ''
        call = f'{callee}({", ".join(self.arguments(signature, 1))})'
        if len(signature.results) == 1:
            place = self.reach(signature.results[0], lvalue=True)
            if place and rng.random() < 0.6: call = f'{place} = {call}'
            elif printable(signature.results[0]) and self.mult < 10: call = f'note({call})'
        return [f'if {guard}tick() {{', call, '}']

    def deferred(self):
        if self.mult > 10: return None
        r = self.rng.random()
        if r < 0.3: return ['defer func() {', 'if r := recover(); r != nil {', 'note("recovered", kind(r))', *self.body(Func([], []), self.inner(0, 1), []), '}', '}()']
        if r < 0.6:
            literal = self.function_literal(Func([], []), self.inner())
            return [f'defer {literal}()']
        if r < 0.8:
            t = self.printable_type()
            return [f'defer note({self.expr(t)})']
        t = self.any_type()
        return [f'defer {self.function_literal(Func([t], []), 1)}({self.value(t)})']

    def guarded(self):
        """Code that may panic under a recover of its own."""
        lines = self.body(Func([], []), self.inner(1, 3), [])
        what = self.value(self.rng.choice([INT, STRING, ERROR]))
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', *lines, f'if {self.outside_condition()} {{ panic({what}) }}', *self.fault(), '}()']

    def go_statement(self):
        if self.mult > 4: return None
        self.names += 1
        done = f'done{self.names}'
        t = self.printable_type()
        lines = self.body(Func([], []), 1, [])
        return [f'{done} := make(chan {t}, 1)', 'go func() {', f'{done} <- {self.value(t)}', '}()', f'note(<-{done})']

    def method_value(self):
        for v in self.shuffled_visible():
            ms = method_set(Pointer(v.type) if v.assignable and not isinstance(v.type, Pointer) else v.type)
            ms = {n: m for n, m in ms.items() if self.may_call(m.cost)}
            if not ms or isinstance(v.type.under(), Interface): continue
            name = self.rng.choice(sorted(ms))
            m = ms[name]
            v.used = True
            local = self.fresh()
            self.declare(local, m.signature, final=True, cost=m.cost, assignable=False)
            if self.rng.random() < 0.3 and not isinstance(v.type, Pointer) and not m.pointer and not mentions_tparam(v.type):
                self.scopes[-1].pop()
                self.declare(local, Func([v.type] + m.signature.params, m.signature.results, m.signature.variadic), final=True, cost=m.cost, assignable=False)
                return [f'{local} := {v.type}.{name}' if not str(v.type).startswith('struct') else f'{local} := ({v.type}).{name}']
            return [f'{local} := {v.name}.{name}']
        return None

    # --- memory ---

    def escape(self):
        """Values that go to globals, through pointers, into interfaces and closures."""
        rng = self.rng
        found = [v for v in self.visible() if v.assignable]
        if not found: return None
        v = rng.choice(found)
        v.used = True
        r = rng.random()
        if r < 0.2: return [f'sink = {v.name}']
        if r < 0.35: return [f'sink = &{v.name}']
        if r < 0.45: return [f'sinks = append(sinks[:0], {v.name}, &{v.name})']
        if r < 0.55:
            return [f'hook = func() {{ _ = {v.name} }}']
        if r < 0.65:
            name = self.fresh()
            self.declare(name, Pointer(v.type))
            return [f'{name} := &{v.name}']
        if r < 0.75:
            name = self.fresh()
            self.declare(name, ANY)
            return [f'var {name} any = {rng.choice(["", "&"])}{v.name}']
        if r < 0.85: return [f'keep(&{v.name})' if rng.random() < 0.5 else f'look(&{v.name})']
        if r < 0.92: return [f'box := struct{{ p *{v.type}; v {v.type} }}{{&{v.name}, {v.name}}}', rng.choice(['_ = box', 'sink = box.p', 'sink = box', 'look(box.p)'])] if self.not_here('box') else None
        return [f'func(p *{v.type}) {{ {rng.choice(["_ = p", "sink = p", "look(p)", "_ = *p"])} }}(&{v.name})']

    def not_here(self, name):
        if any(v.name == name for v in self.scopes[-1]): return False
        v = self.declare(name, ANY, assignable=False)
        v.used = True
        self.scopes[-1].remove(v)
        marker = Var(name, Struct([]), assignable=False)
        marker.used = True
        self.scopes[-1].append(marker)
        return True

    def buffer(self):
        """make and new of sizes about the compiler's limits."""
        rng = self.rng
        name = self.fresh()
        t = rng.choice([BASIC['uint8'], INT, STRING])
        n = rng.choice([1, 31, 32, 33, 100, 4096, 8191, 8192, 8193, 65535, 65536, 65537])
        form = rng.randrange(6)
        if form == 0: lines = [f'{name} := make([]{t}, {n})', f'{name}[{self.moving(INT, 0)} & 0] = {self.value(t)}']
        elif form == 1: lines = [f'{name} := new([{n}]{t})', f'{name}[0] = {self.value(t)}']
        elif form == 2: lines = [f'var {name} [{n}]{t}', f'{name}[{n - 1}] = {self.value(t)}', f'look(&{name})']
        elif form == 3: lines = [f'{name} := make([]{t}, 0, {n})', f'{name} = append({name}, {self.value(t)})']
        elif form == 4: lines = [f'{name} := [{n}]{t}{{{n - 1}: {self.value(t)}}}', f'{name}[0] = {self.value(t)}']
        else: lines = [f'{name} := &[{n}]{t}{{}}', f'{name}[0] = {self.value(t)}']
        if self.mult > 4 and n > 1000: return None
        self.not_here(name)
        return lines + rng.choice([[f'_ = {name}'], [f'note(len({name}))'], [f'sink = {name}'] if form in (1, 5) else [f'_ = {name}']])

    def collection(self):
        rng = self.rng
        found = [v for v in self.visible() if v.type.under().kind in ('slice', 'map') and v.assignable]
        if not found: return None
        v = rng.choice(found)
        v.used = True
        u = v.type.under()
        if u.kind == 'map':
            r = rng.random()
            key = self.value(u.key, 1)
            guard = f'if {v.name} != nil {{ ' if rng.random() < 0.9 else '{ '
            if r < 0.5: return [f'{guard}{v.name}[{key}] = {self.value(u.elem)} }}']
            if r < 0.6: return [f'clear({v.name})']
            return [f'delete({v.name}, {key})']
        r = rng.random()
        if r < 0.5: return [f'{v.name} = append({"few(" + v.name + ")" if self.mult > 1 else v.name}, {", ".join(self.value(u.elem) for _ in range(rng.randrange(1, 4)))})']
        if r < 0.6: return [f'copy({v.name}, {self.moving(v.type, 1)})']
        if r < 0.65: return [f'clear({v.name})']
        if r < 0.85: return [f'if len({v.name}) > 0 {{ {v.name}[{self.moving(INT, 0)} & 0] = {self.value(u.elem)} }}']
        return [f'if len({v.name}) > 2 {{ {v.name}[0], {v.name}[1] = {v.name}[1], {v.name}[0] }}', f'{v.name} = {v.name}[:len({v.name}):len({v.name})]']

    def channel(self):
        if self.mult > 10: return None
        rng = self.rng
        self.names += 1
        c, t = f'ch{self.names}', self.any_type()
        e = Var(f'e{self.names}', t)
        n = rng.randrange(1, 4)
        if rng.random() < 0.5:
            return [f'{c} := make(chan {t}, {n})'] + [f'{c} <- {self.value(t)}' for _ in range(n)] + [f'close({c})', f'for {e.name} := range {c} {{', f'_ = {e.name}', *self.block(1, [e], n), '}']
        size = rng.choice(['', ', 1', ', 2'])
        return [f'{c} := make(chan {t}{size})', 'go func() {', f'defer close({c})', f'{c} <- {self.value(t)}', '}()', f'for {e.name} := range {c} {{', f'_ = {e.name}', *self.block(1, [e]), '}']

    def select(self):
        if self.mult > 20: return None
        rng = self.rng
        self.names += 1
        c, d, t = f'ch{self.names}', f'dh{self.names}', self.any_type()
        e = Var(f'e{self.names}', t)
        lines = [f'{c}, {d} := make(chan {t}, 1), make(chan {t})']
        outer, self.in_switch = self.in_switch, True
        if rng.random() < 0.5: lines += [f'{c} <- {self.value(t)}', 'select {', f'case {e.name} := <-{c}:', f'_ = {e.name}', *self.block(1, [e]), f'case <-{d}:', *self.block(1), '}']
        else: lines += ['select {', f'case {d} <- {self.value(t)}:', f'case {c} <- {self.value(t)}:', *self.block(1), '}', f'select {{', f'case {e.name}, ok := <-{d}:', f'_, _ = {e.name}, ok', 'default:', *self.block(1), '}']
        self.in_switch = outer
        return lines

    # --- several values ---

    def multiple(self):
        rng = self.rng
        r = rng.random()
        t = self.any_type()
        a, b = self.reach(t, lvalue=True), self.reach(t, lvalue=True)
        if not a or not b: return None
        if r < 0.6: return [f'{a}, {b} = {self.value(t)}, {self.value(t)}']
        x, y = self.reach(t), self.reach(t)
        return [f'{a}, {b} = {x}, {y}']

    def comma_ok(self):
        rng = self.rng
        name, ok = self.fresh(), self.fresh()
        if name == ok or any(v.name in (name, ok) for v in self.scopes[-1]): return None
        r = rng.random()
        if r < 0.5:
            maps = [v for v in self.visible() if v.type.under().kind == 'map']
            if not maps: return None
            v = rng.choice(maps)
            v.used = True
            text, t = f'{v.name}[{self.value(v.type.under().key)}]', v.type.under().elem
        else:
            t = self.any_type(concrete=True)
            v = [v for v in self.visible() if v.type == ANY]
            if v and rng.random() < 0.7:
                v = rng.choice(v)
                v.used = True
                text = f'{v.name}.({t})'
            else: text = f'any({self.expr(self.any_type(concrete=True))}).({t})'
        self.declare(name, t)
        self.declare(ok, BOOL)
        return [f'{name}, {ok} := {text}']

    def local_type(self):
        self.names += 1
        name = f'local{self.names}'
        rng = self.rng
        if rng.random() < 0.5: t = Named(name, rng.choice(self.basics))
        else: t = Named(name, Struct([(f'f{i}', self.any_type(), False) for i in range(rng.randrange(1, 4))]))
        value = self.composite(t) if isinstance(t.underlying, Struct) else self.literal(t)
        v = self.fresh()
        self.declare(v, t)
        return [f'type {name} {t.underlying}', f'{v} := {value}']

    def range_func(self):
        if self.mult > 40: return None
        rng = self.rng
        self.names += 1
        i, e = Var(f'i{self.names}', INT), Var(f'e{self.names}', INT)
        n = rng.randrange(2, 6)
        outer = self.labels
        label = f'L{self.names}' if rng.random() < 0.3 else ''
        self.labels = outer + [[label, True, not label]]
        form = rng.randrange(4)
        if form == 0: head, vars = f'{i.name} := range upto({n})', [i]
        elif form == 1:
            t = rng.choice([s for s in self.types if s.under().kind == 'slice' and not isinstance(s, Named)] or [Slice(INT)])
            e.type, n = t.elem, 6
            head, vars = f'{i.name}, {e.name} := range pairs({self.parenthesised(self.moving(t, 1))})', [i, e]
        elif form == 2: head, vars = f'range times({n})', []
        else:
            t = self.any_type()
            e.type = t
            k = rng.randrange(1, 3)
            yields = [f'if !yield({self.value(t, 1)}) {{ return }}' for _ in range(k)]
            self.names += 1
            head, vars, n = f'{e.name} := range func(yield func({t}) bool) {{' + '\n' + '\n'.join(yields) + '\n}', [e], k
        body = self.block(self.inner(1, 3), vars, n)
        if label and not self.labels[-1][2]: body.append(f'if {self.outside_condition()} {{ {rng.choice(["break", "continue"])} {label} }}')
        self.labels = outer
        return [(f'{label}: ' if label else '') + f'for {head} {{'] + body + ['}']


STRINGY = '"boom"'
