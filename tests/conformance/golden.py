"""What a golden case is: a Go file, its options, and what it must say.

A case is tests/golden/<topic>/<name>.go. Its first line may hold options in the manner of Go's own tests:

    // run [-args "a b"] [-stdin "text"] [-unstressed] [engine flags]   run it, and compare -m (the default);
                            -unstressed: its output tells when the collector ran, so not with one at every allocation
    // errorcheck [-m | -m=2 | -l ...]                    compile it; every diagnostic has an // ERROR "regexp" comment
    // build                                              compile it; the messages are in the .golden file

Expectations stand in the file (`// Output:` at its end, `// ERROR "regexp"` beside a line) or in <name>.golden
beside it, which scripts/update_goldens writes from the real Go toolchain: sections `-- exit --`, `-- stdout --`,
`-- stderr --` and `-- verdicts --`. The page's examples (web/examples) are cases too; their .golden files are in
tests/golden/examples. A file without a package clause is a fragment: the real Go sees it with what snippet mode
supplies, under a //line directive that keeps its positions.
"""
import os, re, shlex, shutil, subprocess, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, 'web', 'examples')
SECTIONS = ('exit', 'stdout', 'stderr', 'verdicts')
ENV = dict(os.environ, GO111MODULE='off', GOFLAGS='', GOTOOLCHAIN='local', GOMAXPROCS='1', LC_ALL='C')
DIAGNOSTIC = re.compile(r'^(?:\./)?([^/:\s]+\.go):(\d+)(?::(\d+))?: (.*)$')


class Case:
    """One golden file with its parsed options."""

    def __init__(self, path):
        self.path = path
        self.base = os.path.basename(path)
        self.name = os.path.relpath(path, os.path.join(ROOT, 'tests', 'golden'))[:-3]
        with open(path, encoding='utf-8', errors='surrogateescape') as f:
            self.source = f.read()
        head = self.source.split('\n', 1)[0]
        m = re.match(r'// (run|errorcheck|build)\b(.*)$', head)
        self.kind = m[1] if m else 'run'
        words = shlex.split(m[2]) if m else []
        self.args, self.stdin, self.flags, self.unstressed = [], '', [], False
        while words:
            w = words.pop(0)
            if w == '-args': self.args = shlex.split(words.pop(0))
            elif w == '-stdin': self.stdin = words.pop(0).encode().decode('unicode_escape')
            elif w == '-unstressed': self.unstressed = True
            else: self.flags.append(w)
        self.fragment = not re.search(r'^package\s+\w+', self.source, re.M)
        if path.startswith(EXAMPLES + os.sep):
            self.name = 'examples/' + self.base[:-3]
            self.golden = os.path.join(ROOT, 'tests', 'golden', self.name + '.golden')
        else:
            self.golden = path[:-3] + '.golden'

    def output_comment(self):
        """The file's own `// Output:` block, or None."""
        m = re.search(r'\n// Output:\n((?://.*\n?)*)\s*$', self.source)
        return None if not m else '\n'.join(l[2:].strip() for l in m[1].splitlines()).strip()

    def wanted(self):
        """The sections of the .golden file beside the case, as a dict; {} when there is none."""
        if not os.path.exists(self.golden): return {}
        with open(self.golden, encoding='utf-8', errors='surrogateescape') as f: text = f.read()
        parts = re.split(r'^-- (\w+) --\n', text, flags=re.M)
        return dict(zip(parts[1::2], parts[2::2]))

    def write_golden(self, sections):
        """Writes the .golden file; says whether it changed."""
        text = ''.join(f'-- {k} --\n{sections[k]}' for k in SECTIONS if sections.get(k))
        old = open(self.golden, encoding='utf-8', errors='surrogateescape').read() if os.path.exists(self.golden) else None
        if old == text: return False
        with open(self.golden, 'w', encoding='utf-8', errors='surrogateescape') as f: f.write(text)
        return True


def verdict_lines(text):
    """The lines positioned in the user's files, in order; the rest (GOROOT positions, headers) is left out."""
    kept, own = [], False
    for line in text.splitlines():
        if line.startswith('#'): continue
        if DIAGNOSTIC.match(line): own = True
        elif not line.startswith('\t') and not (own and line.startswith(' ')): own = False
        if own: kept.append(line)
    return ''.join(l + '\n' for l in kept)


def stderr_message(text, status):
    """All of stderr after success; after a failure the message up to the first goroutine trace, addresses masked."""
    if status == 0: return text
    message = re.split(r'^goroutine \d+', text, maxsplit=1, flags=re.M)[0]
    message = re.sub(r'^exit status \d+\n?\Z', '', message, flags=re.M)
    message = re.sub(r'0x[0-9a-f]+', '0x', message).strip()
    message = re.sub(r'\(\d+ in use\)', '(N in use)', message)
    return message + '\n' if message else ''


def execute(command, cwd, stdin='', timeout=60, **variables):
    """Runs a command, with variables of the environment changed: (status, stdout, stderr); a time-out is status 124."""
    try:
        r = subprocess.run(command, cwd=cwd, env=dict(ENV, **variables), input=stdin.encode(), capture_output=True, timeout=timeout)
        return r.returncode, r.stdout.decode('utf-8', 'replace'), r.stderr.decode('utf-8', 'replace')
    except subprocess.TimeoutExpired as e:
        return 124, (e.stdout or b'').decode('utf-8', 'replace'), 'time-out'


def compile_flags(case):
    """The flags of an errorcheck case; Go's own test runner takes -0 to mean no default flags."""
    return [f for f in case.flags if f != '-0']


