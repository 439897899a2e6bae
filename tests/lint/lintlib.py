# SPDX-License-Identifier: MIT
"""What the lint scripts share: the list of files, a C tokenizer, a report.

The tokenizer is small but real: it knows comments, strings, line splices and
preprocessor lines, so that a brace in a string is not a brace.
"""
import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple

SKIPPED = 77

ISO_C = {name + '.h' for name in (
    'assert complex ctype errno fenv float inttypes iso646 limits locale math '
    'setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio '
    'stdlib stdnoreturn string tgmath threads time uchar wchar wctype'
).split()}

Token = namedtuple('Token', 'kind text line')
Directive = namedtuple('Directive', 'name rest line')
Function = namedtuple('Function', 'name params line end max_depth static')
Prototype = namedtuple('Prototype', 'name params returns line end')

TOKEN = re.compile(r'''
    (?P<name>[A-Za-z_]\w*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<punct>\.\.\.|->|\+\+|--|<<=?|>>=?|[<>=!]=|&&|\|\||\#\#|[^\s\w])
''', re.X)

COMMENT_OR_STRING = re.compile(
    r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.S)


class Report:
    """Collects findings as file:line: rule: message."""

    def __init__(self, root):
        self.root = root
        self.findings = []

    def add(self, path, line, rule, message):
        self.findings.append((path, line, rule, message))

    def finish(self, summary=''):
        for path, line, rule, message in sorted(self.findings):
            print(f'{path}:{line}: {rule}: {message}')
        if summary:
            print(summary)
        print(f'{len(self.findings)} findings')
        return 1 if self.findings else 0


def skip(reason):
    print('SKIP: ' + reason)
    sys.exit(SKIPPED)


def walk(root):
    for folder, dirs, names in os.walk(root):
        dirs[:] = [d for d in dirs
                   if not d.startswith(('build', '.git', '__pycache__'))]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def files(root, *endings):
    """Paths relative to root: what git tracks or would track, or all."""
    git = subprocess.run(
        ['git', '-C', root, 'ls-files', '-co', '--exclude-standard'],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) \
        if shutil.which('git') and os.path.exists(os.path.join(root, '.git')) \
        else None
    paths = git.stdout.split('\n') if git and git.returncode == 0 else []
    paths = [p for p in paths if p] or list(walk(root))
    return sorted({p for p in paths
                   if (not endings or p.endswith(endings))
                   and os.path.isfile(os.path.join(root, p))})


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8') as f:
        return f.read()


def blank(text):
    """Spaces for everything but the newlines, so that lines keep numbers."""
    return re.sub(r'[^\n]', ' ', text)


def strip_comments(text):
    def replace(m):
        s = m.group(0)
        return blank(s) if s.startswith('/') else s
    return COMMENT_OR_STRING.sub(replace, text)


def split_directives(text):
    """Preprocessor lines on one side, the rest (same line numbers) on the
    other. Comments are gone from both."""
    directives = []
    rest = []
    lines = strip_comments(text).split('\n')
    i = 0
    while i < len(lines):
        m = re.match(r'\s*#\s*(\w+)(.*)', lines[i])
        if not m:
            rest.append(lines[i])
            i += 1
            continue
        start, body = i, lines[i]
        while lines[i].endswith('\\') and i + 1 < len(lines):
            i += 1
            body = body[:-1] + ' ' + lines[i]
        m = re.match(r'\s*#\s*(\w+)(.*)', body)
        directives.append(Directive(m.group(1), m.group(2).strip(), start + 1))
        rest.extend([''] * (i - start + 1))
        i += 1
    return directives, '\n'.join(rest)


def tokenize(text):
    tokens = []
    line = 1
    at = 0
    for m in TOKEN.finditer(text):
        line += text.count('\n', at, m.start())
        at = m.start()
        tokens.append(Token(m.lastgroup, m.group(0), line))
    return tokens


def tokens_of(text):
    return tokenize(split_directives(text)[1])


PAIRS = {'(': ')', '[': ']', '{': '}'}


def match(tokens, i):
    """Index of the bracket that closes the one at i."""
    depth = 0
    opening, closing = tokens[i].text, PAIRS[tokens[i].text]
    while i < len(tokens):
        if tokens[i].text == opening:
            depth += 1
        elif tokens[i].text == closing:
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return len(tokens) - 1


def split_commas(tokens):
    parts, depth, part = [], 0, []
    for t in tokens:
        if t.text in PAIRS:
            depth += 1
        elif t.text in PAIRS.values():
            depth -= 1
        if t.text == ',' and depth == 0:
            parts.append(part)
            part = []
        else:
            part.append(t)
    return parts + [part]


def param_name(tokens):
    """The declared name: (*name)(...) for a function pointer, else the last
    word outside an array bound."""
    for i, t in enumerate(tokens[:-2]):
        if t.text == '(' and tokens[i + 1].text in '*^':
            words = [x.text for x in tokens[i:match(tokens, i)]
                     if x.kind == 'name']
            return words[-1] if words else ''
    words, i = [], 0
    while i < len(tokens):
        if tokens[i].text == '[':
            i = match(tokens, i)
        elif tokens[i].kind == 'name':
            words.append(tokens[i].text)
        i += 1
    return words[-1] if words else ''


