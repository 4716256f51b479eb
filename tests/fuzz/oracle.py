"""Puts one Go program before the engine and before the real Go, and says where they differ.

Compared are the compile verdict with every line the compiler prints under -m (or its error messages), in order, and,
for a program that is run, standard output, standard error up to the first goroutine trace, and the exit status.
The real side calls the compiler and the linker directly, with export data that `go list` names once.
"""
import difflib, os, re, shlex, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'conformance'))
from golden import ENV, execute, stderr_message, verdict_lines  # noqa: E402

GO_TIMEOUT, ENGINE_TIMEOUT, RUN_TIMEOUT = 60, 20, 20
ADDRESS = re.compile(r'0x[0-9a-f]{6,}')  # of variables; they differ between runs
OURS_TO_FIX = re.compile(r'ENSURE|internal error|Segmentation|core dumped')


class Difference(Exception):
    """The two sides disagree; `what` names the part, `detail` shows both."""

    def __init__(self, what, detail):
        super().__init__(what)
        self.what, self.detail = what, detail


def diff(want, got, limit=12):
    """A short unified picture of two texts: `-` is what Go says, `+` what the engine says."""
    lines = [l for l in difflib.unified_diff(want.splitlines(), got.splitlines(), 'go', 'engine', lineterm='', n=0)
             if not l.startswith(('---', '+++', '@@'))]
    return '\n'.join(lines[:limit])


def compare_runs(real, ours):
    """The Difference between two runs (exit status, output, error), or None."""
    status, out, err = real
    our_status, our_out, our_err = ours
    out, our_out = (ADDRESS.sub('ADDRESS', text) for text in (out, our_out))
    if our_out != out: return Difference('output', diff(out, our_out) + '\n' + our_err[-300:])
    if our_status != status: return Difference('exit status', f'go {status}, engine {our_status}\n{our_err[-300:]}')
    a, b = stderr_message(err, status), stderr_message(our_err, our_status)
    return Difference('standard error', diff(a, b)) if a != b else None


class Oracle:
    """The real toolchain and the engine, ready to judge programs."""

    def __init__(self, go='go', engine=None, cache=None):
        self.go = go
        self.engine = shlex.split(engine or os.path.join(ROOT, 'build', 'native', 'escapement'))
        self.importcfg = cache or os.path.join(ROOT, 'build', 'fuzz', 'importcfg')
        self.prepare()

    def prepare(self):
        """Writes the list of export data files once; a newer toolchain writes it anew."""
        version = subprocess.run([self.go, 'version'], capture_output=True, text=True, env=ENV).stdout.strip()
        if os.path.exists(self.importcfg):
            with open(self.importcfg) as f:
                lines = f.read().splitlines()
            if lines[0] == '# ' + version and all(os.path.exists(l.split('=', 1)[1]) for l in lines[1:]): return
        os.makedirs(os.path.dirname(self.importcfg), exist_ok=True)
        r = subprocess.run([self.go, 'list', '-export', '-f', '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}', 'std'],
                           capture_output=True, text=True, env=dict(ENV, CGO_ENABLED='0'))
        scratch = f'{self.importcfg}.{os.getpid()}'
        with open(scratch, 'w') as f:
            f.write('# ' + version + '\n' + r.stdout)
        os.replace(scratch, self.importcfg)

    def judge(self, source, run=True, flags=('-m',)):
        """Raises Difference, or returns 'rejected', 'compiled', 'ran', 'skipped' (too slow for the real Go), or
        'miscompiled by gc' when the real Go's unoptimised program agrees with the engine and its optimised one does not."""
        with tempfile.TemporaryDirectory(prefix='escapement-fuzz-') as d:
            with open(os.path.join(d, 'x.go'), 'w', encoding='utf-8', errors='surrogateescape') as f:
                f.write(source)
            status, out, err = execute([self.go, 'tool', 'compile', '-p', 'main', '-importcfg', self.importcfg, '-o', 'x.o', f'-trimpath={d}=>', *flags, 'x.go'], d,
                                       timeout=GO_TIMEOUT)
            want = verdict_lines(out + err)
            if status == 124 or re.search('internal compiler error|could not import', out + err): return 'skipped'
            our_status, our_out, our_err = execute([*self.engine, 'tool', 'compile', '-p=main', *flags, 'x.go'], d, timeout=ENGINE_TIMEOUT)
            got = verdict_lines(our_out + our_err)
            if our_status not in (0, 1, 2) or OURS_TO_FIX.search(our_out + our_err):
                raise Difference('engine failed', f'status {our_status}: {(our_out + our_err)[-600:]}')
            if (status != 0) != (our_status != 0):
                raise Difference('compile verdict', f'go {status}, engine {our_status}\n' + diff(want, got))
            if want != got:
                raise Difference('-m lines' if status == 0 else 'error messages', diff(want, got))
            if status: return 'rejected'
            if not run: return 'compiled'
            real = self.real_run(d)
            if isinstance(real, str): return real
            # The linker, called directly, builds in no GODEBUG settings: the program has those of a module.
            ours = execute([*self.engine, 'run', 'x.go'], d, timeout=RUN_TIMEOUT * 2, GO111MODULE='')
            difference = compare_runs(real, ours)
            if difference is None: return 'ran'
            # gc's optimiser has its own mistakes: the unoptimised program says whose this one is.
            execute([self.go, 'tool', 'compile', '-p', 'main', '-importcfg', self.importcfg, '-o', 'x.o', '-N', '-l', 'x.go'], d, timeout=GO_TIMEOUT)
            plain = self.real_run(d)
            if not isinstance(plain, str) and compare_runs(plain, ours) is None: return 'miscompiled by gc'
            raise difference

    def real_run(self, folder):
        """Links x.o and runs it: (exit status, output, error), or what became of the program instead."""
        link, _, _ = execute([self.go, 'tool', 'link', '-importcfg', self.importcfg, '-s', '-w', '-o', 'x', 'x.o'], folder, timeout=GO_TIMEOUT)
        if link: return 'compiled'
        run = execute([os.path.join(folder, 'x')], folder, timeout=RUN_TIMEOUT)
        return 'skipped' if run[0] == 124 else run