class Engine:
    """`escapement` by a command (native, or the wasm build in Node)."""

    def __init__(self, command, run_flags=(), verdicts=True):
        # Cases run in folders of their own.
        self.command = [os.path.abspath(w) if os.path.exists(w) else w for w in shlex.split(command)]
        self.run_flags, self.verdicts = list(run_flags), verdicts

    def sections(self, case, want):
        """Runs the case; only the sections in `want` are made."""
        with tempfile.TemporaryDirectory() as d:
            shutil.copy(case.path, d)
            snippet = ['-snippet'] if case.fragment else []
            got = {}
            if 'exit' in want or 'stdout' in want:
                status, out, err = execute([*self.command, 'run', *self.run_flags, *snippet, *case.flags, case.base, *case.args], d, case.stdin)
                got.update(exit=f'{status}\n', stdout=out, stderr=stderr_message(err, status))
            if self.verdicts and 'verdicts' in want:
                status, out, err = execute([*self.command, 'build', *snippet, '-gcflags=-m', case.base], d)
                got['verdicts'] = verdict_lines(err + out)
            return got

    def compile(self, case):
        with tempfile.TemporaryDirectory() as d:
            shutil.copy(case.path, d)
            status, out, err = execute([*self.command, 'tool', 'compile', '-p=p', *compile_flags(case), case.base], d)
            return status, err + out


def supply(case, folder):
    """Writes a fragment as a whole program: its own file under a //line directive, and main beside it."""
    imports = ''.join(f'import "{p}"; ' for p in ('errors', 'fmt', 'strings') if re.search(rf'\b{p}\.', case.source))
    with open(os.path.join(folder, 'fragment.go'), 'w') as f:
        f.write(f'package main; {imports}\n//line {case.base}:1:1\n{case.source}')
    files = ['fragment.go']
    if not re.search(r'^func main\(', case.source, re.M):
        with open(os.path.join(folder, 'supplied.go'), 'w') as f: f.write('package main\n\nfunc main() {}\n')
        files.append('supplied.go')
    return files


class Go:
    """The real toolchain: the oracle."""

    def __init__(self, command='go'): self.command = command

    def sections(self, case, want=SECTIONS):
        with tempfile.TemporaryDirectory() as d:
            binary = os.path.join(d, 'program.real')
            files = supply(case, d) if case.fragment else [shutil.copy(case.path, d) and case.base]
            status, out, err = execute([self.command, 'build', '-gcflags=-m', '-o', binary, *files], d, timeout=300)
            own = [l for l in verdict_lines(err + out).splitlines(True) if not l.startswith('./supplied.go:')]
            if case.fragment:  # a //line directive's name is printed without the ./
                own = ['./' + l if l.startswith(case.base + ':') else l for l in own]
            got = {'verdicts': ''.join(own)}
            if status != 0:
                return got | {'exit': f'{status}\n', 'stdout': '', 'stderr': ''}
            if case.kind == 'run':
                status, out, err = execute([binary, *case.args], d, case.stdin, timeout=30)
                got.update(exit=f'{status}\n', stdout=out, stderr=stderr_message(err, status))
            return got

    def compile(self, case):
        with tempfile.TemporaryDirectory() as d:
            shutil.copy(case.path, d)
            config = os.path.join(d, 'importcfg')
            imports = re.findall(r'^(?:import )?\s*(?:\w+ )?"([\w/.]+)"$', case.source, flags=re.M)
            with open(config, 'w') as f:
                if imports:
                    form = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}'
                    f.write(execute([self.command, 'list', '-export', '-deps', '-f', form, *imports], d, timeout=300)[1])
            status, out, err = execute([self.command, 'tool', 'compile', '-p=p', '-importcfg', config, '-o', os.path.join(d, 'object'),
                                        *compile_flags(case), case.base], d, timeout=300)
            return status, (err + out).replace(d + os.sep, '')


def error_comments(case):
    """{line: [regexp, ...]} from the // ERROR comments."""
    wanted = {}
    for n, line in enumerate(case.source.splitlines(), 1):
        m = re.search(r'// (?:GC_)?ERROR (.*)$', line)
        if not m: continue
        wanted[n] = [(a.replace('\\"', '"').replace('\\\\', '\\') or b)
                     for a, b in re.findall(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`', m[1])]
    return wanted


def check_errors(case, text):
    """Differences between the // ERROR comments and the messages, as sentences."""
    got, wrong = {}, []
    for line in text.splitlines():
        m = DIAGNOSTIC.match(line)
        if m and m[1] == case.base: got.setdefault(int(m[2]), []).append(m[4])
    for n, patterns in error_comments(case).items():
        for pattern in patterns:
            hits = [g for g in got.get(n, []) if re.search(pattern, g)]
            if not hits: wrong.append(f'line {n}: nothing matches "{pattern}"')
            for h in hits: got[n].remove(h)
    wrong += [f'line {n}: unexpected: {m}' for n, ms in sorted(got.items()) for m in ms]
    return wrong


def cases(paths):
    """The cases below the paths (default: all), sorted by name. Those of tests/golden/answers are run_answers'."""
    found = []
    for p in paths or [os.path.join(ROOT, 'tests', 'golden'), EXAMPLES]:
        p = os.path.abspath(p)
        if os.path.isfile(p): found.append(p)
        for folder, _, files in os.walk(p):
            found += [os.path.join(folder, f) for f in files if f.endswith('.go') and os.path.basename(folder) != 'answers']
    return [Case(p) for p in sorted(set(found))]