def params_of(tokens):
    parts = [p for p in split_commas(tokens) if p]
    if len(parts) == 1 and [t.text for t in parts[0]] == ['void']:
        return []
    return [param_name(p) for p in parts if p[0].text != '...']


class Depth:
    """Walks the statements of a body; `most` is the deepest control nest."""

    def __init__(self, tokens, start, end):
        self.tokens, self.end, self.most = tokens, end, 0
        i = start
        while i < end:
            i = self.statement(i, 0)

    def text(self, i):
        return self.tokens[i].text if i < self.end else ''

    def inner(self, i, depth):
        self.most = max(self.most, depth + 1)
        return self.statement(i, depth + 1)

    def statement(self, i, depth):
        text = self.text(i)
        if text == '{':
            return self.block(i, depth)
        if text == 'if':
            return self.branch(i, depth)
        if text in ('for', 'while', 'switch'):
            return self.inner(match(self.tokens, i + 1) + 1, depth)
        if text == 'do':
            return self.to_semicolon(self.inner(i + 1, depth))
        if text == 'case':
            return self.after_colon(i)
        if self.is_macro_loop(i):
            return self.inner(match(self.tokens, i + 1) + 1, depth)
        if self.text(i + 1) == ':' and self.tokens[i].kind == 'name':
            return i + 2
        return self.to_semicolon(i)

    def is_macro_loop(self, i):
        if self.tokens[i].kind != 'name' or self.text(i + 1) != '(':
            return False
        return self.text(match(self.tokens, i + 1) + 1) == '{'

    def block(self, i, depth):
        close = match(self.tokens, i)
        i += 1
        while i < close:
            i = self.statement(i, depth)
        return close + 1

    def branch(self, i, depth):
        i = self.inner(match(self.tokens, i + 1) + 1, depth)
        if self.text(i) != 'else':
            return i
        if self.text(i + 1) == 'if':
            return self.branch(i + 1, depth)
        return self.inner(i + 1, depth)

    def after_colon(self, i):
        while i < self.end and self.text(i) != ':':
            i += 1
        return i + 1

    def to_semicolon(self, i):
        while i < self.end and self.text(i) != ';':
            i = match(self.tokens, i) + 1 if self.text(i) in PAIRS else i + 1
        return i + 1


def declarator(tokens):
    """(name, parameter tokens, index of name) of the function that this
    file-scope declaration declares, or None."""
    found = None
    i = 0
    while i < len(tokens):
        if tokens[i].text != '(':
            i += 1
            continue
        close = match(tokens, i)
        name = tokens[i - 1] if i > 0 else None
        if name and name.kind == 'name' and \
                not name.text.startswith('__attribute'):
            found = (name.text, tokens[i + 1:close], i - 1)
            if re.match(r'(libsock|evio)_', name.text):
                return found
        i = close + 1
    return found


def declarations(tokens):
    """File-scope pieces: (tokens before the end, body range or None)."""
    start = i = 0
    while i < len(tokens):
        text = tokens[i].text
        if text == '{' and tokens[i - 1].kind == 'string':
            start = i = i + 1           # extern "C" {
        elif text == '{':
            close = match(tokens, i)
            head = tokens[start:i]
            if is_function_head(head):
                yield head, (i, close)
                start = close + 1
            i = close + 1
        elif text == '}':
            start = i = i + 1           # the end of extern "C"
        elif text == '(':
            i = match(tokens, i) + 1
        elif text == ';':
            yield tokens[start:i], None
            start = i = i + 1
        else:
            i += 1


def is_function_head(head):
    texts = [t.text for t in head]
    return '(' in texts and '=' not in texts and 'typedef' not in texts \
        and head[-1].text not in ('struct', 'union', 'enum') \
        and not (len(head) > 1 and head[-2].text in
                 ('struct', 'union', 'enum'))


def functions(text):
    tokens = tokens_of(text)
    found = []
    for head, body in declarations(tokens):
        named = declarator(head) if body else None
        if not named:
            continue
        name, params, at = named
        depth = Depth(tokens, body[0] + 1, body[1])
        found.append(Function(name, params_of(params), head[at].line,
                              tokens[body[1]].line, depth.most,
                              any(t.text == 'static' for t in head)))
    return found


def prototypes(text, api):
    """Functions declared with the export macro `api`."""
    found = []
    for head, body in declarations(tokens_of(text)):
        at_api = [i for i, t in enumerate(head) if t.text == api]
        named = declarator(head) if at_api else None
        if not named:
            continue
        name, params, at = named
        start = at_api[0]
        returns = ' '.join(t.text for t in head[start + 1:at])
        found.append(Prototype(name, params_of(params), returns,
                               head[start].line, head[-1].line))
    return found


def inlines(text):
    """Names of the functions that a public header defines."""
    return {f.name for f in functions(text)}


LIBRARIES = {
    'libsock': ('libsock_', 'LIBSOCK_'),
    'libevio': ('evio_', 'EVIO_'),
}


def public_headers(root, library):
    return files_in(root, f'{library}/include/{library}', '.h')


def files_in(root, folder, *endings):
    return [p for p in files(root, *endings) if p.startswith(folder + '/')]


def main(run):
    """Every script's entry: usage: script.py [ROOT]"""
    args = [a for a in sys.argv[1:] if not a.startswith('-')]
    here = os.path.dirname(os.path.abspath(__file__))
    root = args[0] if args else os.path.join(here, '..', '..')
    sys.exit(run(os.path.abspath(root)))
