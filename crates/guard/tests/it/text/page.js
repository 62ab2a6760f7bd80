// Shows texts in a real browser, in every place where markup is read differently, and reports what came of it.
//
// The texts of each kind were made safe: nothing of them may run, and each place may hold only what is allowed.
// `controls` are texts as attackers write them: enough of them must run, or the traps are no traps.

const TRAPS = ['hit', 'alert', 'confirm', 'prompt', 'print', 'open'];
const SPACES = { html: 'http://www.w3.org/1999/xhtml', svg: 'http://www.w3.org/2000/svg', math: 'http://www.w3.org/1998/Math/MathML' };
const SCHEMES = ['https:', 'http:', 'mailto:'];

// Elements that markup is set into, from the outermost to the one that gets it.
const HOSTS = [
  'html:pre', 'html:a', 'html:button', 'html:table', 'html:table html:tbody html:tr html:td', 'html:select',
  'html:select html:option', 'html:template', 'html:noscript', 'html:textarea', 'html:title', 'html:xmp', 'html:noembed',
  'html:noframes', 'html:iframe', 'svg:svg', 'svg:svg svg:foreignObject', 'svg:svg svg:desc', 'svg:svg svg:title', 'math:math',
  'math:math math:mtext', 'math:math math:annotation-xml',
];

// Markup that a careless template could have around a text.
const WRAPPERS = [
  ['<svg>', '</svg>'], ['<svg><foreignObject>', '</foreignObject></svg>'], ['<svg><title>', '</title></svg>'], ['<math>', '</math>'],
  ['<math><mtext>', '</mtext></math>'], ['<math><annotation-xml encoding="text/html">', '</annotation-xml></math>'],
  ['<table>', '</table>'], ['<table><tr><td>', '</table>'], ['<select><option>', '</select>'], ['<noscript>', '</noscript>'],
  ['<textarea>', '</textarea>'], ['<title>', '</title>'], ['<xmp>', '</xmp>'], ['<template>', '</template>'], ['<form>', '</form>'],
  ['<b><i><em>', ''], ['<p><a href="https://example.org/">', '</a></p>'], ['<button>', '</button>'],
];

const WRAPPING = [...WRAPPERS.join('').matchAll(/<([\w-]+)/g)].map(([, name]) => name).concat('tbody');

const ran = [];
let flaws = [];
let looks = 0;
let now = 'nothing';

function arm(target) {
  for (const name of TRAPS) target[name] = (id) => { ran.push(id ?? now); };
}

function flaw(what, html) {
  flaws.push(`${now}: ${what}: ${html}`);
}

function inspect(root, allowed, html, ordinary) {
  looks += 1;
  for (const element of root.querySelectorAll('*')) {
    const name = element.localName;
    if (!allowed.has(name)) flaw(`<${name}>`, html);
    if (ordinary && element.namespaceURI !== SPACES.html) flaw(`<${name}> of ${element.namespaceURI}`, html);
    for (const attribute of element.attributes) {
      const { name: key, value } = attribute;
      if (name === 'annotation-xml' && key === 'encoding') continue;
      const link = name === 'a' && key === 'href' && SCHEMES.includes(new URL(value, 'file:///').protocol);
      if (!link && !(name === 'a' && key === 'rel')) flaw(`${key}="${value}"`, html);
    }
    if (element instanceof HTMLTemplateElement) inspect(element.content, allowed, html, ordinary);
  }
}

function host(path) {
  const elements = path.split(' ').map((part) => {
    const [space, name] = part.split(':');
    return document.createElementNS(SPACES[space], name);
  });
  elements.reduce((outer, inner) => outer.appendChild(inner));
  document.body.append(elements[0]);
  const innermost = elements.at(-1);
  if (innermost.localName === 'annotation-xml') innermost.setAttribute('encoding', 'text/html');
  return innermost;
}

function inElement(element, html, allowed) {
  now = 'div';
  element.innerHTML = html;
  if (element.innerHTML !== html) flaw(`reads as ${element.innerHTML}`, html);
  inspect(element, allowed, html, true);
}

function inHosts(hosts, html, allowed) {
  now = 'host';
  for (const element of hosts) {
    element.innerHTML = html;
    inspect(element instanceof HTMLTemplateElement ? element.content : element, allowed, html, false);
  }
}

