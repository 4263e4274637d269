//! From what was read to text.

use super::read::{Block, Body, Comment, Content, Item, List, Value};
use unicode_width::UnicodeWidthStr;

/// Lists and blocks that would reach beyond this column are written on several lines.
const WIDTH: usize = 100;

/// The text of a whole file.
pub fn print(content: &Content<'_>) -> String {
    let mut printer = Printer { out: String::new(), fresh: true };
    printer.content(content, 0);
    printer.out
}

struct Printer {
    out: String,
    /// True at the beginning of a file or block: no empty line stands there.
    fresh: bool,
}

impl Printer {
    fn content(&mut self, content: &Content<'_>, depth: usize) {
        for item in &content.items {
            self.item(item, depth);
        }
        self.comments(&content.comments, depth);
    }

    fn comments(&mut self, comments: &[Comment<'_>], depth: usize) {
        for comment in comments {
            self.line(comment.apart, depth);
            self.out.push_str(comment.text);
            self.out.push('\n');
        }
    }

    /// Begins a line.
    fn line(&mut self, apart: bool, depth: usize) {
        if apart && !self.fresh {
            self.out.push('\n');
        }
        self.fresh = false;
        self.indent(depth);
    }

    fn indent(&mut self, depth: usize) {
        (0..depth).for_each(|_| self.out.push_str("  "));
    }

    fn item(&mut self, item: &Item<'_>, depth: usize) {
        // The first comment has the empty line that stands before the whole.
        self.comments(&item.comments, depth);
        self.line(item.apart, depth);
        self.out.push_str(item.key);
        self.out.push_str(": ");
        self.value(item, depth);
        if let Some(comment) = item.trailing {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    fn value(&mut self, item: &Item<'_>, depth: usize) {
        let column = 2 * depth + item.key.width() + 2;
        match &item.value {
            Value::Scalar(text) => self.out.push_str(text),
            Value::Body(body) => self.body(body, depth),
            Value::List(list) => match one_line_list(list).filter(|text| column + text.width() <= WIDTH) {
                Some(text) if !list.tall => self.out.push_str(&text),
                _ if list.elements.is_empty() && list.comments.is_empty() => self.out.push_str("[]"),
                _ => self.list(list, depth),
            },
            Value::Block(block) => match one_line_block(block).filter(|text| column + text.width() <= WIDTH) {
                Some(text) => self.out.push_str(&text),
                None => self.block(block, depth),
            },
        }
    }

    fn body(&mut self, body: &Body<'_>, depth: usize) {
        if !body.text.contains('\n') {
            self.out.push_str(body.text);
            self.out.push_str(if body.text.is_empty() { ";;" } else { " ;;" });
            return;
        }
        if let Some(blanks) = body.own_line {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
            self.out.push_str(blanks);
        }
        self.out.push_str(body.text);
        if body.closed_below {
            self.out.push('\n');
            self.indent(depth);
            self.out.push_str(";;");
        } else {
            self.out.push_str(" ;;");
        }
    }

    fn list(&mut self, list: &List<'_>, depth: usize) {
        self.out.push_str("[\n");
        self.fresh = true;
        let last = list.elements.len().saturating_sub(1);
        for (index, element) in list.elements.iter().enumerate() {
            self.comments(&element.comments, depth + 1);
            self.line(false, depth + 1);
            self.out.push_str(&element.text);
            if index < last {
                self.out.push(',');
            }
            if let Some(comment) = element.trailing {
                self.out.push(' ');
                self.out.push_str(comment);
            }
            self.out.push('\n');
        }
        self.comments(&list.comments, depth + 1);
        self.indent(depth);
        self.out.push(']');
        self.fresh = false;
    }

    fn block(&mut self, block: &Block<'_>, depth: usize) {
        if let Some(name) = &block.name {
            self.out.push_str(name);
            self.out.push(' ');
        }
        let empty = block.content.items.is_empty() && block.content.comments.is_empty();
        if empty && block.opening.is_none() {
            self.out.push_str("{}");
            return;
        }
        self.out.push('{');
        if let Some(comment) = block.opening {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
        self.fresh = true;
        self.content(&block.content, depth + 1);
        self.indent(depth);
        self.out.push('}');
        self.fresh = false;
    }
}

/// A list on one line; `None` when comments or line ends forbid it.
fn one_line_list(list: &List<'_>) -> Option<String> {
    let plain = list.comments.is_empty()
        && list
            .elements
            .iter()
            .all(|element| element.comments.is_empty() && element.trailing.is_none() && !element.text.contains('\n'));
    let texts: Vec<&str> = list.elements.iter().map(|element| element.text.as_str()).collect();
    plain.then(|| format!("[{}]", texts.join(", ")))
}

/// A block on one line, with its name; `None` unless it was written so.
fn one_line_block(block: &Block<'_>) -> Option<String> {
    if block.tall || block.opening.is_some() || !block.content.comments.is_empty() {
        return None;
    }
    let mut text = block.name.as_ref().map_or_else(String::new, |name| format!("{name} "));
    if block.content.items.is_empty() {
        text.push_str("{}");
        return Some(text);
    }
    text.push('{');
    for item in &block.content.items {
        if !item.comments.is_empty() || item.trailing.is_some() {
            return None;
        }
        let value = match &item.value {
            Value::Scalar(text) if !text.contains('\n') => text.clone(),
            Value::Body(body) if body.text.is_empty() => ";;".to_owned(),
            Value::Body(body) if !body.text.contains('\n') => format!("{} ;;", body.text),
            Value::List(list) => one_line_list(list)?,
            Value::Block(block) => one_line_block(block)?,
            _ => return None,
        };
        text.push(' ');
        text.push_str(item.key);
        text.push_str(": ");
        text.push_str(&value);
    }
    text.push_str(" }");
    Some(text)
}
