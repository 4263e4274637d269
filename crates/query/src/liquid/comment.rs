//! `{% comment %}`. The library's own reads the tags in it and passes over their mistakes: each takes as long to tell as
//! the text is, and a `{% raw %}` in it that does not end makes the parser panic.

use liquid_core::parser::BlockReflection;
use liquid_core::{Language, ParseBlock, Renderable, Result, TagBlock, TagTokenIter, Template};

/// A block whose content is not looked into; comments in it are part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct CommentBlock;

block!(CommentBlock, "comment");

impl ParseBlock for CommentBlock {
    fn parse(
        &self,
        mut arguments: TagTokenIter<'_>,
        mut tokens: TagBlock<'_, '_>,
        _: &Language,
    ) -> Result<Box<dyn Renderable>> {
        arguments.expect_nothing()?;
        tokens.escape_liquid(true)?;
        tokens.assert_empty();
        Ok(Box::new(Template::new(Vec::new())))
    }

    fn reflection(&self) -> &dyn BlockReflection {
        self
    }
}
