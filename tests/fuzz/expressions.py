"""Random expressions of a wanted type."""
import re

from go_types import (ANY, BASIC, BOOL, ERROR, FLOAT, INT, STRING, Array, Func, Interface, Map, Named, Pointer, Slice, Struct, TypeParam,
                      comparable, implements, map_key, mentions_tparam, method_set, substitute, unify)


class Text(str):
    """An expression's text; const says that the compiler evaluates it."""
    const = False

    @staticmethod
    def constant(s):
        t = Text(s)
        t.const = True
        return t


def conversion(t, e):
    """A conversion's text, with parentheses where the type would read on."""
    s = str(t)
    return f'({s})({e})' if s[0] in '*<' or 'func' in s or s.startswith('chan') else f'{s}({e})'


class Var:
    """A variable in scope. `final` are closures assigned once, whose cost is known; they may be called
    anywhere. `given` are parameters, which need no use."""

    def __init__(self, name, type, assignable=True, final=False, cost=0):
        self.name, self.type, self.assignable, self.final, self.cost, self.used, self.given = name, type, assignable, final, cost, False, False


FLOATS = ['0', '1', '-1.5', '3.25', '1e10', '2.5e-3', '0.1', '1e300', '-0.0', '1e-310', '7']
FLOATS32 = ['0', '1', '-1.5', '3.25', '1e10', '2.5e-3', '0.1', '3e38', '1e-42']
STRINGS = ['""', '"a"', '"go"', '"héllo"', '"日本語"', '"x\\x00y"', '"\\xff\\xfe"', '"tab\\tquote\\""', '`raw\\n`', '"zebra apple"', '"😀!"']
RUNES = ["'a'", "'é'", "'世'", "'\\n'", "'😀'", "'\\x7f'", "'0'"]


