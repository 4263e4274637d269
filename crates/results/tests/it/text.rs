//! csv, txt, md and html.

use crate::support::{FORMATTED, body, dimensions, orders, plain};
use arrow_array::{ArrayRef, StringArray};
use belvedere_results::{End, Format, NumberFormat, Options};
use std::sync::Arc;

const HOSTILE: [&str; 8] =
    ["a,b", "say \"hi\"", "two\nlines", "cr\rhere", "tab\there", "</td><script>alert('x')</script>", "a|b\\", "=1+1"];

fn hostile(format: Format) -> String {
    let texts: ArrayRef = Arc::new(StringArray::from(HOSTILE.to_vec()));
    let (layout, batch) = dimensions(vec![texts]);
    plain(format, &layout, &[batch])
}

#[test]
fn csv_has_a_header_of_labels_and_quotes_only_what_must_be() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Csv, &layout, &[batch]),
        "Orders Status,Orders Count,Orders Revenue,\"Share, of <all>\"\n\
         complete,1042,1234.5,0.31\n\
         \"R&D, \"\"x\"\"\",3,12,107\n\
         ,,,\n"
    );
}

#[test]
fn formatted_csv_shows_the_formatted_text() {
    let (layout, batch) = orders();
    assert_eq!(
        body(Format::Csv, &layout, FORMATTED, &[batch], &End::default()),
        "Orders Status,Orders Count,Orders Revenue,\"Share, of <all>\"\n\
         complete,\"1,042\",\"$1,234.50\",31.0%\n\
         \"R&D, \"\"x\"\"\",3,$12.00,10700.0%\n\
         ,,,\n"
    );
}

#[test]
fn formatted_numbers_follow_the_users_number_format() {
    let (layout, batch) = orders();
    let options = Options { apply_formatting: true, number_format: NumberFormat::PointComma };
    let csv = body(Format::Csv, &layout, options, &[batch], &End::default());
    assert_eq!(csv.lines().nth(1), Some("complete,1.042,\"$1.234,50\",\"31,0%\""));
}

#[test]
fn txt_is_separated_by_tabs() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Txt, &layout, &[batch]),
        "Orders Status\tOrders Count\tOrders Revenue\tShare, of <all>\n\
         complete\t1042\t1234.5\t0.31\n\
         \"R&D, \"\"x\"\"\"\t3\t12\t107\n\
         \t\t\t\n"
    );
}

#[test]
fn md_is_a_pipe_table() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Md, &layout, &[batch]),
        "| Orders Status | Orders Count | Orders Revenue | Share, of &lt;all> |\n\
         | --- | --- | --- | --- |\n\
         | complete | 1042 | 1234.5 | 0.31 |\n\
         | R&amp;D, \"x\" | 3 | 12 | 107 |\n\
         |  |  |  |  |\n"
    );
}

#[test]
fn html_is_a_bare_table() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Html, &layout, &[batch]),
        "<table>\n\
         <tr><th>Orders Status</th><th>Orders Count</th><th>Orders Revenue</th><th>Share, of &lt;all&gt;</th></tr>\n\
         <tr><td>complete</td><td>1042</td><td>1234.5</td><td>0.31</td></tr>\n\
         <tr><td>R&amp;D, &quot;x&quot;</td><td>3</td><td>12</td><td>107</td></tr>\n\
         <tr><td></td><td></td><td></td><td></td></tr>\n\
         </table>\n"
    );
}

#[test]
fn gsxml_is_one_document_of_rows() {
    let (layout, batch) = orders();
    assert_eq!(
        plain(Format::Gsxml, &layout, &[batch]),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<table>\n\
         <tr><th>Orders Status</th><th>Orders Count</th><th>Orders Revenue</th><th>Share, of &lt;all&gt;</th></tr>\n\
         <tr><td>complete</td><td>1042</td><td>1234.5</td><td>0.31</td></tr>\n\
         <tr><td>R&amp;D, &quot;x&quot;</td><td>3</td><td>12</td><td>107</td></tr>\n\
         <tr><td></td><td></td><td></td><td></td></tr>\n\
         </table>\n"
    );
}

#[test]
fn gsxml_holds_no_character_that_xml_forbids() {
    let (layout, batch) = dimensions(vec![Arc::new(StringArray::from(vec!["bell\u{7}", "\u{ffff}<", "cr\rhere"]))]);
    let xml = plain(Format::Gsxml, &layout, &[batch]);
    assert!(xml.contains("<td>bell\u{fffd}</td>"), "{xml}");
    assert!(xml.contains("<td>\u{fffd}&lt;</td>"), "{xml}");
    assert!(xml.contains("<td>cr&#13;here</td>"), "{xml}");
}

#[test]
fn a_result_without_rows_is_its_header() {
    let (layout, batch) = orders();
    for batches in [vec![], vec![batch.slice(0, 0)]] {
        assert_eq!(
            plain(Format::Csv, &layout, &batches),
            "Orders Status,Orders Count,Orders Revenue,\"Share, of <all>\"\n"
        );
        assert_eq!(plain(Format::Md, &layout, &batches).lines().count(), 2);
        assert_eq!(plain(Format::Html, &layout, &batches).matches("<tr>").count(), 1);
    }
}

#[test]
fn every_batch_follows_the_one_before() {
    let (layout, batch) = orders();
    let parts = [batch.slice(0, 1), batch.slice(1, 0), batch.slice(1, 2)];
    for format in [Format::Csv, Format::Txt, Format::Md, Format::Html, Format::Gsxml, Format::Json, Format::JsonDetail]
    {
        assert_eq!(plain(format, &layout, &parts), plain(format, &layout, std::slice::from_ref(&batch)));
    }
}

#[test]
fn csv_keeps_hostile_text_exact() {
    assert_eq!(
        hostile(Format::Csv),
        "V A\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\rhere\"\ntab\there\n\
         </td><script>alert('x')</script>\na|b\\\n=1+1\n"
    );
}

#[test]
fn txt_keeps_hostile_text_exact() {
    assert_eq!(
        hostile(Format::Txt),
        "V A\na,b\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\rhere\"\n\"tab\there\"\n\
         </td><script>alert('x')</script>\na|b\\\n=1+1\n"
    );
}

#[test]
fn hostile_text_stays_in_its_md_cell() {
    assert_eq!(
        hostile(Format::Md),
        "| V A |\n| --- |\n| a,b |\n| say \"hi\" |\n| two<br>lines |\n| cr here |\n| tab\there |\n\
         | &lt;/td>&lt;script>alert('x')&lt;/script> |\n| a\\|b\\\\ |\n| =1+1 |\n"
    );
}

#[test]
fn hostile_text_stays_in_its_html_cell() {
    let html = hostile(Format::Html);
    assert!(html.contains("<td>&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</td>"));
    assert!(html.contains("<td>say &quot;hi&quot;</td>"));
    assert!(!html.contains("<script"));
}

#[test]
fn text_formats_say_that_they_are_utf8() {
    assert_eq!(Format::Csv.content_type(), "text/csv;charset=utf-8");
    assert_eq!(Format::Txt.content_type(), "text/plain;charset=utf-8");
    assert_eq!(Format::Md.content_type(), "text/plain;charset=utf-8");
    assert_eq!(Format::Html.content_type(), "text/html;charset=utf-8");
    for format in [Format::Json, Format::JsonLabel, Format::JsonDetail, Format::JsonBi] {
        assert_eq!(format.content_type(), "application/json");
    }
}
