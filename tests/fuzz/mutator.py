"""Changes a Go program in one small way: mistakes for the checker, and new shapes for the compiler's passes."""
import re

TOKEN = re.compile(r'''
    (?P<comment>//[^\n]*|/\*.*?\*/) | (?P<space>[ \t\r]+) | (?P<newline>\n)
  | (?P<string>"(?:\\.|[^"\\\n])*"|`[^`]*`) | (?P<rune>'(?:\\.|[^'\\\n])+')
  | (?P<number>0[xX][0-9a-fA-F_.]+(?:[pP][+-]?\d+)?i?|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?i?|\.\d+)
  | (?P<name>[^\W\d]\w*)
  | (?P<op><<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|&\^|[-+*/%&|^<>=!()\[\]{},;.:~])
  | (?P<other>.)''', re.X | re.S)

KEYWORDS = set('''break case chan const continue default defer else fallthrough for func go goto if import interface map
package range return select struct switch type var'''.split())
BINARY = '+ - * / % & | ^ << >> &^ && || == != < <= > >='.split()
ASSIGN = '= := += -= *= /= %= &= |= ^= <<= >>= &^='.split()
LITERALS = ['0', '1', '-1', '1.5', '"s"', "'c'", 'nil', 'true', '1<<40', '300', '1e400', '2i', '[]int{1}', 'struct{}{}', 'func() {}',
            'map[string]int{}', '99999999999999999999', '0x1p-2', '""']
PREDECLARED = '''any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint
uint8 uint16 uint32 uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make max min new
panic print println real recover _ main init'''.split()
WRAPPERS = ['&{}', '*{}', '{}()', '{}.x', '{}[0]', '({})', '-{}', '!{}', '^{}', '<-{}', 'any({})', '[]any{{{}}}', 'string({})', 'int({})',
            'len({})', 'cap({})', '{}.(int)', '{}[:]', '{}...', 'func() any {{ return {} }}()', '(*&{})', 'min({}, 1)', 'new({})',
            '{}[1:2:3]', 'float64({})', 'append({})', '{}.String()', '{}{{}}', '[]{}', '{}[int]', 'unsafe.Sizeof({})', 'uint8({})', '{}, {}',
            '{} + 1', '{} == {}', '{} << {}', '{} == nil', 'func() {{ _ = {} }}', 'map[string]any{{"k": {}}}', 'chan {}', '[3]{}', '*{}', 'error({})']
STATEMENTS = ['func() {{ {} }}()', 'defer func() {{ {} }}()', 'go func() {{ {} }}()', '{{ {} }}', 'if true {{ {} }}', 'for range 2 {{ {} }}',
              '_ = func() {{ {} }}', 'defer {}', 'go {}', 'L: {}', 'switch {{ case true: {} }}', 'for i := range 3 {{ {}; _ = i }}',
              'for {{ {}; break }}', '{}; {}', 'if x := 1; x > 0 {{ {} }}', 'func(args ...any) {{ {} }}(1, 2)', 'return {}', 'var _ = {}',
              'select {{ default: {} }}', 'switch x := any(1).(type) {{ case int: {}; _ = x }}', 'if false {{ {} }}', 'x := {}', '_ = {}']
INSERTED = ['break', 'continue', 'return', 'goto L', 'fallthrough', 'x := 1', 'var x int', 'L:', 'panic(1)', 'defer recover()', 'return nil',
            'break L', 'type T struct{ T }', 'const c = 1 << 70', 'var f func()', '_ = x', 'x++', 'for {}', 'select {}', 'import "fmt"',
            'var a [-1]int', 'type I interface{ I }', 'go func() {}', '{}', 'return 1, 2', 'else {}', 'case 1:', 'default:', 'x, y := 1',
            'var s []int = map[int]int{}', 'return;', 'func (x *T) m() {}', 'var x, y = 1, 2, 3', 'if x := 1; x {}', 'for i := range 10 {}', 'nil']


def tokens(source):
    """All tokens with their kind, white space and comments included."""
    return [(m.lastgroup, m.group()) for m in TOKEN.finditer(source)]