class Expressions:
    """The part of the generator that makes expressions; `self.scopes` are lists of Var, innermost last."""

    # --- variables and what is reached through them ---

    def visible(self):
        shadowed = set()
        for scope in reversed(self.scopes):
            for v in reversed(scope):
                if v.name not in shadowed:
                    shadowed.add(v.name)
                    yield v

    def steps(self, t, lvalue, depth=2):
        """What is reachable from a value of type t: (text with {}, type, assignable) with the value itself first."""
        found = [('{}', t, True)]
        if depth == 0: return found
        u = t.under()
        if isinstance(u, Struct):
            for name, f, _ in u.fields:
                for text, s, ok in self.steps(f, lvalue, depth - 1): found.append((text.replace('{}', '{}.' + name), s, ok))
        elif isinstance(u, Pointer) and isinstance(u.elem.under(), Struct):
            for name, f, _ in u.elem.under().fields:
                for text, s, ok in self.steps(f, lvalue, depth - 1): found.append((text.replace('{}', '{}.' + name), s, ok))
            found.append(('(*{})', u.elem, True))
        elif isinstance(u, Pointer):
            found.append(('(*{})', u.elem, True))
        elif isinstance(u, Array) and u.length:
            for text, s, ok in self.steps(u.elem, lvalue, depth - 1): found.append((text.replace('{}', '{}[%A' + str(u.length) + '%]'), s, ok))
        elif isinstance(u, Slice):
            if not lvalue: found.append(('at({}, %I%)', u.elem, False))
            if self.rng.random() < 0.05: found.append(('{}[%S%]', u.elem, True))
        elif isinstance(u, Map) and depth == 2:
            found.append(('{}[%K%]', u.elem, not lvalue or not isinstance(u.elem.under(), (Struct, Array))))
        return found

    def fill(self, text, root):
        """Replaces the index marks of a step by expressions."""
        def index(m):
            if m[1].startswith('A'):
                n = int(m[1][1:])
                if self.rng.random() < 0.6: return str(self.rng.randrange(n))
                if n & (n - 1) == 0 and self.rng.random() < 0.5: return f'{self.variable(INT) or "fuel"}&{n - 1}'
                if self.rng.random() < 0.04: return self.variable(INT) or '0'
                return f'uint({self.variable(INT) or "fuel"})%{n}'
            if m[1] == 'K': return self.variable(root.type.under().key) or self.literal(root.type.under().key)
            return (self.variable(INT) if self.rng.random() < 0.6 else None) or str(self.rng.randrange(4))
        return re.sub(r'%(A\d+|I|K|S)%', index, text)

    def reach(self, t, lvalue=False):
        """A random way to a value of type t through a variable in scope, or None."""
        found = []
        for v in self.visible():
            if lvalue and not v.assignable: continue
            for text, s, ok in self.steps(v.type, lvalue):
                if s == t and (not lvalue or ok): found.append((v, text))
        if not found: return None
        v, text = self.rng.choice(found)
        if not lvalue or text != '{}': v.used = True
        return Text(self.fill(text.replace('{}', v.name), v))

    def variable(self, t):
        found = [v for v in self.visible() if v.type == t]
        if not found: return None
        v = self.rng.choice(found)
        v.used = True
        return Text(v.name)

    # --- the two entrances ---

    def value(self, t, depth=2):
        """An expression assignable to t: untyped constants, nil and implicit conversions to interfaces may be used."""
        u = t.under()
        r = self.rng.random()
        if u.kind == 'interface':
            if u.methods == [] and r < 0.6: return self.expr(self.any_type(concrete=True), depth)
            if u.methods and r < 0.7:
                ts = self.implementers(t)
                if ts: return self.expr(self.rng.choice(ts), depth)
            return self.expr(t, depth)
        if u.kind in ('slice', 'map', 'func') and r < 0.03: return Text('nil')
        if u.kind in ('int', 'uint', 'float', 'complex', 'string', 'bool') and r < 0.25: return self.literal(t, typed=False)
        return self.expr(t, depth)

    def expr(self, t, depth=2):
        """An expression whose type is exactly t."""
        self.size += 1
        if depth <= 0 or self.size > self.max_size:
            return (self.reach(t) if self.rng.random() < 0.75 else None) or self.literal(t)
        r = self.rng.random()
        if r < 0.25:
            found = self.reach(t)
            if found: return found
        if r < 0.45:
            found = self.call(t, depth)
            if found: return found
        if r < 0.52: return self.special(t, depth) or self.literal(t)
        maker = getattr(self, 'expr_' + t.under().kind, None)
        made = maker(t, depth) if maker else None
        return made or self.reach(t) or self.literal(t)

    def moving(self, t, depth=1):
        """An expression of type t that is no constant."""
        e = self.expr(t, depth)
        return Text(f'same({e})') if e.const else e

    # --- literals ---

    def literal(self, t, typed=True):
        u, rng = t.under(), self.rng
        if isinstance(t, TypeParam): return self.literal_tparam(t)
        kind = u.kind
        if kind in ('int', 'uint'):
            bits = u.bits
            top = 1 << (bits - 1 if kind == 'int' else bits)
            v = rng.choice([0, 1, 2, 3, 7, 10, 100, rng.randrange(top), top - 1, rng.randrange(min(top, 1000))])
            v %= top
            if kind == 'int' and rng.random() < 0.25: v = rng.choice([-v, -top])
            s = str(v)
            if rng.random() < 0.08 and v >= 0: s = rng.choice([hex(v), bin(v).replace('0b', '0b'), f'0o{v:o}'])
            if kind == 'int' and bits == 32 and rng.random() < 0.15: s = rng.choice(RUNES)
            if rng.random() < 0.05 and v >= 0 and v < 1000 and bits >= 32: s = rng.choice([f'{v}<<3', f'({v}+1)', f'{v}/1*1', f'0{v:o}'])
            return Text.constant(f'{t}({s})' if typed and t != INT or typed and not s.lstrip("-").isdigit() else s)
        if kind == 'float':
            s = rng.choice(FLOATS if u.bits == 64 else FLOATS32)
            return Text.constant(f'{t}({s})' if typed else s)
        if kind == 'complex':
            s = rng.choice(['1i', '2+3i', '0', '-1.5i', '1e3-2i', '0.5'])
            return Text.constant(f'{t}({s})' if typed else s)
        if kind == 'string':
            s = rng.choice(STRINGS)
            return Text.constant(f'{t}({s})' if typed and t != STRING else s)
        if kind == 'bool':
            s = rng.choice(['true', 'false'])
            return Text.constant(f'{t}({s})' if typed and t != BOOL else s)
        if kind == 'pointer':
            r = rng.random()
            if r < 0.08: return Text(f'({t})(nil)')
            if r < 0.5 and isinstance(u.elem.under(), Struct) and not isinstance(t, Named): return Text('&' + self.composite(u.elem))
            if isinstance(t, Named): return Text(conversion(t, f'new({u.elem})'))
            if r < 0.7 and not isinstance(u.elem, TypeParam): return Text(f'new({self.expr(u.elem, 0)})')
            return Text(f'new({u.elem})')
        if kind in ('slice', 'array', 'map', 'struct'): return self.composite(t)
        if kind == 'func': return self.function_literal(t)
        if kind == 'chan': return Text(f'make({t}, {rng.randrange(1, 4)})')
        if kind == 'interface':
            if t == ANY: return Text(f'any({self.expr(self.any_type(concrete=True), 0)})')
            if t == ERROR: return Text(rng.choice(['error(nil)', 'errors.New("e")', 'fmt.Errorf("w%d", 1)']))
            ts = self.implementers(t)
            return Text(conversion(t, self.expr(rng.choice(ts), 0) if ts else 'nil'))
        raise AssertionError(kind)

    def literal_tparam(self, t):
        if t.able in ('integer', 'number') and self.rng.random() < 0.7: return Text(f'{t}({self.rng.randrange(100)})')
        return Text(f'*new({t})')

    def composite(self, t, depth=0):
        u, rng = t.under(), self.rng
        shallow = depth if self.size < self.max_size else 0
        if isinstance(u, Struct):
            fields = [f for f in u.fields if rng.random() < 0.8]
            if not fields: return Text(f'{t}{{}}')
            if len(fields) == len(u.fields) and rng.random() < 0.5: return Text(f'{t}{{' + ', '.join(self.value(f, shallow) for _, f, _ in fields) + '}')
            return Text(f'{t}{{' + ', '.join(f'{n}: {self.value(f, shallow)}' for n, f, _ in fields) + '}')
        if isinstance(u, Array):
            n = min(u.length, rng.randrange(5))
            if n < u.length and n and rng.random() < 0.3: return Text(f'{t}{{{u.length - 1}: {self.value(u.elem, shallow)}}}')
            return Text(f'{t}{{' + ', '.join(self.element(u.elem, shallow) for _ in range(n)) + '}')
        if isinstance(u, Slice):
            r = rng.random()
            if r < 0.2: return Text(f'make({t}, {rng.randrange(8)})')
            if r < 0.3: return Text(f'make({t}, {rng.randrange(3)}, {rng.randrange(3, 12)})')
            if r < 0.4: return Text(f'make({t}, int(uint({self.moving(INT, 0)})%{rng.choice([3, 7, 20])}))')
            if r < 0.45: return Text(conversion(t, 'nil'))
            return Text(f'{t}{{' + ', '.join(self.element(u.elem, shallow) for _ in range(rng.randrange(5))) + '}')
        if isinstance(u, Map):
            if rng.random() < 0.3: return Text(f'make({t})' if rng.random() < 0.7 else f'make({t}, {rng.choice([0, 4, 8, 9, 50])})')
            keys = self.distinct_keys(u.key, rng.randrange(4))
            return Text(f'{t}{{' + ', '.join(f'{k}: {self.value(u.elem, shallow)}' for k in keys) + '}')
        raise AssertionError(str(t))

    def distinct_keys(self, t, n):
        u = t.under()
        if u.kind in ('int', 'uint'): return [str(i) for i in self.rng.sample(range(1, 100), n)]
        if u.kind == 'string': return [f'"k{i}"' for i in self.rng.sample(range(100), n)]
        if u.kind == 'bool': return self.rng.sample(['true', 'false'], min(n, 2))
        return [self.expr(t, 0)] if n and not isinstance(t, TypeParam) and not isinstance(u, (Struct, Array)) else []

    def element(self, t, depth):
        """An element of a literal; the type is left out where Go allows it."""
        if isinstance(t.under(), (Struct, Array, Slice, Map)) and self.rng.random() < 0.4:
            made = self.composite(t)
            if made.startswith(f'{t}{{'): return Text(made[len(str(t)):])
            return made
        return self.value(t, depth)

    # --- by kind ---

    def expr_int(self, t, depth):
        rng, bits = self.rng, t.under().bits
        r = rng.random()
        if r < 0.4:
            op = rng.choice(['+', '-', '*', '&', '|', '^', '&^', '/', '%'])
            a = self.moving(t, depth - 1)
            if op in '/%' and not isinstance(t.under(), TypeParam):
                if rng.random() < 0.4: return Text(f'({a} {op} {rng.choice([1, 2, 3, 5, 7, 8, 10, 16, 100])})')
                if rng.random() < 0.05: return Text(f'({a} {op} {self.moving(t, depth - 1)})')
                return Text(f'({a} {op} ({self.moving(t, depth - 1)} | 1))')
            b = self.value(t, depth - 1) if rng.random() < 0.9 else a
            return Text(f'({a} {op} {b})')
        if r < 0.52:
            count = rng.choice([str(rng.randrange(bits)), f'(uint({self.moving(INT, 0)}) & {rng.choice([7, 31, 63, 127])})', f'uint8({self.moving(INT, 0)})',
                                f'({self.moving(INT, 0)} & 15)'])
            return Text(f'({self.moving(t, depth - 1)} {rng.choice(["<<", ">>"])} {count})')
        if r < 0.60: return Text(f'{rng.choice(["-", "^", "+"])}({self.moving(t, depth - 1)})')
        if r < 0.75: return self.conversion(t, depth)
        if r < 0.80: return Text(f'{rng.choice(["min", "max"])}({self.moving(t, depth - 1)}, {self.value(t, 0)})')
        if r < 0.95:
            e = self.length(depth)
            if e: return e if t == INT else Text(f'{t}({e})')
        if t == INT: return self.library_int(depth)
        return None

    expr_uint = expr_int

    def length(self, depth):
        ts = [v.type for v in self.visible() if v.type.under().kind in ('slice', 'map', 'string', 'array', 'chan')]
        if not ts: return Text(f'len({self.moving(STRING, depth - 1)})')
        t = self.rng.choice(ts)
        e = self.reach(t) or self.expr(t, 0)
        function = 'cap' if self.rng.random() < 0.1 and t.under().kind in ('chan',) else 'len'
        made = Text(f'{function}({e})')
        if t.under().kind == 'array': return Text(f'same({made})')
        return made

    def library_int(self, depth):
        s = lambda: self.value(STRING, 0)
        return Text(self.rng.choice([
            lambda: f'strings.Index({s()}, {s()})', lambda: f'strings.Count({s()}, "a")', lambda: f'bits.OnesCount({self.value(BASIC["uint"], 0)})',
            lambda: f'bits.LeadingZeros64({self.value(BASIC["uint64"], 0)})', lambda: f'atoi({s()})', lambda: f'len(fmt.Sprint({self.value(INT, 0)}, {s()}))',
            lambda: f'cmp.Compare({self.expr(STRING, 0)}, {s()})', lambda: f'utf8.RuneCountInString({s()})', lambda: f'strings.Compare({s()}, {s()})'])())

    def conversion(self, t, depth):
        kinds = ('int', 'uint', 'float') if self.rng.random() < 0.3 else ('int', 'uint')
        if isinstance(t, TypeParam): return None
        source = self.rng.choice([b for b in self.basics if b.kind in kinds])
        e = self.moving(source, depth - 1)
        if source.kind == 'float' and t.under().kind in ('int', 'uint'): e = f'float64(clampf(float64({e})))'
        return Text(f'{t}({e})')

    def expr_float(self, t, depth):
        r = self.rng.random()
        if r < 0.55:
            op = self.rng.choice('+-*/')
            b = self.value(t, depth - 1)
            if op == '/' and getattr(b, 'const', False): b = self.rng.choice(['2', '0.5', '3'])
            return Text(f'({self.moving(t, depth - 1)} {op} {b})')
        if r < 0.75: return self.conversion(t, depth)
        if r < 0.85: return Text(f'-({self.moving(t, depth - 1)})')
        if t == FLOAT:
            return Text(self.rng.choice([lambda: f'math.Sqrt({self.value(t, 0)})', lambda: f'math.Floor({self.value(t, 0)})', lambda: f'math.Abs({self.value(t, 0)})',
                                         lambda: f'real({self.moving(BASIC["complex128"], 0)})', lambda: f'imag({self.moving(BASIC["complex128"], 0)})',
                                         lambda: f'math.Mod({self.value(t, 0)}, 3)', lambda: f'max({self.moving(t, 0)}, 1)'])())
        return None

    def expr_complex(self, t, depth):
        r = self.rng.random()
        if r < 0.6: return Text(f'({self.moving(t, depth - 1)} {self.rng.choice("+-*")} {self.value(t, depth - 1)})')
        if t == BASIC['complex128']: return Text(f'complex({self.moving(FLOAT, depth - 1)}, {self.value(FLOAT, 0)})')
        return Text(f'{t}({self.moving(BASIC["complex128"], depth - 1)})')

    def expr_string(self, t, depth):
        rng = self.rng
        r = rng.random()
        if r < 0.35:
            parts = [self.moving(t, depth - 1)] + [self.value(t, depth - 1) for _ in range(rng.choice([1, 1, 2, 4]))]
            return Text('(' + ' + '.join(parts) + ')')
        if t != STRING: return Text(f'{t}({self.moving(STRING, depth - 1)})')
        if r < 0.5: return Text(f'cut({self.value(STRING, depth - 1)}, {self.value(INT, 0)}, {self.value(INT, 0)})')
        if r < 0.6: return Text(f'string({self.moving(BASIC["int32"], depth - 1)})')
        if r < 0.7: return Text(f'string({self.moving(Slice(BASIC["uint8"]), depth - 1)})')
        if r < 0.75: return Text(f'string({self.moving(Slice(BASIC["int32"]), depth - 1)})')
        p = self.printable_type()
        return Text(rng.choice([
            lambda: f'strings.Repeat({self.value(t, 0)}, {rng.randrange(4)})', lambda: f'strconv.Itoa({self.value(INT, 0)})',
            lambda: f'fmt.Sprint({self.value(p, 0)})', lambda: f'fmt.Sprintf("{rng.choice(["%v", "%+v", "%#v", "%T"])}", {self.value(p, 0)})',
            lambda: f'fmt.Sprintf("{rng.choice(["%d", "%5d|", "%-6d|", "%x", "%08b", "%c", "%q", "%U", "%+d"])}", {self.moving(INT, 0)})',
            lambda: f'fmt.Sprintf("{rng.choice(["%8.3f", "%e", "%g", "%v", "%.2g"])}", {self.moving(FLOAT, 0)})', lambda: f'strings.ToUpper({self.value(t, 0)})',
            lambda: f'strings.Join({self.value(Slice(STRING), 0)}, "-")', lambda: f'strconv.Quote({self.value(t, 0)})'])())

    def expr_bool(self, t, depth):
        rng = self.rng
        r = rng.random()
        if r < 0.45:
            s = rng.choice([b for b in self.basics if b.kind in ('int', 'uint', 'float', 'string')])
            made = f'({self.moving(s, depth - 1)} {rng.choice(["==", "!=", "<", "<=", ">", ">="])} {self.value(s, depth - 1)})'
        elif r < 0.6: made = f'({self.moving(BOOL, depth - 1)} {rng.choice(["&&", "||"])} {self.moving(BOOL, depth - 1)})'
        elif r < 0.7: made = f'!{self.moving(BOOL, depth - 1)}'
        else:
            s = self.any_type()
            if s.under().kind in ('slice', 'map', 'func', 'pointer', 'interface') and rng.random() < 0.5:
                made = f'({self.moving(s, depth - 1)} {rng.choice(["==", "!="])} nil)'
            elif comparable(s): made = f'({self.moving(s, depth - 1)} {rng.choice(["==", "!="])} {self.moving(s, depth - 1)})'
            else: return None
        return Text(made if t == BOOL else f'{t}({made})')

    def expr_pointer(self, t, depth):
        elem = t.under().elem
        if isinstance(t, Named): return None
        v = [v for v in self.visible() if v.type == elem and v.assignable and not v.final]
        if v and self.rng.random() < 0.6:
            v = self.rng.choice(v)
            v.used = True
            return Text(f'&{v.name}')
        place = self.reach(elem, lvalue=True)
        if place and place.startswith('(*') and place.endswith(')') and place.count('(') == 1: return Text(place[2:-1])
        if place and '[%' not in place and self.addressable(place): return Text(f'&{place}')
        return None

    def addressable(self, place):
        """A map's element is none; every other place that reach gives is."""
        m = re.match(r'\(*\**(\w+)', place)
        v = next((v for v in self.visible() if v.name == m[1]), None)
        return v is not None and not isinstance(v.type.under(), Map)

    def expr_slice(self, t, depth):
        rng, u = self.rng, t.under()
        r = rng.random()
        if r < 0.3:
            base = self.reach(t) or self.literal(t)
            if base == 'nil' or base.startswith('make') or base.startswith(str(t)) or rng.random() < 0.7:
                items = ', '.join(self.value(u.elem, depth - 1) for _ in range(rng.randrange(1, 4)))
                return Text(f'append({base}, {items})')
            return Text(f'append({base}[:len({base}):len({base})], {self.moving(t, 0)}...)')
        if r < 0.4: return Text(f'append({conversion(t, "nil")}, {self.moving(t, depth - 1)}...)')
        if r < 0.5: return Text(f'clip({self.moving(t, 0)}, {self.value(INT, 0)}, {self.value(INT, 0)})')
        if r < 0.6:
            for n in (2, 3, 4, 8):
                v = [v for v in self.visible() if v.type == Array(n, u.elem) and v.assignable]
                if v and not isinstance(t, Named):
                    v = rng.choice(v)
                    v.used = True
                    return Text(f'{v.name}[{rng.choice(["", "1", "0"])}:{rng.choice(["", "2"])}]')
        if r < 0.7 and u.elem in (BASIC['uint8'], BASIC['int32']): return Text(f'{t}({self.moving(STRING, depth - 1)})' if not isinstance(t, Named) else f'{t}([]{u.elem}({self.moving(STRING, 0)}))')
        if r < 0.75 and map_key(u.elem) and u.elem.under().kind in ('int', 'string') and not isinstance(t, Named):
            return Text(f'keys({self.moving(Map(u.elem, INT), 0)})')
        return self.composite(t, depth - 1)

    def expr_array(self, t, depth): return self.composite(t, depth - 1)
    expr_struct = expr_map = expr_array

    def expr_interface(self, t, depth):
        ts = self.implementers(t) if t != ANY else [self.any_type(concrete=True)]
        if t == ERROR: return self.literal(t)
        if not ts: return None
        return Text(f'{t}({self.expr(self.rng.choice(ts), depth - 1)})')

    def expr_func(self, t, depth):
        u, rng = t.under(), self.rng
        if rng.random() < 0.3:
            named = [f for f in self.functions if not f.tparams and f.signature == u and f.cost < 100]
            if named: return Text(rng.choice(named).name)
        if rng.random() < 0.3:
            for v in self.shuffled_visible():
                for name, m in method_set(v.type).items():
                    if m.signature == u and self.may_call(m.cost) and not isinstance(v.type.under(), Interface):
                        v.used = True
                        return Text(f'{v.name}.{name}')
        return self.function_literal(t)

    def expr_tparam(self, t, depth):
        r = self.rng.random()
        if t.able in ('integer', 'number') and r < 0.7:
            return Text(f'({self.moving(t, depth - 1)} {self.rng.choice("+-*")} {self.value(t, depth - 1)})')
        if t.able == 'ordered' and r < 0.4: return Text(f'{self.rng.choice(["min", "max"])}({self.moving(t, 0)}, {self.moving(t, 0)})')
        return None

    # --- calls ---

    def shuffled_visible(self):
        found = list(self.visible())
        self.rng.shuffle(found)
        return found

    def arguments(self, signature, depth):
        params, texts = list(signature.params), []
        if signature.variadic:
            last = params.pop()
            texts = [self.value(p, depth - 1) for p in params]
            if self.rng.random() < 0.25: return texts + [self.moving(last, depth - 1) + '...']
            return texts + [self.value(last.elem, depth - 1) for _ in range(self.rng.randrange(4))]
        return [self.expr(p, depth - 1) if isinstance(signature, ExactFunc) else self.value(p, depth - 1) for p in params]

    def call(self, t, depth):
        """A call with the one result t, or None."""
        choices = []
        for f in self.functions:
            if len(f.signature.results) != 1 or not self.may_call(f.cost): continue
            if not f.tparams and f.signature.results[0] == t: choices.append((f.name, f.signature, f.cost))
            elif f.tparams:
                binding = {}
                if not unify(f.signature.results[0], t, binding): continue
                inst = self.instantiate(f, binding)
                if inst: choices.append(inst)
        for v in self.visible():
            if v.final and isinstance(v.type.under(), Func) and v.type.under().results == [t] and self.may_call(v.cost):
                choices.append((v, v.type.under(), v.cost))
            elif isinstance(v.type.under(), Interface) or self.in_method: continue
            else:
                for name, m in method_set(v.type if not v.assignable else Pointer(v.type) if not isinstance(v.type, Pointer) else v.type).items():
                    if m.signature.results == [t] and self.may_call(m.cost): choices.append((v, m.signature, m.cost, name))
        if not choices: return None
        callee, signature, cost, *method = self.rng.choice(choices)
        if isinstance(callee, Var):
            callee.used = True
            name = callee.name + (f'.{method[0]}' if method else '')
        else: name = callee
        if method and self.rng.random() < 0.08 and not isinstance(callee.type, Pointer) and not isinstance(callee.type.under(), Interface):
            name, first = f'(*{callee.type}).{method[0]}', f'&{callee.name}'
            if not callee.assignable: name, first = callee.name + '.' + method[0], None
        else: first = None
        self.cost += self.mult * cost
        args = self.arguments(signature, depth)
        return Text(f'{name}({", ".join(([first] if first else []) + args)})')

    def instantiate(self, f, binding):
        """A generic function with type arguments: (spelled name, signature, cost), or None when a constraint is not met."""
        targs = []
        for p in f.tparams:
            if str(p) not in binding: binding[str(p)] = self.type_argument(p)
            a = binding[str(p)]
            if a is None or not self.satisfies(a, p): return None
            targs.append(a)
        signature = substitute(f.signature, binding)
        inferable = all(any(str(p) == str(q) or isinstance(q, (Slice, Pointer)) and str(q.elem) == str(p) for q in f.signature.params) for p in f.tparams)
        # With untyped constants and nil as arguments inference finds other types: name the types, except where arguments are exact.
        name = f.name + '[' + ', '.join(map(str, targs)) + ']'
        if inferable and self.rng.random() < 0.5 and not f.signature.variadic: return (f.name, ExactFunc(signature), f.cost)
        return (name, signature, f.cost)

    def satisfies(self, t, p):
        u = t.under()
        if isinstance(t, TypeParam): return t.able == p.able or p.able == 'any' or p.able == 'comparable' and t.able != 'any' or (t.able, p.able) in (('integer', 'number'), ('integer', 'ordered'))
        if p.able == 'any': return True
        if p.able == 'comparable': return comparable(t)
        if p.able == 'integer': return u.kind in ('int', 'uint')
        if p.able == 'number': return u.kind in ('int', 'uint', 'float')
        if p.able == 'ordered': return u.kind in ('int', 'uint', 'float', 'string')
        if p.able.startswith('I'): return not isinstance(u, Interface) and implements(t, self.interface_named(p.able))
        return False

    def type_argument(self, p):
        for _ in range(10):
            t = self.any_type(concrete=True)
            if p.able in ('integer', 'number', 'ordered'): t = self.rng.choice(self.basics)
            if p.able.startswith('I'):
                ts = self.implementers(self.interface_named(p.able))
                t = self.rng.choice(ts) if ts else t
            if self.satisfies(t, p): return t
        return None

    def special(self, t, depth):
        """Shapes that fit every type: a closure called at once, a dereferenced address, a receive, an assertion, an element."""
        rng = self.rng
        r = rng.random()
        if r < 0.3: return Text(self.function_literal(Func([], [t])) + '()')
        if r < 0.4 and not mentions_tparam(t): return Text(f'any({self.expr(t, depth - 1)}).({t})')
        if r < 0.5: return Text(f'*new({t})') if rng.random() < 0.3 else Text(f'*ref({self.expr(t, depth - 1)})')
        if r < 0.6: return Text(f'same({self.expr(t, depth - 1)})')
        if r < 0.7: return Text(f'[]{t}{{{self.value(t, depth - 1)}, {self.value(t, 0)}}}[{rng.randrange(2)}]')
        if r < 0.8: return Text(f'pick({self.value(BOOL, 0)}, {self.expr(t, depth - 1)}, {self.expr(t, 0)})')
        if r < 0.9: return Text(f'struct{{ a, b {t} }}{{{self.value(t, 0)}, {self.value(t, 0)}}}.{rng.choice("ab")}')
        return Text(f'apply({self.expr(t, 0)}, {self.function_literal(Func([t], [t]))})')


class ExactFunc(Func):
    """A signature whose arguments must have exactly the parameters' types, because types are inferred from them."""
    def __init__(self, signature): super().__init__(signature.params, signature.results, signature.variadic)
