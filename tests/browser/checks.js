// What is wrong with the page, as a list of texts: a script that ran, markup of an outlet that should have been removed, and what is wider than the page.
const found = [];
const name = (element) => {
    const text = element.outerHTML.replace(/\s+/g, ' ');
    return text.length > 160 ? text.slice(0, 160) + '…' : text;
};
if (window.__xss !== undefined) found.push('a script ran: window.__xss is set');
if (document.title === 'xss') found.push('a script ran: it changed the title');

// Elements that no page has. A script is allowed where it is data.
const foreign = ':is(script:not([type="application/ld+json"]), iframe, frame, object, embed, applet, base, style, template, dialog, input, button, ' +
    'textarea, select, link[rel~="stylesheet" i], meta[http-equiv="refresh" i], form, marquee, math, foreignObject, animate, set, use, image)' +
    ':not(form[role="search"], form[role="search"] *, head > link[href$="feed.css"], head > style:only-of-type)';
// Feeds have elements of these names that are not of HTML.
const isShown = (element) => /xhtml|svg|MathML/.test(element.namespaceURI);
for (const element of [...document.querySelectorAll(foreign)].filter(isShown)) found.push('an element that no page has: ' + name(element));

const PROTOCOLS = ['http:', 'https:', 'mailto:', location.protocol];
const ADDRESSES = ['href', 'xlink:href', 'src', 'action', 'formaction', 'poster', 'data', 'background', 'cite', 'ping', 'srcset'];
for (const element of [...document.querySelectorAll('*')].filter(isShown)) {
    for (const { name: attribute, value } of element.attributes) {
        if (/^on/i.test(attribute)) found.push('an event handler: ' + name(element));
        if (attribute === 'style' || attribute === 'srcdoc') found.push(`an attribute ${attribute}: ` + name(element));
        if (ADDRESSES.includes(attribute.toLowerCase())) {
            const address = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI) : null;
            if (address && !PROTOCOLS.includes(address.protocol)) found.push('an address of another scheme: ' + name(element));
        }
    }
}
return found;
