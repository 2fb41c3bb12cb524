//! Which part of a list page belongs to which entry: the elements around its links that hold no link of another one. One pass, and a look-up for each
//! element that is asked for.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Selector};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The most elements of which headlines or dates are read.
const MAX_VALUES: usize = 20_000;
/// Names of classes that mark navigation.
const NAVIGATION_CLASSES: &[&str] = &[
    "menu",
    "main-menu",
    "nav",
    "navbar",
    "nav-links",
    "page-numbers",
    "pager",
    "breadcrumb",
    "breadcrumbs",
];

/// A link of an entry.
pub(super) struct ListedLink<'a> {
    /// What the rule selected: the link, or an element around it.
    pub element: ElementRef<'a>,
    /// The link.
    pub link: ElementRef<'a>,
    /// The number of its entry.
    pub entry: usize,
}

/// Returns whether an element stands in the navigation of its page.
pub(in crate::parse) fn is_in_navigation(element: ElementRef<'_>) -> bool {
    let is_navigation = |element: ElementRef<'_>| {
        let value = element.value();
        let is_marked = |class: &str| NAVIGATION_CLASSES.contains(&class) || class.starts_with("pagination");
        value.name() == "nav"
            || value.attr("role") == Some("navigation")
            || !matches!(value.name(), "body" | "html") && value.classes().any(is_marked)
    };
    is_navigation(element) || element.ancestors().filter_map(ElementRef::wrap).any(is_navigation)
}

/// Whose links an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    One(usize),
    Several,
}

/// The entries of a page, by the elements that hold their links.
pub(super) struct Entries {
    held: HashMap<NodeId, Held>,
    /// The places of each node and all that it contains, in the order of the page.
    places: HashMap<NodeId, Range<usize>>,
    /// The place of each link, and its entry.
    links: Vec<(usize, usize)>,
}

impl Entries {
    /// Finds the elements that hold `links`.
    pub fn new(page: &Html, links: &[ListedLink<'_>]) -> Self {
        let mut entries = Self {
            held: HashMap::new(),
            places: places(page),
            links: Vec::new(),
        };
        for link in links {
            entries.links.push((entries.place(link.element).start, link.entry));
            entries.mark(link.element, link.entry);
        }
        entries.links.sort_unstable();
        entries
    }

    /// Marks what holds a link of `entry`. It ends where all that follows is marked already.
    fn mark(&mut self, element: ElementRef<'_>, entry: usize) {
        let around = element.ancestors().map(|node| node.id());
        for id in std::iter::once(element.id()).chain(around) {
            match self.held.get(&id) {
                None => self.held.insert(id, Held::One(entry)),
                Some(Held::One(other)) if *other != entry => self.held.insert(id, Held::Several),
                Some(_) => return,
            };
        }
    }

    fn place(&self, element: ElementRef<'_>) -> Range<usize> {
        self.places.get(&element.id()).cloned().unwrap_or_default()
    }

    /// Returns the elements that `selector` matches, each with the entry to which it belongs: that of the smallest element around it that holds links,
    /// when they are of one entry.
    ///
    /// Where entries have no element of their own, what stands between two links belongs to the one before it; to the one after it where such an
    /// element stands before the first link, and if it `spreads`, as a date above several entries does, to all up to the next.
    pub fn values<'a>(&self, page: &'a Html, selector: &Selector, spreads: bool) -> Vec<(usize, ElementRef<'a>)> {
        let mut values = Vec::new();
        let mut loose: BTreeMap<usize, (Range<usize>, Vec<ElementRef<'a>>)> = BTreeMap::new();
        for element in page.select(selector).take(MAX_VALUES) {
            let around = element.ancestors().map(|node| node.id());
            let mut holders = std::iter::once(element.id()).chain(around);
            let holder = holders.find_map(|id| Some((id, *self.held.get(&id)?)));
            match holder {
                Some((_, Held::One(entry))) => values.push((entry, element)),
                Some((id, Held::Several)) if id != element.id() => {
                    let range = self.places.get(&id).cloned().unwrap_or_default();
                    loose.entry(range.start).or_insert((range, Vec::new())).1.push(element);
                }
                _ => {}
            }
        }
        for (range, elements) in loose.into_values() {
            self.add_loose(&range, &elements, spreads, &mut values);
        }
        values
    }

    fn add_loose<'a>(&self, range: &Range<usize>, elements: &[ElementRef<'a>], spreads: bool, values: &mut Vec<(usize, ElementRef<'a>)>) {
        let starts: Vec<usize> = elements.iter().map(|element| self.place(*element).start).collect();
        let stands_first = self
            .links_in(range)
            .first()
            .zip(starts.first())
            .is_some_and(|(link, first)| *first < link.0);
        for (number, element) in elements.iter().enumerate() {
            let start = starts[number];
            if stands_first {
                let next = starts.get(number + 1).copied().unwrap_or(range.end);
                let most = if spreads { usize::MAX } else { 1 };
                let links = self.links_in(&(start..next)).iter().take(most);
                values.extend(links.map(|(_, entry)| (*entry, *element)));
            } else if let Some((_, entry)) = self.links_in(&(range.start..start)).last() {
                values.push((*entry, *element));
            }
        }
    }

    fn links_in(&self, range: &Range<usize>) -> &[(usize, usize)] {
        let position = |place: usize| self.links.partition_point(|(start, _)| *start < place);
        self.links.get(position(range.start)..position(range.end)).unwrap_or_default()
    }
}

/// Numbers the nodes of a page.
fn places(page: &Html) -> HashMap<NodeId, Range<usize>> {
    let mut places = HashMap::new();
    let mut next = 0;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => {
                places.insert(node.id(), next..next);
                next += 1;
            }
            Edge::Close(node) => {
                if let Some(range) = places.get_mut(&node.id()) {
                    range.end = next;
                }
            }
        }
    }
    places
}
