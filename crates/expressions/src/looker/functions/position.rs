//! Other rows and other pivot columns.

use super::{
    Body, Form, Function, Gives, Kind, Takes, alike, any, calculation, column, number, parameter, repeated, series,
    yesno,
};
use crate::looker::mathematics as of;
use Gives::{Like, ListAlike, ListLike, Number};

pub(super) static FUNCTIONS: &[Function] = &[
    calculation("row", &[], Number, "the number of the row, from 1", Body::Form(Form::Row)),
    calculation(
        "offset",
        &[column("column", Kind::Any), number("row_offset")],
        Like(0),
        "the value so many rows below, or above with a negative number; null outside",
        Body::Form(Form::Offset),
    ),
    calculation(
        "offset_list",
        &[column("column", Kind::Any), number("row_offset"), number("num_values")],
        ListLike(0),
        "a list of so many values from so many rows below on; null for rows outside",
        Body::Form(Form::OffsetList),
    ),
    calculation(
        "index",
        &[series("expression", Kind::Any), number("n")],
        Like(0),
        "the n-th value of a column or of a list, from 1",
        Body::Form(Form::Index),
    ),
    calculation("list", &[repeated(alike("value"))], ListAlike, "the values as a list", Body::Cell(of::list)),
    calculation(
        "lookup",
        &[alike("value"), column("lookup_column", Kind::Alike), column("result_column", Kind::Any)],
        Like(2),
        "the value of the result column in the first row where the lookup column has the value; null without one",
        Body::Form(Form::Lookup),
    ),
    calculation(
        "match",
        &[alike("value"), series("expression", Kind::Alike)],
        Number,
        "the number of the first row, or of the first item of a list, that has the value; null without one",
        Body::Form(Form::Match),
    ),
    calculation("pivot_column", &[], Number, "the number of the pivot column, from 1", Body::Form(Form::PivotColumn)),
    calculation(
        "pivot_index",
        &[any("expression"), number("pivot_index")],
        Like(0),
        "the value in the n-th pivot column, from 1",
        Body::Form(Form::PivotIndex),
    ),
    calculation(
        "pivot_offset",
        &[any("expression"), number("col_offset")],
        Like(0),
        "the value so many pivot columns to the right, or to the left with a negative number; null outside",
        Body::Form(Form::PivotOffset),
    ),
    calculation(
        "pivot_offset_list",
        &[any("expression"), number("col_offset"), number("num_values")],
        ListLike(0),
        "a list of so many values from so many pivot columns to the right on; null for columns outside",
        Body::Form(Form::PivotOffsetList),
    ),
    calculation(
        "pivot_row",
        &[any("expression")],
        ListLike(0),
        "the values of all pivot columns as a list",
        Body::Form(Form::PivotRow),
    ),
    calculation(
        "pivot_where",
        &[yesno("select_expression"), parameter("expression", Takes::One(Kind::Any))],
        Like(1),
        "the value in the one pivot column where the condition is yes; null when none or several are",
        Body::Form(Form::PivotWhere),
    ),
];