class Mutator:
    """Mutations of one source text, chosen by a random.Random."""

    def __init__(self, source, rng):
        self.rng = rng
        self.tokens = tokens(source)
        self.visible = [i for i, (k, _) in enumerate(self.tokens) if k not in ('comment', 'space', 'newline')]
        self.names = [i for i in self.visible if self.tokens[i][0] == 'name' and self.tokens[i][1] not in KEYWORDS]
        self.lines = source.split('\n')

    def pick(self, sort=None, test=None):
        """An index of a token, or None when there is none of the sort."""
        found = [i for i in self.visible if (sort is None or self.tokens[i][0] == sort) and (test is None or test(self.tokens[i][1]))]
        return self.rng.choice(found) if found else None

    def text(self, changes):
        return ''.join(changes.get(i, t) for i, (_, t) in enumerate(self.tokens))

    def rename(self):
        i = self.rng.choice(self.names)
        pool = PREDECLARED if self.rng.random() < 0.15 else [self.tokens[j][1] for j in self.names]
        return self.text({i: self.rng.choice(pool)})

    def operator(self):
        i = self.pick('op', lambda t: t in BINARY or t in ASSIGN)
        if i is None: return None
        return self.text({i: self.rng.choice(BINARY if self.tokens[i][1] in BINARY else ASSIGN)})

    def literal(self):
        i = self.rng.choice([j for j in self.visible if self.tokens[j][0] in ('string', 'rune', 'number')] or self.names)
        return self.text({i: self.rng.choice(LITERALS)})

    def name_to_literal(self):
        return self.text({self.rng.choice(self.names): self.rng.choice(LITERALS)})

    def wrap(self):
        i = self.rng.choice(self.names)
        w, t = self.rng.choice(WRAPPERS), self.tokens[i][1]
        return self.text({i: w.format(t, t)})

    def keyword(self):
        i = self.pick('name', lambda t: t in KEYWORDS)
        return self.text({i: self.rng.choice(sorted(KEYWORDS))}) if i is not None else None

    def delete_token(self):
        return self.text({self.rng.choice(self.visible): ''})

    def duplicate_token(self):
        i = self.rng.choice(self.visible)
        return self.text({i: self.tokens[i][1] + ' ' + self.tokens[i][1]})

    def replace_token(self):
        i, j = self.rng.choice(self.visible), self.rng.choice(self.visible)
        return self.text({i: self.tokens[j][1]})

    def swap_tokens(self):
        n = self.rng.randrange(len(self.visible) - 1)
        i, j = self.visible[n], self.visible[n + 1]
        return self.text({i: self.tokens[j][1], j: self.tokens[i][1]})

    def swap_arguments(self):
        i = self.pick('op', lambda t: t == ',')
        if i is None: return None
        n = self.visible.index(i)
        if n == 0 or n + 1 >= len(self.visible): return None
        a, b = self.visible[n - 1], self.visible[n + 1]
        return self.text({a: self.tokens[b][1], b: self.tokens[a][1]})

    def drop_argument(self):
        i = self.pick('op', lambda t: t == ',')
        if i is None: return None
        return self.text({i: '', self.visible[self.visible.index(i) - 1]: ''})

    def add_argument(self):
        i = self.pick('op', lambda t: t == ')')
        return self.text({i: ', ' + self.rng.choice(LITERALS) + ')'}) if i is not None else None

    def generic(self):
        i = self.pick('name', lambda t: t in ('func', 'type'))
        if i is None: return None
        n = self.visible.index(i)
        if n + 1 >= len(self.visible) or self.tokens[self.visible[n + 1]][0] != 'name': return None
        j = self.visible[n + 1]
        return self.text({j: self.tokens[j][1] + self.rng.choice(['[T any]', '[P comparable]', '[int any]', '[T ~int | ~string]', '[K comparable, V any]'])})

    def statement_lines(self):
        return [i for i, l in enumerate(self.lines) if l.startswith('\t') and l.strip() and not l.strip().startswith('//')]

    def delete_line(self):
        n = self.rng.choice(self.statement_lines() or [0])
        return '\n'.join(self.lines[:n] + self.lines[n + 1:])

    def duplicate_line(self):
        n = self.rng.choice(self.statement_lines() or [0])
        m = n if self.rng.random() < 0.5 else self.rng.choice(self.statement_lines() or [0])
        return '\n'.join(self.lines[:m] + [self.lines[n]] + self.lines[m:])

    def swap_lines(self):
        lines = self.statement_lines()
        if len(lines) < 2: return None
        a, b = self.rng.choice(lines), self.rng.choice(lines)
        copy = list(self.lines)
        copy[a], copy[b] = copy[b], copy[a]
        return '\n'.join(copy)

    def wrap_statement(self):
        plain = [i for i in self.statement_lines()
                 if re.match(r'\t+[\w(*<]', self.lines[i]) and not re.search(r'[{(,:\[]\s*$', self.lines[i]) and not re.match(r'\t+(case|default)', self.lines[i])]
        if not plain: return None
        n = self.rng.choice(plain)
        body = re.sub(r'\s*//.*$', '', self.lines[n].strip())
        return '\n'.join(self.lines[:n] + [self.rng.choice(STATEMENTS).format(body, body)] + self.lines[n + 1:])

    def insert_statement(self):
        n = self.rng.choice(self.statement_lines() or [0])
        return '\n'.join(self.lines[:n] + [self.rng.choice(INSERTED)] + self.lines[n:])

    KINDS = [('rename', 22), ('operator', 8), ('literal', 6), ('name_to_literal', 6), ('wrap', 18), ('keyword', 2), ('delete_token', 5),
             ('duplicate_token', 2), ('replace_token', 4), ('swap_tokens', 2), ('swap_arguments', 4), ('drop_argument', 4), ('add_argument', 4),
             ('generic', 3), ('delete_line', 6), ('duplicate_line', 5), ('swap_lines', 4), ('wrap_statement', 14), ('insert_statement', 6)]

    def mutate(self):
        """One mutation that changes the text: (its kind, the new text)."""
        if len(self.visible) < 4 or not self.names: return None, None
        kinds, weights = zip(*self.KINDS)
        original = '\n'.join(self.lines)
        for _ in range(20):
            kind = self.rng.choices(kinds, weights)[0]
            text = getattr(self, kind)()
            if text is not None and text != original: return kind, text
        return None, None
