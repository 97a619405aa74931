//! XML read within bounds: the size of tags and texts and the depth of nesting are limited.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::limits::{Budget, CELL_TEXT, TableFault};

/// The maximum size of a tag, or of the text between two tags, in bytes.
const TOKEN: usize = 4 * CELL_TEXT;

/// The maximum nesting of elements.
const DEPTH: usize = 64;

/// A part of a workbook.
pub(super) struct Xml<'a> {
    reader: Reader<Metered<'a>>,
    buffer: Vec<u8>,
    depth: usize,
    meter: Rc<Meter<'a>>,
}

/// The bounds of a part, shared with the source that it is read from.
struct Meter<'a> {
    budget: &'a Budget,
    /// The bytes read of the current tag or text.
    token: Cell<usize>,
    is_over: Cell<bool>,
}

/// A source that ends at the bounds.
struct Metered<'a> {
    source: BufReader<Box<dyn Read + 'a>>,
    meter: Rc<Meter<'a>>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.meter.is_over.get() { Err(io::Error::other("too large")) } else { self.source.fill_buf() }
    }

    fn consume(&mut self, length: usize) {
        let token = self.meter.token.get() + length;
        self.meter.token.set(token);
        if token > TOKEN || !self.meter.budget.take_unpacked(length) {
            self.meter.is_over.set(true);
        }
        self.source.consume(length);
    }
}

impl<'a> Xml<'a> {
    /// Reads a source.
    pub(super) fn of(source: Box<dyn Read + 'a>, budget: &'a Budget) -> Self {
        let meter = Rc::new(Meter { budget, token: Cell::new(0), is_over: Cell::new(false) });
        let metered = Metered { source: BufReader::with_capacity(32 * 1024, source), meter: Rc::clone(&meter) };
        let mut reader = Reader::from_reader(metered);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, meter }
    }

    /// The next tag or text; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Event<'_>>, TableFault> {
        self.buffer.clear();
        self.meter.token.set(0);
        match self.reader.read_event_into(&mut self.buffer) {
            _ if self.meter.is_over.get() => Err(TableFault::Bomb),
            Ok(Event::Eof) => Ok(None),
            Ok(event) => {
                match event {
                    Event::Start(_) => self.depth += 1,
                    Event::End(_) => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                if self.depth > DEPTH { Err(TableFault::Bomb) } else { Ok(Some(event)) }
            }
            Err(error) => Err(TableFault::Broken(error.to_string())),
        }
    }

    /// Reads the text up to the end of an element, with that of inner elements except those named. A text that is too
    /// long is cut off just beyond the bound.
    pub(super) fn text_of(&mut self, name: &str, without: &str, text: &mut String) -> Result<(), TableFault> {
        let mut left_out = 0_usize;
        text.clear();
        while let Some(event) = self.next()? {
            match event {
                Event::End(tag) if tag.local_name().as_ref() == name => return Ok(()),
                Event::End(tag) if tag.local_name().as_ref() == without => left_out = left_out.saturating_sub(1),
                Event::Start(tag) if tag.local_name().as_ref() == without => left_out += 1,
                _ if left_out > 0 || text.len() > CELL_TEXT => {}
                event => push(text, &event),
            }
        }
        Err(TableFault::Broken(format!("{name} has no end")))
    }
}

/// Appends the text of an event.
pub(super) fn push(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(character)) => text.push(character),
            _ => text.push_str(quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default()),
        },
        _ => {}
    }
}

/// The value of an attribute by its name without its prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|one| one.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The number that an attribute holds.
pub(super) fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

/// True if the attribute exists and is true.
pub(super) fn is_set(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}
