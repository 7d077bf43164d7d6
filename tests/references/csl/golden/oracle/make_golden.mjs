// Formats every record of a folder (this one's parent, or a folder in it) with citeproc-js, with the styles and locales of references/csl.
// npm install && npm run golden [-- more/]; for dialects/ first `python -m bench.citations --records > ../dialects/records.json`
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import CSL from "citeproc";

const STYLES = {
  vancouver: "nlm-citation-sequence",
  ama: "american-medical-association",
  apa: "apa",
  harvard: "elsevier-harvard",
};
const LOCALES = { en: "en-US", es: "es-ES", ca: "ca-AD" };

const golden = new URL("../", import.meta.url);
const here = new URL(process.argv[2] ?? "./", golden);
const csl = new URL("../../../../references/csl/", golden);
const styles = fileURLToPath(new URL("styles", csl));
const locales = fileURLToPath(new URL("locales", csl));

// The words that a locale file leaves in English get the same translations as on the site.
const words = JSON.parse(readFileSync(new URL("words.json", csl)));
const element = (name, form) => new RegExp(`<term name="${name}"${form === "long" ? "" : ` form="${form}"`}>[^]*?</term>`);
const translated = (xml, language) => {
  for (const [name, forms] of Object.entries(words[language] ?? {}))
    for (const [form, text] of Object.entries(forms)) {
      const inner = Array.isArray(text) ? `<single>${text[0]}</single><multiple>${text[1]}</multiple>` : text;
      const term = `<term name="${name}"${form === "long" ? "" : ` form="${form}"`}>${inner}</term>`;
      if (!element(name, form).test(xml)) throw new Error(`${language} has no ${name} (${form})`);
      xml = xml.replace(element(name, form), term);
    }
  return xml;
};

const records = JSON.parse(readFileSync(new URL("records.json", here)));
for (const record of records)
  for (const role of ["author", "editor"])
    if (record[role]?.many)
      record[role] = Array.from({ length: record[role].many }, (_, i) => ({ family: `Family${i + 1}`, given: `Given${i + 1} A.` }));

const byId = new Map(records.map((record) => [record.id, record]));

for (const [name, file] of Object.entries(STYLES)) {
  const xml = readFileSync(`${styles}/${file}.csl`, "utf8");
  for (const [short, locale] of Object.entries(LOCALES)) {
    const system = {
      retrieveLocale: (language) => {
        try {
          return translated(readFileSync(`${locales}/locales-${language}.xml`, "utf8"), language);
        } catch {
          return false;
        }
      },
      retrieveItem: (id) => structuredClone(byId.get(id)),
    };
    const engine = new CSL.Engine(system, xml, locale, true);
    const entriesOf = {};
    for (const { id } of records) {
      engine.updateItems([id]);
      const [, entries] = engine.makeBibliography();
      const entry = (entries[0] ?? "").trim();
      const text = (entry.match(/^<div class="csl-entry">\s*<div class="csl-left-margin">.*?<\/div><div class="csl-right-inline">(.*?)<\/div>\s*<\/div>$/s) ??
        entry.match(/^<div class="csl-entry">(.*)<\/div>$/s) ?? [entry, entry])[1].trim();
      entriesOf[id] = text.length > 4000 ? `${text.slice(0, 1000)} … ${text.length} … ${text.slice(-1000)}` : text;
    }
    writeFileSync(new URL(`${name}.${short}.json`, here), JSON.stringify(entriesOf, null, 1) + "\n");
    console.log(name, short, Object.keys(entriesOf).length);
  }
}
