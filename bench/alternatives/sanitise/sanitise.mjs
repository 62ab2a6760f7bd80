// Makes texts safe as one would on Node.js: prints how fast, as one JSON document.
//
//     node sanitise.mjs LIBRARY KIND FILE SECONDS
//
// Each library is set to what Mainstay's types allow.

import { readFileSync } from "node:fs";

const [library, kind, file, seconds] = process.argv.slice(2);

const tags = { message: ["b", "i", "em", "strong", "code"] };
tags.description = [...tags.message, "p", "br", "pre", "a"];
const longest = { message: 1_000, description: 5_000, code: 50_000 }[kind];
const rel = "noopener noreferrer nofollow ugc";

const libraries = {
    async dompurify() {
        const { default: DOMPurify } = await import("isomorphic-dompurify");
        DOMPurify.addHook("afterSanitizeAttributes", (node) => {
            if (node.tagName === "A" && node.hasAttribute("href")) node.setAttribute("rel", rel);
        });
        const settings = {
            ALLOWED_TAGS: tags[kind],
            ALLOWED_ATTR: kind === "description" ? ["href"] : [],
            ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
            ALLOW_DATA_ATTR: false,
            ALLOW_ARIA_ATTR: false,
        };
        return (text) => DOMPurify.sanitize(text, settings);
    },
    async "sanitize-html"() {
        const { default: sanitizeHtml } = await import("sanitize-html");
        const settings = {
            allowedTags: tags[kind],
            allowedAttributes: { a: kind === "description" ? ["href", "rel"] : [] },
            allowedSchemes: ["http", "https", "mailto"],
            allowProtocolRelative: false,
            transformTags: { a: sanitizeHtml.simpleTransform("a", { rel }) },
        };
        return (text) => sanitizeHtml(text, settings);
    },
    async validator() {
        const { default: validator } = await import("validator");
        return (text) => validator.escape(text);
    },
};

const clean = await libraries[library]();
const texts = JSON.parse(readFileSync(file, "utf8"));
let kept = 0;

function once() {
    for (const text of texts) kept += clean(text.slice(0, longest)).length;
    return texts.length;
}

function repeat(milliseconds) {
    const end = performance.now() + milliseconds;
    let count = 0;
    do count += once();
    while (performance.now() < end);
    return count;
}

// Until its just-in-time compiler knows the way.
repeat(Number(seconds) * 500);
kept = 0;
const cpu = process.cpuUsage();
const begin = performance.now();
const count = repeat(Number(seconds) * 1000);
const took = performance.now() - begin;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({
    count,
    seconds: took / 1000,
    cpu_seconds: (user + system) / 1e6,
    texts: texts.length,
    bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    kept,
}));
