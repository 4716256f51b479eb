// Serves a built site: node serve.mjs [--root DIR] [--host H] [--port N] [FILE.go]. A Go file opens in the page
// through the address's fragment. Right MIME types, a strict content policy, long caching of hashed names only.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, gzipSync } from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.pack': 'application/octet-stream',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

const closed = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
const seen = ["img-src 'self' data:", "font-src 'self' data:", "manifest-src 'self'"];
/** Documents that may mount Monaco, which makes style elements. */
const withMonaco = new Set(['index.html', 'two.html', 'lessons.html']);
/** Documents that other sites may put into a frame; every other one only this site. */
const framed = {
  'hub.html': closed,
  'embed.html': [...closed, "style-src 'self'", ...seen],
};

/** The content policy of a file of the site, by its name. */
export function policyOf(file) {
  const ancestors = file in framed ? '*' : "'self'";
  // A link's ?url= may name a program on any site.
  const own =
    file === 'index.html' ? closed.map(r => (r.startsWith('connect-src') ? `${r} https:` : r)) : closed;
  const styles = withMonaco.has(file) ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'";
  const rules = framed[file] ?? [...own, styles, ...seen];
  return [...rules, `frame-ancestors ${ancestors}`].join('; ');
}

/** An HTTP server for the site in `root`: files are packed once, when first asked for. */
export function siteServer(root) {
  const zipped = new Map();
  return createServer((request, response) => {
    // Everything here is public: other sites may load the widget's script, and nothing depends on who asks.
    const head = {
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    const refuse = status =>
      response
        .writeHead(status, { ...head, 'Content-Security-Policy': policyOf(''), 'Content-Type': 'text/plain' })
        .end(`${status}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    let path;
    try {
      path = normalize(decodeURIComponent(new URL(request.url, 'http://site').pathname));
    } catch {
      return refuse(400);
    }
    if (path.endsWith(sep)) path += 'index.html';
    const file = join(root, path);
    const stat = file.startsWith(join(root, sep)) && statSync(file, { throwIfNoEntry: false });
    if (!stat || !stat.isFile()) return refuse(404);
    const hashed = /-[\w-]{8,}\.\w+$/.test(path);
    const tag = `"${stat.size.toString(36)}-${Math.round(stat.mtimeMs).toString(36)}"`;
    const described = {
      ...head,
      'Content-Security-Policy': policyOf(basename(path)),
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: tag,
      Vary: 'Accept-Encoding',
    };
    if (request.headers['if-none-match'] === tag) return response.writeHead(304, described).end();
    const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && extname(file) !== '.png';
    if (packed) {
      let body = zipped.get(tag + file);
      if (!body) zipped.set(tag + file, (body = gzipSync(readFileSync(file))));
      response.writeHead(200, { ...described, 'Content-Encoding': 'gzip', 'Content-Length': body.length });
      return response.end(request.method === 'HEAD' ? undefined : body);
    }
    response.writeHead(200, { ...described, 'Content-Length': stat.size });
    if (request.method === 'HEAD') return response.end();
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}

/** The address's fragment that opens `text` in the page. */
export function programFragment(text) {
  return `#v1:${deflateRawSync(text).toString('base64url')}`;
}

function main(words) {
  const options = {
    root: fileURLToPath(new URL('../build/site', import.meta.url)),
    host: 'localhost',
    port: '8080',
  };
  let program;
  while (words.length) {
    const word = words.shift();
    const option = /^--(root|host|port)$/.exec(word);
    if (option) options[option[1]] = words.shift();
    else program = word;
  }
  const fragment = program ? programFragment(readFileSync(program)) : '';
  const server = siteServer(normalize(options.root));
  server.on('error', error => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `error: port ${options.port} is taken; choose another with --port N`
        : `error: ${error.message}`,
    );
    process.exit(1);
  });
  server.listen(Number(options.port), options.host, () => {
    console.log(`Escapement is at http://localhost:${server.address().port}/${fragment}`);
    console.log('Stop it with Ctrl+C.');
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
