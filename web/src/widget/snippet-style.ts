// The widget's style. The page's own rules do not reach in: everything begins anew inside. What a page may choose are
// the custom properties and the parts that docs/widget.md names. The theme follows the page's color-scheme.
/** What a page may choose: each hue's name, and its values in a light and in a dark theme. */
const hues =
  'ground #fff,#1e1e1e raised #f5f6f8,#272a2e line #d5d8dd,#42474f text #1f2328,#e6e8eb quiet #5c636e,#a5acb7 accent #1f5fa8,#7db6f2 stack #0072b2,#58b1ec heap #b84e00,#f59152 static #00735a,#2cc79b';

export const style = `
:host{display:block;margin:1em 0}
:host([hidden]){display:none}
.root{all:initial;color-scheme:inherit;display:block;contain:content;direction:ltr;
${hues.replace(/(\w+) (\S+)/g, '--e-$1:var(--escapement-$1,light-dark($2));')}
--e-others:var(--e-quiet);--e-grid:var(--e-raised);--e-lane:var(--e-line);
--e-cycle:light-dark(#7a5ea8,#b198dd);--e-playhead:var(--e-text);--e-selected:var(--e-text);--e-changed:var(--e-heap);
color:var(--e-text);background:var(--e-ground);border:1px solid var(--e-line);border-radius:var(--escapement-radius,6px);
font:14px/1.45 var(--escapement-font,system-ui,sans-serif);overflow:hidden}
[hidden]{display:none!important}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:6px 10px;padding:5px 10px;background:var(--e-raised);border-bottom:1px solid var(--e-line)}
.status{flex:1;min-width:0;color:var(--e-quiet);font-size:12.5px}
button,a{font:inherit;color:var(--e-accent);border-radius:5px}
button{cursor:pointer;color:inherit;background:var(--e-ground);border:1px solid var(--e-line);padding:2px 12px;min-height:28px}
:focus-visible{outline:2px solid var(--e-accent);outline-offset:1px}
.body{overflow:auto}
pre{margin:0;padding:8px 12px;overflow:auto;tab-size:4;font:13px/19px var(--escapement-mono,ui-monospace,Menlo,Consolas,monospace)}
.plain-line{min-width:max-content}
.line-heap{box-shadow:inset 3px 0 var(--e-heap);margin:0 -12px;padding:0 12px}
.line-note{margin-left:2em;font:12px system-ui,sans-serif;color:var(--e-quiet)}.note-heap{color:var(--e-heap)}
.go-keyword{color:var(--e-accent)}.go-string{color:var(--e-heap)}.go-comment{color:var(--e-quiet)}.go-number{color:var(--e-static)}
.go-bidi{outline:1px solid var(--e-heap)}
figure{margin:0;padding:8px 10px;border-top:1px solid var(--e-line)}
svg{display:block;width:100%;height:auto}
.output{border-top:1px solid var(--e-line);max-height:14em}
iframe{display:block;width:100%;border:0;background:var(--e-ground)}
`;
