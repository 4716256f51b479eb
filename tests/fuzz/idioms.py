"""Random statements and declarations in the shape of everyday programs: what flows where across functions, methods and types.

Each idiom declares what it needs beside the functions (types, methods, helpers) and gives the statements that use it.
"""
from go_types import BASIC, INT, STRING

TEXTS = ['""', '"go"', '"héllo, 世界"', '"a\\xffb"', '"zebra apple"']


class Idioms:
    """The part of the generator that writes small families of declarations."""

    IDIOMS = {'embedding': 3, 'gotos': 2, 'captures': 3, 'variadics': 2, 'method_values': 3, 'comparisons': 2, 'maps_of_arrays': 3, 'selects': 2,
              'defers_in_loops': 2, 'slices_to_arrays': 2, 'constant_shifts': 2, 'texts': 3, 'generic_switch': 3, 'flows': 5, 'generic_alias': 2,
              'generic_list': 3, 'indexing': 4, 'sized': 3, 'appends': 3, 'borrowed_bytes': 3, 'boxed': 2, 'sequences': 3, 'self_assignments': 2,
              'devirtualized': 3, 'package_variables': 2, 'errors_wrapped': 1}

    def top(self, text): self.text.append(text)

    def basic(self): return self.rng.choice([INT, STRING, BASIC['uint8'], BASIC['float64'], BASIC['int32'], BASIC['bool']])

    def typed(self, t): return f'{t}({self.value(t, 1)})'

    def some(self, choices, most=3):
        """Some of the choices, in random order."""
        return self.rng.sample(choices, self.rng.randrange(1, min(most, len(choices)) + 1))

    def caught(self, lines): return ['func() {', 'defer func() { note("caught", kind(recover())) }()', *lines, '}()']

    def embedding(self):
        rng, n, t = self.rng, self.number(), self.basic()
        star, inner = rng.choice(['', '*']), rng.choice(['', '*'])
        self.top(f'type reader{n} interface {{ read() {t} }}\n\ntype both{n} interface {{\nreader{n}\nfmt.Stringer\n}}\n\n'
                     f'type base{n} struct {{\nv {t}\nnext both{n}\n}}\n\nfunc (b {star}base{n}) read() {t} {{ return b.v }}\n\n'
                     f'func (b {star}base{n}) String() string {{ return fmt.Sprint("base ", b.v) }}\n\nfunc (b *base{n}) set(v {t}) *base{n} {{ b.v = v; return b }}\n\n'
                     f'type outer{n} struct {{\n{inner}base{n}\nextra []{t}\n}}\n\n'
                     + rng.choice([f'func (o outer{n}) read() {t} {{ return o.base{n}.read() }}\n\n', '']) +
                     f'type lone{n} struct {{ reader{n} }}')
        value = f'base{n}{{v: {self.value(t, 1)}}}'
        uses = [f'note(o{n}.read(), o{n}.String())', f'note(any(&o{n}).(reader{n}).read())', f'var b{n} both{n} = &o{n}; note(b{n}.String()); o{n}.next = b{n}',
                f'f{n} := o{n}.set; note(f{n}({self.value(t, 1)}).v)', f'note((*base{n}).String(o{n}.set({self.value(t, 1)})))',
                f'l{n} := lone{n}{{&o{n}}}; note(l{n}.read()); sinks = append(sinks[:0], l{n})', f'_, ok{n} := any(o{n}).(both{n}); note(ok{n})',
                f'g{n} := reader{n}.read; note(g{n}(&o{n}))', f'for r := reader{n}(&o{n}); r != nil; r = nil {{ note(r.read()) }}']
        return ['{', f'o{n} := outer{n}{{{"&" if inner else ""}{value}, nil}}', *self.some(uses, 4), f'note(o{n}.v, len(o{n}.extra))', '}']

    def gotos(self):
        n, rng = self.number(), self.rng
        return ['{', f'i{n}, s{n} := 0, []*int{{}}', f'again{n}:', f'if i{n} < {rng.randrange(1, 5)} {{', f'x := i{n}', f's{n} = append(s{n}, &x)' if rng.random() < 0.6 else f'_ = x', f'i{n}++',
                f'switch {{ case i{n} == {rng.randrange(4)}: goto skip{n}; case i{n} > 2: goto done{n} }}', f'note(i{n})', '}', f'goto done{n}', f'skip{n}:', f'i{n}++', f'goto again{n}', f'done{n}:', f'note(i{n}, len(s{n}))', '}']

    def captures(self):
        rng, (t, n) = self.rng, self.printable_pair()
        lines = [f'var a{n}, b{n} {t} = {self.value(t)}, {self.value(t)}', f'c{n} := 0', f'fs{n} := []func() {t}{{}}']
        lines += self.some([f'fs{n} = append(fs{n}, func() {t} {{ return a{n} }})', f'fs{n} = append(fs{n}, func() {t} {{ c{n}++; return b{n} }})',
                            f'for i := range 3 {{ fs{n} = append(fs{n}, func() {t} {{ c{n} += i; return a{n} }}) }}', f'for i := 0; i < 3; i++ {{ fs{n} = append(fs{n}, func() {t} {{ i += 2; c{n} = i; return b{n} }}) }}',
                            f'func() {{ b{n} = a{n}; func() {{ c{n}++ }}() }}()', f'defer func(x {t}) {{ note(x, a{n}) }}(b{n})',
                            f'make{n} := func(x {t}) func() {t} {{ y := x; return func() {t} {{ x = y; return x }} }}; fs{n} = append(fs{n}, make{n}(a{n}), make{n}(b{n}))',
                            f'p{n} := &a{n}; fs{n} = append(fs{n}, func() {t} {{ return *p{n} }})', f'func() {{ fs{n} = append(fs{n}, func() {t} {{ return *&a{n} }}) }}()',
                            f'st{n} := struct {{ f func() {t}; n int }}{{f: func() {t} {{ return b{n} }}}}; note(st{n}.f(), st{n}.n)'], 5)
        lines += [f'a{n} = {self.value(t)}'] if rng.random() < 0.5 else []
        return self.caught(lines + [f'for _, f := range few(fs{n}) {{ note(f(), c{n}) }}', f'_, _ = a{n}, b{n}'])

    def variadics(self):
        rng, n, t = self.rng, self.number(), self.basic()
        body = rng.choice([f'if len(xs) > 0 {{ return xs[0] }}; return nil', 'for _, x := range xs { sink = x }; return nil', 'var last *T; for _, x := range xs { last = x }; return last',
                           'ys := append(xs, xs...); return ys[len(ys)/2]', 'return func() *T { return xs[len(xs)-1] }()']).replace('T', str(t))
        self.top(f'{self.pragma()}func first{n}(xs ...*{t}) *{t} {{ {body} }}\n\nfunc join{n}(sep string, xs ...any) string {{\ns := ""\nfor i, x := range xs {{\nif i > 0 {{ s += sep }}\ns += fmt.Sprint(x)\n}}\nreturn short(s)\n}}')
        calls = [f'note(first{n}(&x{n}, &y{n}) == &x{n})', f'note(first{n}([]*{t}{{&x{n}, nil, &y{n}}}...) == nil)', f'note(first{n}(&y{n}) != nil)', f'note(join{n}("-", x{n}, y{n}, {self.value(INT, 1)}))',
                 f'note(join{n}(", "), join{n}("", []any{{&x{n} == nil, y{n}}}...))', f'f{n} := first{n}; note(f{n}(&x{n}, &x{n}) == &y{n})', f'defer join{n}("a", x{n}, &y{n})']
        return self.caught([f'x{n}, y{n} := {self.typed(t)}, {self.typed(t)}', f'_, _ = &x{n}, &y{n}', *self.some(calls, 4)])

    def method_values(self):
        rng, n, t = self.rng, self.number(), self.basic()
        self.top(f'type cell{n} struct {{\nv {t}\nkeep *{t}\n}}\n\nfunc (c cell{n}) get() {t} {{ return c.v }}\n\nfunc (c *cell{n}) ref() *{t} {{ return {rng.choice(["&c.v", "c.keep"])} }}\n\n'
                     f'func (c *cell{n}) put(p *{t}) {{ c.keep = p }}\n\nfunc (c cell{n}) each(f func(*{t})) {{ f(&c.v); if c.keep != nil {{ f(c.keep) }} }}\n\n{self.pragma()}func with{n}(f func() {t}) {t} {{ return f() }}')
        x = self.value(t, 1)
        uses = [f'note(with{n}(c{n}.get))', f'f{n} := c{n}.put; f{n}(&x{n})', f'note(with{n}((&cell{n}{{v: x{n}}}).get))', f'g{n} := cell{n}.get; note(g{n}(c{n}))', f'h{n} := (*cell{n}).ref; note(h{n}(&c{n}) == nil)',
                f'defer c{n}.put(&x{n})', f'c{n}.each(func(p *{t}) {{ note(*p) }})', f'each{n} := c{n}.each; each{n}(func(p *{t}) {{ *p = x{n} }})', f'ms{n} := map[string]func() {t}{{"get": c{n}.get}}; note(ms{n}["get"]())',
                f'ps{n} := []func(*{t}){{c{n}.put, (&cell{n}{{}}).put}}; ps{n}[1](&x{n})', f'note((*cell{n}).get(&c{n}))', f'var i{n} interface{{ get() {t} }} = c{n}; note(with{n}(i{n}.get))']
        return self.caught([f'c{n}, x{n} := cell{n}{{v: {x}}}, {self.typed(t)}', *self.some(uses, 4), f'note(c{n}.v, c{n}.keep == nil, x{n})'])

    def comparisons(self):
        rng, n, t, u = self.rng, self.number(), self.basic(), self.basic()
        self.top(f'type key{n} struct {{\na {t}\nb [2]{u}\n_ int\nc any\nd struct {{ e, f int16 }}\n}}')
        value = lambda: f'key{n}{{a: {self.value(t, 1)}, b: [2]{u}{{{self.value(u, 1)}}}, c: {rng.choice(["1", "nil", "[]int{1}", chr(34) + "x" + chr(34), f"key{n}{{}}", "2.5", "new(int)"])}}}'
        return self.caught([f'p{n}, q{n} := {value()}, {value()}', *self.some([f'note(p{n} == q{n}, p{n} != p{n})', f'note(any(p{n}) == any(q{n}))', f'note(p{n}.b == q{n}.b, p{n}.d == q{n}.d)', f'm{n} := map[key{n}]int{{p{n}: 1}}; m{n}[q{n}]++; note(len(m{n}))',
                             f'note([2]key{n}{{p{n}, q{n}}} == [2]key{n}{{p{n}, p{n}}})', f'note(struct {{ x any; y *int }}{{p{n}, nil}} == struct {{ x any; y *int }}{{q{n}, nil}})', f'switch p{n} {{ case q{n}: note("same"); default: note("other") }}',
                             f'switch any(p{n}.a) {{ case p{n}.c: note("c"); case any(q{n}.a): note("a") }}'], 4), f'note(p{n}.a, q{n}.d)'])

    def maps_of_arrays(self):
        rng, n, t = self.rng, self.number(), rng_number(self.rng)
        k = rng.choice(['string', 'int', '[2]int8', 'uint8', 'any', 'float32'])
        key = lambda: {'string': self.value(STRING, 1), 'int': 'fuel & 3', '[2]int8': '[2]int8{1, int8(fuel & 1)}', 'uint8': 'uint8(fuel & 1)', 'any': rng.choice(['1', '"k"', 'int8(2)', '[1]string{"z"}']), 'float32': '0.5'}[k]
        lines = [f'm{n} := map[{k}][4]{t}{{}}', f's{n} := map[{k}][]{t}{{}}', f'p{n} := map[{k}]*[2]{t}{{{key()}: {{1, 2}}}}', f'i{n} := len(m{n}) + {rng.randrange(4)}']
        lines.append(f'_ = i{n}')
        uses = [f'm{n}[{key()}] = [4]{t}{{1, 2}}', f'note(m{n}[{key()}][i{n}&3], len(m{n}))', f's{n}[{key()}] = append(s{n}[{key()}], {rng.randrange(9)})', f'if a := p{n}[{key()}]; a != nil {{ a[i{n}&1]++; note(*a) }}', f'a{n} := m{n}[{key()}]; a{n}[i{n}%4] += 2; m{n}[{key()}] = a{n}',
                f's{n}[{key()}], i{n} = nil, 7', f'note(m{n}[{key()}] == [4]{t}{{}}, s{n}[{key()}] == nil)', f'v{n}, ok{n} := m{n}[{key()}]; note(v{n}[1:3], ok{n})', f'for k, v := range m{n} {{ delete(m{n}, k); acc += uint64(v[0]) }}',
                f'mm{n} := map[string]map[{k}]{t}{{"x": {{}}}}; mm{n}["x"][{key()}]++; note(len(mm{n}["x"]), mm{n}["y"][{key()}])', f'f{n} := map[{k}]struct{{ a, b {t} }}{{{key()}: {{1, 2}}}}; note(f{n}[{key()}].b)', f'q{n} := map[{k}]int{{}}; q{n}[{key()}] %= i{n}|1; q{n}[{key()}] <<= 1; note(q{n}[{key()}])']
        return self.caught(lines + self.some(uses, 6) + [f'note(len(m{n}), len(s{n}), len(p{n}))'])

    def selects(self):
        if self.mult > 3: return None
        rng, n = self.rng, self.number()
        cases = self.some([f'case v := <-a{n}: note("a", v)', f'case x{n}[i{n}&3] = <-b{n}: note("b")', f'case v, ok := <-b{n}: note("v", v, ok)', f'case c{n} <- x{n}[i{n}&1] + 1: i{n}++', f'case <-a{n}: x{n}[i{n}&2]++',
                           f'case m{n}["k"], _ = <-a{n}: note(m{n})', f'case c{n} <- func() int {{ return x{n}[i{n}&3] }}(): note(len(c{n}))'], 4)
        if rng.random() < 0.6: cases.insert(rng.randrange(len(cases) + 1), f'default: note("none", x{n}[i{n}&1])')
        only = {'a': f'a{n} <- 1', 'b': f'close(b{n})'}
        # At most one case may be ready, or the choice would be the runtime's.
        ready = rng.choice('abc')
        close = [] if ready == 'c' else [f'c{n} = nil']
        filled = [only[ready]] if ready in only else []
        cases = [c for c in cases if c.startswith('default') or ready_of(c, n) != ready] + [c for c in cases if not c.startswith('default') and ready_of(c, n) == ready][:1]
        if not any(c.startswith('default') or ready_of(c, n) == ready for c in cases): cases.append('default: note("idle")')
        return ['{', f'a{n}, b{n}, c{n} := make(chan int, 2), make(chan int, 2), make(chan int, 2)', f'x{n}, i{n}, m{n} := [4]int{{1, 2, 3, 4}}, fuel, map[string]int{{}}', *close, *filled, 'select {', *cases, '}', f'_, _, _ = a{n}, b{n}, c{n}', f'note(x{n}, len(m{n}))', '}']

    def defers_in_loops(self):
        if self.mult > 3: return None
        rng, (t, n) = self.rng, self.printable_pair()
        defers = self.some([f'defer note("d", i)', f'defer func() {{ note("c", i, r{n}) }}()', f'defer func(x {t}) {{ note("p", x) }}({self.value(t)})', f'if i == 1 {{ defer func() {{ r{n} = {self.value(t)} }}() }}', f'if i == 2 {{ panic("at two") }}',
                            f'func() {{ defer func() {{ sink = &i }}() }}()', f'defer func() {{ if x := recover(); x != nil {{ note("r", kind(x)) }} }}()'], 4)
        head = rng.choice([f'for i := range {rng.randrange(1, 4)} {{', f'for i := 0; i < {rng.randrange(1, 4)}; i++ {{', f'for i := range upto({rng.randrange(1, 4)}) {{', f'for _, i := range []int{{3, 1, 2}} {{'])
        return self.caught([f'note(func() (r{n} {t}) {{', head, *defers, '_ = i', '}', f'return {self.value(t)}' if rng.random() < 0.6 else 'return', '}())'])

    def slices_to_arrays(self):
        rng, (t, n) = self.rng, self.printable_pair()
        k = rng.randrange(0, 4)
        return self.caught([f's{n} := []{t}{{{self.value(t)}, {self.value(t)}}}', *self.some([f'note([{k}]{t}(s{n}))', f'p{n} := (*[{k}]{t})(s{n}); note(len(p{n}))', f'a{n} := *(*[2]{t})(s{n}); a{n}[1] = {self.value(t)}; note(a{n}, s{n})', f's{n} = (*[2]{t})(s{n})[:1]', f'note([0]{t}(s{n}[2:]) == [0]{t}{{}})' if t.under().kind in ('int', 'uint', 'string', 'bool') else f'note(len([0]{t}(s{n})))',
                             f'sink = (*[1]{t})(s{n})', f'for i := range (*[1]{t})(s{n}) {{ note(i) }}', f'b{n} := [2]{t}(s{n}); s{n} = b{n}[:]'], 4), f'note(s{n})'])

    def constant_shifts(self):
        rng, n = self.rng, self.number()
        a, b = rng.randrange(0, 7), rng.randrange(0, 40)
        self.top(f'const (\nflag{n}a = 1 << (iota * {1 + a})\nflag{n}b\nflag{n}c\nmask{n} = flag{n}a | flag{n}b &^ flag{n}c\n)\n\nconst (\n_ = iota\nkb{n} float64 = 1 << (10 * iota)\nmb{n}\n)\n\ntype bits{n} uint8')
        t = rng.choice(['int8', 'uint8', 'int', 'uint32', 'int64'])
        uses = [f'note(flag{n}b, flag{n}c>>1, mask{n}, kb{n}, mb{n})', f'var s{n} uint = {b}; var x{n} {t} = 1 << s{n}; note(x{n}, {t}(1)<<s{n})', f'note(bits{n}(mask{n}&0x3f) << 1 &^ 3, ^bits{n}(7))', f'note(-1 >> {b}, uint64(1<<63) >> {b}, 0xff >> {a})',
                f'y{n} := same({t}({a})); y{n} <<= {a}; y{n} >>= uint(fuel) & 3; note(y{n})', f'z{n} := make([]int, 1<<uint(fuel&3)); note(len(z{n}))', f'const c{n} = 1 << {b} >> {b}; var arr{n} [c{n} + 1]int; note(len(arr{n}))', f'w{n} := {a} + 1<<2 | 3&^1 ^ 5; note(w{n} % 7)']
        return ['{', *self.some(uses, 4), '}']

    def texts(self):
        rng, n = self.rng, self.number()
        text = rng.choice(TEXTS)
        uses = [f'for i, r := range t{n} {{ if r > 200 {{ note(i, r, string(r)) }} }}', f'for i := range t{n} {{ acc += uint64(t{n}[i]) }}', f'for _, b := range []byte(t{n}) {{ acc ^= uint64(b) }}', f'b{n} := []byte(t{n}); for i, j := 0, len(b{n})-1; i < j; i, j = i+1, j-1 {{ b{n}[i], b{n}[j] = b{n}[j], b{n}[i] }}; note(string(b{n}))',
                f'r{n} := []rune(t{n}); slices.Reverse(r{n}); note(string(r{n}))', f'var sb{n} strings.Builder; for _, r := range t{n} {{ sb{n}.WriteRune(r + 1) }}; note(sb{n}.String(), sb{n}.Len())', f'c{n} := map[rune]int{{}}; for _, r := range t{n} {{ c{n}[r]++ }}; note(len(c{n}))',
                f'note(strings.Fields(t{n}), strings.ToUpper(t{n}), strings.Map(func(r rune) rune {{ if r == 97 {{ return -1 }}; return r }}, t{n}))', f'switch {{ case t{n} < "h": note("low"); case t{n}[0:] == "go", len(t{n}) > 10: note("go") }}', f'x{n} := t{n}; x{n} += "-" + x{n} + string(rune(fuel)); note(len(x{n}))',
                f'if i := strings.IndexByte(t{n}, 0x20); i >= 0 {{ note(t{n}[:i], t{n}[i+1:]) }}', f'note(len([]rune(t{n})), utf8.ValidString(t{n}), cut(t{n}, 1, 3) == "éé")']
        return ['{', f't{n} := same({text})', *self.some(uses, 5), f'_ = t{n}', '}']

    def generic_switch(self):
        rng, n, t = self.rng, self.number(), self.basic()
        self.top(f'type named{n}[T any] struct {{ v T }}\n\nfunc (x named{n}[T]) value() T {{ return x.v }}\n\n{self.pragma()}func which{n}[T any](x any, y T) string {{\nswitch z := x.(type) {{\ncase T: return fmt.Sprint("T ", z)\ncase []T: return fmt.Sprint("slice ", len(z))\n'
                     f'case named{n}[T]: return fmt.Sprint("named ", z.value())\ncase map[string]T: z["k"] = y; return fmt.Sprint("map ", z)\ncase interface{{ value() T }}: return fmt.Sprint("value ", z.value())\ncase *T: *z = y; return "pointer"\ncase func() T: return fmt.Sprint("func ", z())\ncase nil: return "nil"\n'
                     f'{rng.choice(["case error, fmt.Stringer: return fmt.Sprint(z)", "case int, string: return fmt.Sprint(z, y)", ""])}\n}}\nif z, ok := any(y).(int); ok {{ return strconv.Itoa(z) }}\nreturn fmt.Sprintf("other %T", x)\n}}\n\nfunc zero{n}[T comparable](x T) (T, bool) {{ var z T; return z, x == z }}')
        v = self.value(t, 1)
        args = [v, f'[]{t}{{{v}}}', f'named{n}[{t}]{{{v}}}', f'map[string]{t}{{}}', f'&named{n}[{t}]{{{v}}}', f'new({t})', f'func() {t} {{ return {v} }}', 'nil', '1.5', 'errors.New("e")', f'named{n}[int8]{{}}', f'[2]{t}{{}}']
        return ['{', *[f'note(which{n}({a}, {t}({self.value(t, 1)})))' for a in rng.sample(args, 4)], f'note(zero{n}({t}({v})))', '}']

    def flows(self):
        """Parameters that go through several functions before they end somewhere."""
        rng, n, t = self.rng, self.number(), self.basic()
        inner = rng.choice([f'return p', f'*q = p; return *q', f'box{n}{{p}}.out(q)', f'return (&box{n}{{p}}).p', f'if *p == *p {{ return *q }}; return p', f'sink = q; return p', f'all{n} = append(all{n}, p); return *q', f'return (*q)', f'ps := [2]*{t}{{p, *q}}; return ps[fuel&1]',
                            f'm := map[string]*{t}{{"p": p}}; return m["p"]', f'c := make(chan *{t}, 1); c <- p; return <-c', f'f := func() *{t} {{ return p }}; return f()', f'var a any = p; return a.(*{t})', f'return pick(*p == **q, p, *q)', f'x := *p; return &x'])
        if '.out(q)' in inner: inner = f'return {inner}'
        outer = rng.choice([f'z := one{n}(p, &p); return z', f'q := p; return one{n}(q, &q)', f'for range 2 {{ p = one{n}(p, &p) }}; return p', f'defer func() {{ r = p }}(); return one{n}(p, &r)', f'return func(x *{t}) *{t} {{ return one{n}(x, &x) }}(p)', f's := []*{t}{{p}}; return one{n}(s[0], &s[0])',
                            f'b := box{n}{{p}}; return one{n}(b.p, &b.p)', f'if fuel > 1000 {{ return two{n}(p) }}; return one{n}(p, &p)'])
        self.top(f'type box{n} struct {{ p *{t} }}\n\nvar all{n} []*{t}\n\nfunc (b box{n}) out(q **{t}) *{t} {{ *q = b.p; return {rng.choice(["b.p", "*q", "nil"])} }}\n\n{self.pragma()}func one{n}(p *{t}, q **{t}) *{t} {{ {inner} }}\n\nfunc two{n}(p *{t}) (r *{t}) {{ {outer} }}\n\n'
                     f'{self.pragma()}func three{n}(p *{t}) {rng.choice([f"{t} {{ if r := two{n}(p); r != nil {{ return *r }}; return *p }}", f"*{t} {{ return two{n}(two{n}(p)) }}", f"(a, b *{t}) {{ a = two{n}(p); b = a; return }}", f"func() *{t} {{ return func() *{t} {{ return two{n}(p) }} }}", f"[]*{t} {{ return []*{t}{{p, two{n}(p)}} }}", f"(b box{n}) {{ b.p = two{n}(p); return b }}"])}')
        return self.caught([f'x{n} := {self.typed(t)}', f'three{n}(&x{n})', *self.some([f'p{n} := two{n}(&x{n}); if p{n} != nil {{ note(*p{n}) }}', f'y{n} := {self.typed(t)}; q{n} := &y{n}; one{n}(&x{n}, &q{n})', f'sink = two{n}(new({t}))', f'_ = two{n}(&x{n})', f'f{n} := three{n}; f{n}(&x{n})'], 3), f'note(x{n}, len(all{n}))'])

    def generic_alias(self):
        rng, n, t = self.rng, self.number(), self.basic()
        form, literal = rng.choice([('[]T', f'{{{self.value(t, 1)}}}'), ('map[string]T', f'{{"a": {self.value(t, 1)}}}'), ('struct{ a T; next *T }', f'{{a: {self.value(t, 1)}}}'), ('[2]T', f'{{{self.value(t, 1)}}}')])
        self.top(f'type alias{n}[T any] = {form}\n\ntype over{n}[T any] struct {{ alias{n}[T]; n int }}\n\nfunc count{n}[T any](x alias{n}[T], f func(alias{n}[T])) int {{ f(x); return len(fmt.Sprintf("%T", x)) }}' if form.startswith('struct') else
                     f'type alias{n}[T any] = {form}\n\ntype over{n}[T any] struct {{ v alias{n}[T]; n int }}\n\nfunc count{n}[T any](x alias{n}[T], f func(alias{n}[T])) int {{ f(x); return len(x) }}')
        return ['{', f'x{n} := alias{n}[{t}]{literal}', f'note(count{n}(x{n}, func(y alias{n}[{t}]) {{ sink = y }}))', f'note(over{n}[{t}]{{n: {rng.randrange(9)}}}.n)', f'var y{n} *alias{n}[{t}] = &x{n}', rng.choice([f'sink = y{n}', f'note(y{n} != nil)']), '}']

    def generic_list(self):
        rng, n, t = self.rng, self.number(), self.basic()
        self.top(f'type node{n}[T any] struct {{\nv T\nnext *node{n}[T]\n}}\n\ntype list{n}[T any] struct {{\nhead *node{n}[T]\nsize int\n}}\n\nfunc (l *list{n}[T]) push(v T) *list{n}[T] {{ l.head = &node{n}[T]{{v, l.head}}; l.size++; return l }}\n\n'
                     f'func (l *list{n}[T]) all() iter.Seq2[int, T] {{\nreturn func(yield func(int, T) bool) {{\ni := 0\nfor x := l.head; x != nil; x = x.next {{\nif !yield(i, x.v) {{ return }}\ni++\n}}\n}}\n}}\n\n'
                     f'func (l *list{n}[T]) mapped(f func(T) T) *list{n}[T] {{\nr := &list{n}[T]{{}}\nfor _, v := range l.all() {{ r.push(f(v)) }}\nreturn r\n}}\n\nfunc fold{n}[T, R any](l *list{n}[T], r R, f func(R, T) R) R {{\nfor _, v := range l.all() {{ r = f(r, v) }}\nreturn r\n}}\n\ntype keyed{n}[K comparable, V any] struct {{\nlist{n}[V]\nindex map[K]*node{n}[V]\n}}\n\n'
                     f'func (k *keyed{n}[K, V]) add(key K, v V) {{\nif k.index == nil {{ k.index = map[K]*node{n}[V]{{}} }}\nk.push(v)\nk.index[key] = k.head\n}}')
        uses = [f'for i, v := range l{n}.all() {{ if i == 2 {{ break }}; note(i, v) }}', f'note(fold{n}(l{n}, 0, func(r int, v {t}) int {{ return r*3 + len(fmt.Sprint(v)) }}))', f'm{n} := l{n}.mapped(func(v {t}) {t} {{ return v }}); note(m{n}.size)', f'var k{n} keyed{n}[string, {t}]; k{n}.add("x", {self.value(t, 1)}); note(k{n}.size, k{n}.index["x"].v)',
                f'f{n} := l{n}.push; f{n}({self.value(t, 1)})', f'g{n} := (*list{n}[{t}]).all; for range g{n}(l{n}) {{ acc++ }}', f'var s{n} []{t}; for _, v := range l{n}.all() {{ s{n} = append(s{n}, v) }}; note(s{n})', f'func() {{ for i := range l{n}.all() {{ defer note("list", i); if i > 0 {{ return }} }} }}()']
        return ['{', f'l{n} := (&list{n}[{t}]{{}}).push({self.value(t, 1)}).push({self.value(t, 1)})', *self.some(uses, 4), f'note(l{n}.size)', '}']

    def indexing(self):
        """Indices whose form makes the check needless, in all kinds of places."""
        rng, n, t = self.rng, self.number(), rng_number(self.rng)
        index = lambda: rng.choice([f'i{n}&3', f'u{n}%4', f'u{n}>>62', f'i{n}&^-4', f'b{n}>>6', f'b{n}/64', f'u{n}&2', '1', f'len(s{n})&3', f'f{n}()&3', f's{n}[0]&1' if str(t) not in ('float64', 'float32') else '2', f'i{n}&1'])
        a = lambda: rng.choice([f'a{n}', f'a{n}', f'p{n}.a', f'q{n}', f'(*q{n})'])
        e = lambda: f'{a()}[{index()}]'
        uses = [f'{e()} = {e()} + 1', f'{e()}, {e()} = {e()}, {e()}', f'{e()}++', f'{e()} += {e()}', f'note({e()}, {e()})', f's{n} = append(s{n}, {e()}, {e()})', f'if {e()} > {e()} || {e()} == 3 {{ {e()} = 0 }}', f'for {e()} < 3 {{ {e()}++; {e()}++; if fuel&7 == 0 {{ break }}; fuel--; if fuel < 0 {{ break }} }}', f'm{n}[{e()}] = {e()}', f'm{n}[{e()}] += {e()}', f'_ = [...]{t}{{{e()}, 2, {e()}}}', f'_ = map[{t}]{t}{{1: 2, {e()}: {e()}}}', f'_ = []any{{{e()}, &{e()}, "x"}}', f'_ = struct {{ x, y {t}; z func() {t} }}{{{e()}, 2, func() {t} {{ return {e()} }}}}',
                f'h{n} := func() ({t}, {t}) {{ return {e()}, {e()} }}; note(h{n}())', f'switch {e()} {{ case 0, {e()}: note("zero"); case {e()} + 1: note({e()}) }}', f'w{n}[{index()}] = string("abcd"[{index()}])', f'if w{n}[{index()}] == "ab" || w{n}[{index()}] != w{n}[{index()}] {{ note(w{n}[{index()}] + "x") }}', f'defer func(x {t}) {{ note(x, {e()}) }}({e()})', f'func() {{ {e()} = {e()} }}()',
                f'for {a()}[{index()}] = range {t}(2) {{ acc++ }}' if str(t) != 'float64' else f'{e()}--', f'note(min({e()}, {e()}), len(w{n}[{index()}]), cap(s{n}[:1]))', f'x{n} := any({e()}); note(x{n} == any({e()}))', f'c{n} := make(chan {t}, 2); c{n} <- {e()}; {e()} = <-c{n}', f'copy(s{n}, a{n}[i{n}&1:])', f'{e()}, {e()} = func() ({t}, {t}) {{ return {e()}, 1 }}()', f'println({e()} < 0)', f'z{n} := make([]{t}, b{n}&3, 4); note(len(z{n}))' , f's{n}[0], {e()} = {e()}, s{n}[0]', f'r{n} := &{e()}; *r{n}++', f'v{n}, ok{n} := m{n}[{e()}]; note(v{n} == v{n}, ok{n})']
        return self.caught([f'a{n}, s{n}, w{n} := [4]{t}{{1, 2, 3}}, []{t}{{1, 2}}, [4]string{{"ab"}}', f'p{n}, q{n}, m{n} := struct {{ a [4]{t} }}{{}}, &[4]{t}{{}}, map[{t}]{t}{{}}', f'i{n}, u{n}, b{n} := fuel, uint(fuel), uint8(fuel)', f'f{n} := func() int {{ i{n}++; return i{n} }}', *self.some(uses, 8),
                             f'_, _, _, _, _, _ = f{n}, i{n}, u{n}, b{n}, w{n}, m{n}', f'_ = s{n}', f'note(a{n}, p{n}, *q{n})'])

    def sized(self):
        rng, n, t = self.rng, self.number(), self.basic()
        size = rng.choice(['1', '32', '33', '64', '1024', '8192', '8193', '65536', '70000', '131072'])
        uses = [f'a{n} := make([]{t}, {size}); a{n}[0] = {self.value(t, 1)}; note(len(a{n}))', f'k{n} := {size}; b{n} := make([]{t}, k{n}); note(len(b{n}))', f'c{n} := make([]{t}, fuel&15, 16); note(cap(c{n}))', f'd{n} := new([{size}]{t}); note(len(d{n}))', f'var e{n} [{size}]{t}; e{n}[len(e{n})-1] = {self.value(t, 1)}; note(e{n}[0] == e{n}[len(e{n})-1])',
                f'const z{n} = {size}; f{n} := make([]{t}, z{n}/2, z{n}); note(len(f{n}))', f'g{n} := make([]{t}, same(3)); note(g{n})', f'h{n} := make(map[string]{t}, {rng.choice(["0", "8", "9", "100"])}); h{n}["x"] = {self.value(t, 1)}; note(len(h{n}))', f'x{n} := make([][]{t}, 3); for i := range x{n} {{ x{n}[i] = make([]{t}, i+1) }}; note(len(x{n}[2]))', f'y{n} := &[{size}]{t}{{}}; keep(y{n})', f'w{n} := [][3]{t}{{{{}}, 2: {{1: {self.value(t, 1)}}}}}; note(len(w{n}))']
        return ['{', *self.some(uses, 4), '}']

    def appends(self):
        rng, (t, n) = self.rng, self.printable_pair()
        uses = [f's{n} = append(s{n}, make([]{t}, fuel&3)...)', f's{n} = append([]{t}(nil), s{n}...)', f'if len(s{n}) > 1 {{ s{n} = append(s{n}[:1], s{n}[2:]...) }}', f'r{n} := append(s{n}[:0:0], s{n}...); sink = r{n}', f'for _, x := range s{n} {{ o{n} = append(o{n}, x) }}', f's{n} = slices.Insert(s{n}, 0, {self.value(t)})', f'o{n} = append(append(o{n}, s{n}...), {self.value(t)})',
                f'h{n} := struct {{ xs []{t} }}{{s{n}}}; h{n}.xs = append(h{n}.xs, {self.value(t)}); note(len(h{n}.xs))', f'p{n} := &s{n}; *p{n} = append(*p{n}, {self.value(t)})', f'ss{n} := [][]{t}{{s{n}}}; ss{n}[0] = append(ss{n}[0], {self.value(t)}); note(len(ss{n}[0]))', f'func(xs []{t}) {{ xs = append(xs, {self.value(t)}); sink = xs }}(s{n})', f'b{n} := append([]byte("ab"), "cd"...); b{n} = append(b{n}, string(b{n})...); note(string(b{n}))', f'o{n} = append(o{n}[:len(o{n}):len(o{n})], s{n}...)']
        return self.caught([f'var o{n} []{t}', f's{n} := []{t}{{{self.value(t)}}}', *self.some(uses, 5), f'note(few(s{n}), few(o{n}))'])

    def borrowed_bytes(self):
        rng, n = self.rng, self.number()
        uses = [f'note(m{n}[string(b{n})])', f'm{n}[string(b{n})]++', f'v{n}, ok{n} := m{n}[string(b{n}[:1])]; note(v{n}, ok{n})', f'switch string(b{n}) {{ case "go": note("go"); case "x" + short(string(b{n})): note("x") }}', f'note(string(b{n}) == "go", "x"+string(b{n}) > string(b{n}))', f'for i, c := range []byte(s{n}) {{ if c == b{n}[i%len(b{n})] {{ acc++ }} }}', f't{n} := string(b{n}); b{n}[0] = 0x21; note(t{n})', f'note(len(string(b{n})), len([]rune(s{n})))', f'k{n} := map[[1]string]int{{}}; k{n}[[1]string{{string(b{n})}}]++; note(k{n}[[1]string{{string(b{n})}}])', f'c{n} := []byte(s{n}); c{n} = append(c{n}, b{n}...); note(string(c{n}))', f'note(strings.Contains(s{n}, string(b{n})), strings.Split(s{n}, ""))', f'sink = []byte(s{n})', f'delete(m{n}, string(b{n}))', f'copy(b{n}, s{n}); note(b{n})', f'x{n} := []byte("const"); x{n}[1] = 0x30; note(string(x{n}[:2]) + s{n})', f'w{n} := strings.NewReader(s{n}); note(w{n}.Len())', f'y{n} := []string{{s{n}, string(b{n})}}; slices.Sort(y{n}); note(y{n})']
        return ['{', f's{n}, b{n}, m{n} := {rng.choice(TEXTS)}, []byte{{0x67, 0x6f}}, map[string]int{{"go": 1}}', *self.some(uses, 5), f'_, _ = s{n}, m{n}', f'note(b{n})', '}']

    def boxed(self):
        rng, (t, n) = self.rng, self.printable_pair()
        uses = [f'note(any(x{n}), any(&x{n}) == nil)', f'sinks = append(sinks[:0], x{n}, &x{n})', f'var e{n} any = [1]{t}{{x{n}}}; note(e{n})', f'f{n} := func(a any) any {{ return a }}; note(f{n}(x{n}))', f'var s{n} fmt.Stringer; _, ok{n} := any(s{n}).(fmt.Stringer); note(ok{n})', f'b{n} := any(struct {{ p *{t}; q func() }}{{&x{n}, nil}}); _ = b{n}', f'c{n} := []any{{x{n}, 1, "s", nil, 2.5, byte(3)}}; for _, y := range c{n} {{ note(kind(y)) }}',
                f'note(fmt.Sprintf("%v %T", x{n}, any(x{n})))', f'd{n} := map[string]any{{"x": x{n}}}; if y, ok := d{n}["x"].({t}); ok {{ note(y) }}', f'panic(x{n})']
        return self.caught([f'var x{n} {t} = {self.value(t)}', *self.some(uses, 4), f'_ = x{n}'])

    def sequences(self):
        if self.mult > 3: return None
        rng, n, t = self.rng, self.number(), self.basic()
        self.top(f'func filter{n}[T any](seq iter.Seq[T], ok func(T) bool) iter.Seq[T] {{\nreturn func(yield func(T) bool) {{\nfor x := range seq {{\nif ok(x) && !yield(x) {{ return }}\n}}\n}}\n}}\n\nfunc zip{n}[A, B any](a iter.Seq[A], b []B) iter.Seq2[A, B] {{\nreturn func(yield func(A, B) bool) {{\ni := 0\nfor x := range a {{\nif i >= len(b) || !yield(x, b[i]) {{ return }}\ni++\n}}\n}}\n}}')
        uses = [f'for x := range filter{n}(upto(6), func(i int) bool {{ return i&1 == 0 }}) {{ if x > 3 {{ break }}; note(x) }}', f'for a, b := range zip{n}(upto(3), xs{n}) {{ note(a, b); p{n} = append(p{n}, &b) }}', f'note(slices.Collect(filter{n}(slices.Values(xs{n}), func({t}) bool {{ return tick() }})))', f'note(slices.Sorted(maps.Keys(map[string]int{{"b": 1, "a": 2}})))', f'for i, x := range slices.Backward(xs{n}) {{ if i == 0 {{ continue }}; note(x) }}', f'next{n}, stop{n} := iter.Pull(filter{n}(upto(3), func(int) bool {{ return true }})); defer stop{n}(); v{n}, _ := next{n}(); note(v{n})',
                f'out{n}: for i := range upto(3) {{ for j := range upto(3) {{ if i+j == 3 {{ break out{n} }}; if j > i {{ continue out{n} }}; note(i, j) }} }}', f'func() {{ for x := range upto(4) {{ defer func() {{ note("seq", x) }}(); if x == 1 {{ return }} }} }}()', f'for c := range slices.Chunk(xs{n}, 2) {{ note(len(c)) }}', f'for x := range upto(3) {{ go func() {{ _ = x }}() }}']
        return self.caught([f'xs{n} := []{t}{{{self.value(t, 1)}, {self.value(t, 1)}, {self.value(t, 1)}}}', f'var p{n} []*{t}', *self.some(uses, 4), f'note(len(xs{n}), len(p{n}))'])

    def self_assignments(self):
        rng, n, t = self.rng, self.number(), self.basic()
        body = self.some(['b.buf = b.buf[1:]', 'b.buf = b.buf[:len(b.buf)-1]', 'b.buf = b.arr[:]', 'b.buf, b.old = b.old, b.buf', 'b.p = &b.arr[1]', 'b.self = b', 'b.s = b.s[1:]', 'b.arr = [4]T{1: b.arr[0]}', 'b.buf[0], b.buf[1] = b.buf[1], b.buf[0]', '*b = *b', 'b.self = b.self', 'b.old = append(b.old[:0], b.buf...)'], 4)
        self.top(f'type buffer{n} struct {{\nbuf, old []{t}\narr [4]{t}\np *{t}\ns string\nself *buffer{n}\n}}\n\n{self.pragma()}func (b *buffer{n}) work() {{\n' + '\n'.join(body).replace('[4]T', f'[4]{t}') + '\n}\n\n' + f'func shrink{n}(b *buffer{n}, bs []buffer{n}) {{\nb.buf = b.buf[:1]\nbs[0].buf = bs[0].buf[1:]\n}}')
        return self.caught([f'b{n} := {rng.choice(["", "&"])}buffer{n}{{buf: []{t}{{{self.value(t, 1)}, {self.value(t, 1)}, {self.value(t, 1)}}}, s: "text"}}', f'b{n}.work()', f'note(len(b{n}.buf), b{n}.s)', rng.choice([f'shrink{n}({"&" if False else ""}ref(buffer{n}{{}}), []buffer{n}{{{{}}}})', f'sink = b{n}', f'note(b{n}.self == nil)'])])

    def devirtualized(self):
        rng, n, t = self.rng, self.number(), self.basic()
        star = rng.choice(['', '*'])
        self.top(f'type shape{n} interface {{\narea() {t}\nhold(*{t})\n}}\n\ntype square{n} struct {{\nside {t}\np *{t}\n}}\n\nfunc (s {star}square{n}) area() {t} {{ return s.side }}\n\nfunc (s {star}square{n}) hold(p *{t}) {{ {rng.choice(["s.p = p", "sink = p", "_ = p", "*p = s.side"])} }}\n\ntype circle{n} struct {{ r {t} }}\n\nfunc (c *circle{n}) area() {t} {{ return c.r }}\n\nfunc (c *circle{n}) hold(p *{t}) {{ c.r = *p }}\n\n'
                     f'func make{n}() shape{n} {{ return {rng.choice([f"&square{n}", f"&circle{n}"])}{{}} }}\n\n{self.pragma()}func use{n}(s shape{n}, p *{t}) {t} {{ s.hold(p); return s.area() }}\n\nfunc gen{n}[S shape{n}](s S, p *{t}) {t} {{ s.hold(p); return s.area() }}')
        uses = [f'var s{n} shape{n} = &square{n}{{side: x{n}}}; s{n}.hold(&x{n}); note(s{n}.area())', f'note(make{n}().area())', f'note(use{n}(&circle{n}{{}}, &x{n}))', f'note(gen{n}(&circle{n}{{}}, &x{n}))', f'note(gen{n}[shape{n}](make{n}(), &x{n}))', f'if c, ok := make{n}().(*circle{n}); ok {{ c.hold(&x{n}) }}', f'f{n} := make{n}().hold; f{n}(&x{n})', f't{n} := make{n}(); if fuel > 2 {{ t{n} = &square{n}{{}} }}; note(t{n}.area())', f'for _, s := range []shape{n}{{make{n}(), &circle{n}{{}}}} {{ s.hold(&x{n}) }}', f'var a{n} any = &square{n}{{}}; a{n}.(shape{n}).hold(&x{n})', f'defer make{n}().hold(&x{n})', f'shape{n}(&circle{n}{{r: x{n}}}).hold(new({t}))']
        return self.caught([f'x{n} := {self.typed(t)}', *self.some(uses, 4), f'note(x{n})'])

    def package_variables(self):
        rng, n, t = self.rng, self.number(), self.basic()
        v = {'string': '"k"', 'bool': 'true'}.get(str(t), '7')
        self.top(rng.choice([f'var pv{n} = func() *{t} {{ x := pw{n}; return &x }}()\n\nvar pw{n} {t} = {v}', f'var pv{n} = &pw{n}\n\nvar pw{n} {t} = {v}', f'var (\npv{n} = pt{n}["k"].p\npt{n} = map[string]struct {{ p *{t} }}{{"k": {{&pw{n}}}}}\npw{n} {t}\n)', f'var pv{n} *{t}\n\nvar pw{n} {t} = {v}\n\nfunc init() {{\nx := pw{n}\npv{n} = &x\n}}',
                                 f'var pv{n}, pw{n} = pf{n}({v})\n\nfunc pf{n}(x {t}) (*{t}, {t}) {{ return &x, x }}', f'type pn{n} struct {{ p *{t}; kids []pn{n} }}\n\nvar pr{n} = pn{n}{{kids: []pn{n}{{{{p: &pw{n}}}}}}}\n\nvar pv{n} = pr{n}.kids[0].p\n\nvar pw{n} {t}']))
        return ['{', *self.some([f'note(*pv{n}, pw{n})', f'pv{n} = ref(pw{n})', f'f{n} := func() {{ pv{n} = &pw{n} }}; f{n}()', f'x{n} := {t}({v}); pv{n} = &x{n}', f'old{n} := pv{n}; defer func() {{ pv{n} = old{n} }}()', f'*pv{n} = {v}'], 3), f'note(*pv{n})', '}']

    def errors_wrapped(self):
        n = self.number()
        self.top(f'type fault{n} struct {{ code int }}\n\nfunc (f *fault{n}) Error() string {{ return "fault " + strconv.Itoa(f.code) }}\n\nvar err{n} = errors.New("plain")\n\nfunc fail{n}(i int) error {{\nswitch i & 3 {{\ncase 0: return nil\ncase 1: return &fault{n}{{i}}\ncase 2: return fmt.Errorf("wrapped %d: %w", i, err{n})\n}}\nreturn errors.Join(err{n}, &fault{n}{{i}})\n}}')
        uses = [f'for i := range 4 {{ err := fail{n}(i); var f *fault{n}; note(err, errors.As(err, &f), errors.Is(err, err{n})) }}', f'if err := fail{n}(fuel); err != nil {{ note(err.Error()) }}', f'func() (err error) {{ defer func() {{ if err != nil {{ err = fmt.Errorf("again: %w", err) }}; note(err) }}(); return fail{n}(1) }}()', f'panic(fail{n}(2))']
        return self.caught(self.some(uses, 2))


def rng_number(rng): return BASIC[rng.choice(['int', 'uint8', 'int32', 'uint64', 'float64'])]


def ready_of(case, n):
    """Which channel a case of `selects` waits for."""
    return 'c' if f'c{n} <-' in case else 'b' if f'<-b{n}' in case else 'a'
