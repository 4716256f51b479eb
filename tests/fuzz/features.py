"""Random statements about one feature each: what the language does at its edges, in small programs of their own."""
from expressions import Var
from go_types import BASIC, BOOL, INT, STRING, Array, Func, Slice

NUMBERS = ['int8', 'int16', 'int32', 'int64', 'int', 'uint8', 'uint16', 'uint32', 'uint64', 'uint', 'uintptr', 'float32', 'float64']
FLOATS = ['0', '-0.5', '1.99', '-1.99', '127.5', '128', '255.9', '-129', '32768', '65536.5', '2147483648', '-2147483649', '4294967296', '9.3e18',
          '1.9e19', '1e20', '-1e19', '1e300', 'math.NaN()', 'math.Inf(1)', 'math.Inf(-1)', '5e-324', 'math.MaxFloat32 * 2']


class Features:
    """The part of the generator that makes statements about single features."""

    FEATURES = {'beside_calls': 6, 'exits_of_range_func': 4, 'pulled': 2, 'workers': 2, 'selecting': 2, 'conversions': 3, 'shifting': 2, 'odd_keys': 2,
                'aliasing': 3, 'text_forms': 2, 'complex_numbers': 1, 'recovering': 3, 'array_copies': 2, 'least_and_greatest': 1, 'jumping': 2,
                'literals_beside_calls': 3, 'own_generic': 2}

    def printable_pair(self):
        t = self.printable_type()
        return t, self.number()

    def number(self):
        self.names += 1
        return self.names

    def thunk(self, signature, n=1): return self.function_literal(signature, n)

    def beside_calls(self):
        """Variables next to calls that change them."""
        if self.mult > 4: return None
        rng = self.rng
        t, n = self.printable_pair()
        v, w, f = f'v{n}', f'w{n}', f'f{n}'
        lines = [f'var {v}, {w} {t} = {self.value(t)}, {self.value(t)}', f'{f} := func() {t} {{ {v} = {self.value(t)}; return {v} }}']
        if rng.random() < 0.3: lines.append(f'sink = &{v}')
        if rng.random() < 0.3: lines.append(f'{w}p := &{w}')
        if rng.random() < 0.3: lines.insert(1, f'{v}s, {v}i := []{t}{{{v}, {w}, {v}}}, 1')
        sliced = any(l.startswith(f'{v}s, ') for l in lines)
        calls = [f'note({v}, {f}(), {v})', f'{v}, {w} = {f}(), {v}', f'{w}, {v} = {v}, {f}()', f'note([]{t}{{{v}, {f}(), {v}}}, [2]{t}{{{v}, {f}()}})',
                 f'note(struct{{ a, b {t} }}{{{v}, {f}()}}, {v})', f'note(func() ({t}, {t}) {{ return {v}, {f}() }}())', f'note(any({v}), any({f}()) == any({v}))',
                 f'note(map[string]{t}{{"a": {v}, "b": {f}(), "c": {v}}})', f'note(*ref({v}), {f}(), same({v}))']
        if sliced:
            calls += [f'{v}s[{v}i], {v}i = {f}(), 2', f'{v}i, {v}s[{v}i] = 0, {f}()', f'note({v}s[{v}i], {f}(), len({v}s))', f'{v}s = append({v}s, {v}, {f}())',
                      f'note({v}s[1:], func() int {{ {v}s[1] = {w}; return 1 }}(), {v}s[:2])']
        if t == STRING or t.under().kind in ('int', 'uint', 'float', 'complex'):
            calls += [f'{v} += {f}()', f'note({v} + {f}() + {v})', f'{w} = {v} + {f}()', f'{v} = {f}() + {v}']
        lines += rng.sample(calls, 3) + [f'note({v}, {w})']
        if sliced: lines += [f'note({v}s, {v}i)']
        if any(f'{w}p' in l for l in lines): lines += [f'note(*{w}p)']
        return ['{', *lines, '}']

    def literals_beside_calls(self):
        """Operands that may fault next to calls."""
        if self.mult > 4: return None
        rng = self.rng
        n = self.number()
        bad = rng.choice([f's{n}[i{n}]', f'*p{n}', f'q{n}.a', f'1 / z{n}', f'len(s{n}[i{n}:])', f'm{n}[any(s{n})]', f'x{n}.(int)', f'*x{n}.(*int)', f'f{n}(i{n})'])
        other = rng.choice([f's{n}[i{n}+1]', f'*p{n} + 1', f'len(s{n}[:i{n}])', f'x{n}.(int)', '7', f'g{n}()', f'len([]byte(string(s{n}[0])))'])
        shapes = [f'note({bad}, g{n}(), {other})', f'note({other}, {bad})', f's{n}[0] = {bad} + g{n}()', f's{n}[i{n}], *p{n} = g{n}(), {bad}', f't{n}["a"] = {bad}',
                  f't{n}["a"], t{n}["b"] = g{n}(), {bad}', f'_ = []int{{g{n}(), {bad}, {other}}}', f's{n} = append(s{n}, {bad}, g{n}())',
                  f'_ = struct{{ a, b int }}{{{bad}, g{n}()}}', f'i{n}, s{n}[0] = {bad}, g{n}()', f'_ = {bad} > 0 && g{n}() > 0 || {other} > 1']
        return ['{', f'var p{n} *int', f'var q{n} *struct{{ a int }}', f'var m{n} map[any]int', f'var t{n} map[string]int', f'var x{n} any = "x"', f'var f{n} func(int) int',
                f's{n}, i{n}, z{n} := []int{{1, 2}}, 5, 0', f'g{n} := func() int {{ note("g", {n}); z{n}++; return z{n} }}',
                'func() {', f'defer func() {{ note("caught", kind(recover())) }}()', rng.choice(shapes), '}()',
                f'_, _, _, _, _, _, _ = p{n}, q{n}, m{n}, t{n}, x{n}, f{n}, g{n}', f'note(s{n}, i{n}, z{n})', '}']

    def exits_of_range_func(self):
        """Loops over functions left by return, panic, break and goto, with deferred calls."""
        if self.mult > 3: return None
        rng = self.rng
        t, n = self.printable_pair()
        leave = lambda: rng.choice([f'return {self.value(t)}', f'r{n} = {self.value(t)}; return', f'panic({n})', f'break L{n}', f'continue L{n}', f'goto E{n}', 'break', 'continue'])
        yields = rng.randrange(2, 5)
        sequence = rng.choice([f'upto({yields})', f'func(yield func(int) bool) {{ defer note("end", {n}); for k := range {yields} {{ if !yield(k * k) {{ note("stop", k); return }} }} }}'])
        inner = rng.choice([f'upto({yields})', f'{yields}', f'pairs([]int{{1, 2, 3}})'])
        lines = [f'note(func() (r{n} {t}) {{']
        if rng.random() < 0.6: lines.append(f'defer func() {{ note("recovered", kind(recover()), r{n}) }}()')
        lines += [f'L{n}: for i := range {sequence} {{']
        lines.append(f'if i > 100 {{ break L{n} }}')
        if rng.random() < 0.6: lines.append(rng.choice(['defer note("deferred", i)', f'defer func() {{ note("deferred", i, r{n}); r{n} = {self.value(t)} }}()']))
        lines += [f'if i == {rng.randrange(3)} {{ {leave()} }}', f'for j := range {inner} {{', f'if i + j == {rng.randrange(1, 6)} {{ {leave()} }}']
        if rng.random() < 0.4: lines.append('defer note("inner", i, j)')
        if rng.random() < 0.3: lines.append(f'if j == 1 {{ continue L{n} }}')
        lines += ['note(i, j)', '}', '}', f'if r{n} == r{n} && acc == 1 {{ goto E{n} }}' if t.under().kind not in ('slice', 'map', 'func', 'struct', 'array') else f'if acc == 1 {{ goto E{n} }}',
                  f'E{n}: return', '}())']
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', *lines, '}()']

    def pulled(self):
        if self.mult > 3: return None
        rng = self.rng
        t, n = self.printable_pair()
        yields = [f'if !yield({self.value(t)}) {{ note("stopped"); return }}' for _ in range(rng.randrange(1, 4))]
        if rng.random() < 0.3: yields.append(f'panic("pulled {n}")')
        takes = rng.randrange(1, 6)
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', f'next{n}, stop{n} := iter.Pull(func(yield func({t}) bool) {{', f'defer note("pull ends", {n})', *yields, '})',
                rng.choice([f'defer stop{n}()', f'_ = stop{n}']), f'for range {takes} {{', f'x, ok := next{n}()', 'note(x, ok)', rng.choice(['if !ok { break }', '']), '}',
                rng.choice([f'stop{n}()', f'note(next{n}())']), '}()']

    def workers(self):
        if self.mult > 3: return None
        rng = self.rng
        t, n = self.printable_pair()
        workers, jobs = rng.randrange(1, 5), rng.randrange(1, 8)
        buffer = rng.choice(['', ', 1', ', 3'])
        return ['{', f'jobs, out := make(chan int{buffer}), make([]{t}, {jobs})', 'var wg sync.WaitGroup', 'var mu sync.Mutex', f'total{n} := 0', f'value{n} := {self.value(t)}', f'for w := range {workers} {{', 'wg.Add(1)', 'go func() {',
                'defer wg.Done()', f'for j := range jobs {{', f'out[j] = value{n}', 'mu.Lock()', f'total{n} += j + w - w', 'mu.Unlock()', '}', '}()', '}', f'for j := range {jobs} {{ jobs <- j }}', 'close(jobs)', 'wg.Wait()',
                f'note(total{n}, out)', '}']

    def selecting(self):
        if self.mult > 3: return None
        rng = self.rng
        n = self.number()
        k = rng.randrange(1, 5)
        return ['{', f'a, b, done := make(chan int), make(chan string, {rng.randrange(3)}), make(chan struct{{}})', 'go func() {', 'defer close(done)', f'for i := range {k} {{', 'select {', 'case a <- i:', 'case b <- "never":', '}', '}', 'close(a)', '}()',
                f'sum{n} := 0', f'for open := true; open; {{', 'select {', 'case v, ok := <-a:', 'if !ok { a, open = nil, false; break }', f'sum{n} += v + 1', 'case s := <-b:', f'sum{n} += len(s) - len(s) + 1', '}', '}', '<-done', f'note("sum", sum{n} > 0)', '}']

    def conversions(self):
        rng = self.rng
        n = self.number()
        if rng.random() < 0.6:
            source, value = rng.choice(['float64', 'float64', 'float32']), rng.choice(FLOATS)
            if source == 'float32': value = f'float32(same(float64({value})))'
        else:
            source = rng.choice(NUMBERS[:11])
            value = self.moving(BASIC[source], 1)
        targets = rng.sample(NUMBERS, 6)
        return [f'c{n} := same({source}({value}))', f'note({", ".join(f"{t}(c{n})" for t in targets)})', f'note({rng.choice(NUMBERS)}({rng.choice(NUMBERS)}(c{n})))']

    def shifting(self):
        rng = self.rng
        n = self.number()
        t, c = rng.choice(NUMBERS[:11]), rng.choice(['uint', 'uint8', 'int', 'int64', 'uint64'])
        count = rng.choice(['0', '1', '7', '8', '31', '32', '63', '64', '65', '100'] + (['-1'] if c[0] == 'i' else []))
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', f's{n}, k{n} := {self.moving(BASIC[t], 1)}, same({c}({count}))',
                f'note(s{n} << k{n}, s{n} >> k{n}, -s{n} >> k{n}, ^s{n} << k{n}, {rng.choice(NUMBERS[:11])}(1) << k{n}, s{n} &^ (s{n} << k{n}))', f's{n} {rng.choice(["<<=", ">>="])} k{n}', f'note(s{n})', '}()']

    def odd_keys(self):
        rng = self.rng
        n = self.number()
        form = rng.randrange(4)
        if form == 0: key, keys = 'float64', ['math.NaN()', '0', 'math.Copysign(0, -1)', '1.5', 'math.Inf(1)', 'math.NaN()']
        elif form == 1: key, keys = 'struct{ a string; b int8 }', [f'struct{{ a string; b int8 }}{{{self.value(STRING, 1)}, {self.value(BASIC["int8"], 1)}}}' for _ in range(4)]
        elif form == 2: key, keys = 'any', [self.value(rng.choice([INT]), 1) for _ in range(3)] + ['1', '2']
        else: key, keys = '[2]int16', ['[2]int16{1, 2}', '[2]int16{1, 2}', '[2]int16{-1}', '[2]int16{}']
        wrap = (lambda k: f'any(int({k}))') if form == 2 else lambda k: k
        lines = [f'm{n}[{wrap(rng.choice(keys))}] {rng.choice(["=", "+="])} {rng.randrange(9)}' for _ in range(4)]
        return ['{', f'm{n} := map[{key}]int{{}}', *lines, f'note(len(m{n}), m{n}[{wrap(rng.choice(keys))}])', f'delete(m{n}, {wrap(rng.choice(keys))})',
                f'for k, v := range m{n} {{ if v > 4 {{ delete(m{n}, k) }} }}', f'note(m{n})' if form != 0 else f'note(len(m{n}))', *([f'clear(m{n})', f'note(len(m{n}))'] if rng.random() < 0.4 else []), '}']

    def aliasing(self):
        rng = self.rng
        n = self.number()
        t = self.printable_type()
        index = lambda top: rng.randrange(top)
        steps = []
        for _ in range(rng.randrange(2, 6)):
            a, b = rng.choice('xyz'), rng.choice('xyz')
            i, j = index(3), index(3)
            steps.append(rng.choice([f'{a}{n} = append({b}{n}, {self.value(t)})', f'{a}{n} = append({b}{n}[:{i}], {b}{n}[{j}:]...)', f'note(copy({a}{n}[{i}:], {b}{n}))', f'{a}{n} = {b}{n}[{i}:len({b}{n}):len({b}{n})]',
                                     f'{a}{n}[{i}] = {self.value(t)}', f'{a}{n}[{i}], {b}{n}[{j}] = {b}{n}[{j}], {a}{n}[{i}]', f'clear({a}{n}[{i}:])', f'{a}{n} = slices.Clone({b}{n})', f'{a}{n} = {b}{n}[:{i + 1}]']))
        values = ', '.join(str(self.value(t, 1)) for _ in range(4))
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', f'x{n} := []{t}{{{values}}}', f'y{n}, z{n} := x{n}[1:3], x{n}[:2:3]', f'defer func() {{ note(x{n}, y{n}, z{n}, len(x{n})) }}()', *steps, f'note(x{n}, y{n}, z{n})', '}()']

    def text_forms(self):
        rng = self.rng
        n = self.number()
        text = rng.choice(['"h\\xc3é日\\xff😀"', '""', '"\\xf0\\x9f"', self.value(STRING, 1)])
        return ['{', f't{n} := short(string({text}))', f'b{n}, r{n} := []byte(t{n}), []rune(t{n})', f'for i, c := range t{n} {{ acc += uint64(i) * uint64(uint32(c)) }}', f'for i := range b{n} {{ b{n}[i] ^= byte(i) }}',
                f'note(len(b{n}), len(r{n}), r{n}, string(b{n}) < t{n}, string(r{n}) == t{n}, string(rune({rng.choice(["65", "-1", "0x10FFFF", "0x110000", "0xD800"])})))',
                f'b{n} = append(b{n}, t{n}...)', f'note(copy(b{n}, "xyz"), string(b{n}))', '}']

    def complex_numbers(self):
        rng = self.rng
        n = self.number()
        t = rng.choice(['complex128', 'complex64'])
        part = 'float64' if t == 'complex128' else 'float32'
        value = lambda: f'complex({part}({self.moving(BASIC[part], 0)}), {part}({rng.choice(["0", "1.5", "-2", "0.25"])}))'
        return ['{', f'a{n}, b{n} := {value()}, {value()}', f'note(a{n}*b{n}, a{n}-b{n}, a{n} == b{n}, real(a{n}), imag(b{n}))', f'if b{n} != 0 {{ note(a{n} / b{n}) }}', f'a{n} {rng.choice(["+=", "-=", "*="])} b{n}', f'note(a{n}, {rng.choice(["complex64", "complex128"])}(a{n}), -a{n})', '}']

    def recovering(self):
        if self.mult > 3: return None
        rng = self.rng
        t, n = self.printable_pair()
        layers = []
        for k in range(rng.randrange(1, 4)):
            layers.append(rng.choice([f'defer func() {{ note("layer", {k}, kind(recover())) }}()', f'defer func() {{ r := recover(); if r != nil {{ panic(fmt.Sprint("again ", kind(r))) }} }}()',
                                      f'defer note("plain", {k}, r{n})', f'defer func() {{ r{n} = {self.value(t)} }}()', f'defer func() {{ defer func() {{ note("nested", kind(recover())) }}(); panic("in defer {k}") }}()',
                                      f'defer func() {{ func() {{ note("indirect", recover()) }}() }}()', f'for i := range 2 {{ defer func() {{ note("loop", i, kind(recover())) }}() }}']))
        end = rng.choice([f'return {self.value(t)}', f'panic({self.value(INT)})', *self.fault()[:1], f'var m map[string]int; m["a"] = 1', 'runtime.Goexit()' if False else f'panic(fmt.Errorf("e %w", errors.New("inner")))'])
        return ['func() {', 'defer func() { note("caught", kind(recover())) }()', f'note(func() (r{n} {t}) {{', *layers, f'if acc != 1 {{', end, '}', 'return', '}())', '}()']

    def array_copies(self):
        rng = self.rng
        t, n = self.printable_pair()
        k = rng.randrange(2, 5)
        return ['{', f'type row{n} struct {{ a {t}; b [2]{t} }}', f'x{n} := [{k}]row{n}{{1: {{a: {self.value(t)}}}, 0: {{b: [2]{t}{{{self.value(t)}}}}}}}', f'y{n} := x{n}', f'p{n} := &x{n}', f'for i, e := range x{n} {{',
                f'x{n}[{k} - 1].a = {self.value(t)}', 'e.b[1] = e.a', f'p{n}[i].b = e.b', '}', f'for i := range p{n} {{ y{n}[i], p{n}[i].b[0] = p{n}[i], p{n}[i].b[1] }}', f'note(x{n}, y{n}, p{n}[1:2][0])', '}']

    def least_and_greatest(self):
        rng = self.rng
        t = rng.choice([b for b in self.basics if b.kind in ('int', 'uint', 'float', 'string')])
        values = ', '.join(str(self.moving(t, 1)) for _ in range(rng.randrange(1, 4)))
        extra = rng.choice(['', ', math.NaN()', ', math.Copysign(0, -1), 0']) if str(t) == 'float64' else ''
        return [f'note(min({values}{extra}), max({values}{extra}))']

    def jumping(self):
        if self.mult > 10: return None
        rng = self.rng
        n = self.number()
        return ['{', f'k{n} := 0', f'O{n}: for i := range 4 {{', f'for j := 0; ; j++ {{', f'switch k{n}++; {{', f'case j > {rng.randrange(1, 4)}: continue O{n}', f'case i*j == {rng.randrange(9)}: break', f'case i > {rng.randrange(1, 5)}: break O{n}',
                f'case k{n} > 40: break O{n}', f'case i == j: k{n} += 2; fallthrough', f'default: k{n}++', '}', '}', '}', f'note(k{n})', '}']

    def own_generic(self):
        rng = self.rng
        self.number()
        t, u = self.printable_type(), self.printable_type()
        return [f'note(twice(pairOf[{t}, {u}]{{{self.value(t)}, {self.value(u)}}}).swap().first(), total[{rng.choice(["int", "float64", "int8"])}](1, 2.0, 3))']