function inWrappers(element, html, wrapped) {
  now = 'wrapper';
  for (const [before, after] of WRAPPERS) {
    const all = before + html + after;
    element.innerHTML = all;
    // And once more as it was written down after it was read.
    const again = element.innerHTML;
    inspect(element, wrapped, all, false);
    element.innerHTML = again;
    inspect(element, wrapped, all, false);
  }
}

function inDocument(frame, texts, allowed, what) {
  now = what;
  const children = [...frame.contentDocument.body.querySelectorAll(':scope > div')];
  if (children.length !== texts.length) flaw(`${children.length} of ${texts.length} are left`, '');
  inspect(frame.contentDocument.body, new Set([...allowed, 'div']), '', true);
  for (const [index, html] of texts.entries()) {
    if (children[index]?.innerHTML !== html) flaw(`reads as ${children[index]?.innerHTML}`, html);
  }
}

const block = (html) => `<div>${html}</div>`;
const PREPARED = `<!doctype html><script>for (const name of ${JSON.stringify(TRAPS)}) window[name] = parent[name];</script><body>`;

function loaded(element) {
  return new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
}

async function inFrames(texts, allowed) {
  const frame = document.createElement('iframe');
  frame.srcdoc = PREPARED + texts.map(block).join('');
  const ready = loaded(frame);
  document.body.append(frame);
  await ready;
  inDocument(frame, texts, allowed, 'srcdoc');
  frame.remove();

  const written = document.createElement('iframe');
  document.body.append(written);
  const target = written.contentDocument;
  target.open();
  target.write(PREPARED);
  for (const text of texts.map(block)) {
    target.write(text.slice(0, text.length / 2));
    target.write(text.slice(text.length / 2));
  }
  target.close();
  inDocument(written, texts, allowed, 'document.write');
  written.remove();
}

// An image that cannot be loaded tells when those before it have failed, too.
function imagesHaveFailed() {
  return new Promise((resolve) => {
    const image = document.createElement('img');
    image.addEventListener('error', resolve, { once: true });
    image.src = '/missing';
    document.body.append(image);
  });
}

// The controls in which `inspect` finds something.
function noticed(controls) {
  const element = document.createElement('template');
  return controls.filter((text) => {
    flaws = [];
    element.innerHTML = text;
    inspect(element.content, new Set(['a', 'b', 'i', 'p']), text, true);
    return flaws.length > 0;
  });
}

// The numbers of the controls that run.
async function caught(controls, enough) {
  const ids = new Set();
  for (const [id, text] of controls.entries()) {
    const own = text.replaceAll('hit()', `hit(${id})`);
    const frame = document.createElement('iframe');
    frame.srcdoc = PREPARED + own;
    document.body.append(frame);
    host('html:div').innerHTML = own;
  }
  const deadline = performance.now() + 30_000;
  while (ids.size < enough && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const id of ran) ids.add(id);
  }
  return [...ids];
}

function* inGroups(list, size) {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}

async function run() {
  const { kinds, controls, enough } = await (await fetch('/texts')).json();
  arm(window);
  const hosts = HOSTS.map(host);
  const element = host('html:div');
  for (const { tags, texts } of kinds) {
    const allowed = new Set(tags);
    const wrapped = new Set([...tags, ...WRAPPING]);
    for (const html of texts) inElement(element, html, allowed);
    // What does not belong here is seen, whoever is next to it.
    for (const group of inGroups(texts, 8)) {
      inHosts(hosts, group.join(''), allowed);
      inWrappers(element, group.join(''), wrapped);
    }
    for (const group of inGroups(texts, 500)) await inFrames(group, allowed);
  }
  await imagesHaveFailed();
  const seen = kinds.reduce((sum, { texts }) => sum + texts.length, 0);
  const report = { seen, looks, executed: [...ran], flaws: flaws.slice(0, 10) };
  ran.length = 0;
  return { ...report, noticed: noticed(controls).length, caught: await caught(controls, enough) };
}

run()
  .catch((error) => ({ seen: 0, looks: 0, executed: [], flaws: [`${error} ${error.stack}`], noticed: 0, caught: [] }))
  .then((report) => fetch('/report', { method: 'POST', body: JSON.stringify(report) }));
